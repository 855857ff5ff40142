package dev.tidemark.pipeline.resolution.core;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.contract.Origin;
import dev.tidemark.contract.Version;
import dev.tidemark.contract.sync.SyncOperation;
import dev.tidemark.pipeline.entities.core.EntityState;
import dev.tidemark.pipeline.entities.core.Memory;
import dev.tidemark.pipeline.entities.core.Past;
import dev.tidemark.pipeline.entities.core.Seen;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Reads out of an entity's state what a decision asks. */
public final class Knowledge {
  private Knowledge() {}

  /** What the server knows of it. */
  public static Known known(@Nullable EntityState state) {
    return switch (state) {
      case null -> new Known.Absent();
      case EntityState.Live live ->
          new Known.Live(
              live.row(), last(state), live.lastChange().committedAt(), new Stamps(live));
      case EntityState.Deleted deleted ->
          new Known.Deleted(deleted.lastRow(), last(state), deleted.lastChange().committedAt());
    };
  }

  private static Stamp last(EntityState state) {
    Origin origin = state.lastChange().origin();
    return origin == null
        ? new Stamp(state.version(), null, OptionalLong.empty())
        : new Stamp(state.version(), origin.device(), origin.sequence());
  }

  static Stamp stamp(Memory memory, String field, Version version) {
    Origin author = memory.authors().get(version);
    return author == null
        ? new Stamp(version, null, OptionalLong.empty())
        : new Stamp(
            version,
            author.device(),
            author.sequence(),
            author.sent() == null ? null : author.sent().get(field));
  }

  /**
   * The version that the operation's device was last shown, unless the operation was made before
   * that and sent after.
   */
  public static @Nullable Version seen(@Nullable EntityState state, SyncOperation operation) {
    Seen seen = state == null ? null : state.memory().seen().get(operation.device());
    return seen != null && operation.time().isAfter(seen.at()) ? seen.version() : null;
  }

  /**
   * Those fields of the row, as the operation's device had them, of which that is known: the value
   * as of the base, with what the device itself has done to it since.
   *
   * @param baseData what the device says it had; it knows best
   */
  public static @Nullable ObjectNode baseRow(
      @Nullable EntityState state,
      SyncOperation operation,
      @Nullable ObjectNode baseData,
      Policy policy) {
    ObjectNode row = JsonNodeFactory.instance.objectNode();
    Version base = operation.base() == null ? seen(state, operation) : operation.base();
    if (base != null && state instanceof EntityState.Live live) {
      operation
          .data()
          .fieldNames()
          .forEachRemaining(
              field -> {
                JsonNode value = value(live, field, base, operation.device(), policy);
                if (value != null) {
                  row.set(field, value);
                }
              });
    }
    if (baseData != null) {
      row.setAll(baseData);
    }
    return row.isEmpty() ? null : row;
  }

  private static @Nullable JsonNode value(
      EntityState.Live live, String field, Version base, String device, Policy policy) {
    Version version = live.fieldVersions().get(field);
    if (version == null) {
      return null;
    }
    JsonNode now = Values.orNull(live.row().get(field));
    if (!version.isAfter(base)) {
      return now;
    }
    List<Past> values = new ArrayList<>(live.memory().past().getOrDefault(field, List.of()));
    values.add(new Past(version, now, stamp(live.memory(), field, version).device()));
    int from = values.size() - 1;
    while (from >= 0 && values.get(from).version().isAfter(base)) {
      from--;
    }
    return from < 0 ? null : withOwn(values.subList(from, values.size()), device, field, policy);
  }

  /** The first of these values, with what the device did in the others, and nobody else. */
  private static JsonNode withOwn(List<Past> values, String device, String field, Policy policy) {
    JsonNode value = values.getFirst().value();
    ThreeWay merge = new ThreeWay(true);
    for (int i = 1; i < values.size(); i++) {
      if (device.equals(values.get(i).device())) {
        JsonNode before = values.get(i - 1).value();
        value = merge.field(policy.of(field), before, values.get(i).value(), value).value();
      }
    }
    return value;
  }
}
