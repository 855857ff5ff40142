package dev.tidemark.pipeline.resolution.core;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.contract.EntityKey;
import dev.tidemark.contract.Version;
import dev.tidemark.contract.WireSerdes;
import dev.tidemark.contract.catalog.FieldMerge;
import dev.tidemark.contract.catalog.MergePolicy;
import dev.tidemark.contract.sync.OperationKind;
import dev.tidemark.contract.sync.Strategy;
import dev.tidemark.contract.sync.SyncOperation;
import dev.tidemark.pipeline.resolution.core.Known.Deleted;
import dev.tidemark.pipeline.resolution.core.Known.Live;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Builds questions. The device saw version 10; what changed later has version 20. */
final class Asking {
  static final Version SEEN = new Version(1, 10);
  static final Version LATER = new Version(1, 20);
  static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
  static final Policy POLICY =
      new Policy(
          "p1",
          List.of("id"),
          Map.of(
              "visits", new FieldMerge(MergePolicy.COUNTER, null),
              "best", new FieldMerge(MergePolicy.MAX, null),
              "tags", new FieldMerge(MergePolicy.UNION, null),
              "supplies", new FieldMerge(MergePolicy.KEYED_LIST, "sku")));

  private OperationKind kind = OperationKind.UPDATE;
  private ObjectNode data = json("{}");
  private Strategy strategy = Strategy.MERGE;
  private String device = "phone";
  private Instant time = NOON;
  private @Nullable Version base = SEEN;
  private OptionalLong sequence = OptionalLong.empty();
  private Known known = new Known.Absent();
  private @Nullable Version seen;
  private @Nullable ObjectNode baseRow;
  private Predicate<ObjectNode> mayWrite = row -> true;
  private boolean takesBack;

  static ObjectNode json(String text) {
    try {
      return (ObjectNode) WireSerdes.exactJson().readTree(text.replace('\'', '"'));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(text, e);
    }
  }

  static JsonNode value(String text) {
    return json("{'v': " + text + "}").get("v");
  }

  static Stamp stamp(Version version, @Nullable String device) {
    return new Stamp(version, device, OptionalLong.empty());
  }

  Asking create(String text) {
    kind = OperationKind.CREATE;
    data = json(text);
    base = null;
    return this;
  }

  Asking update(String text) {
    kind = OperationKind.UPDATE;
    data = json(text);
    return this;
  }

  Asking delete() {
    kind = OperationKind.DELETE;
    data = json("{}");
    return this;
  }

  Asking by(Strategy wanted) {
    strategy = wanted;
    return this;
  }

  Asking from(String name) {
    device = name;
    return this;
  }

  Asking at(Instant when) {
    time = when;
    return this;
  }

  Asking base(@Nullable Version version) {
    base = version;
    return this;
  }

  Asking seen(Version version) {
    seen = version;
    return this;
  }

  Asking baseRow(@Nullable String row) {
    baseRow = row == null ? null : json(row);
    return this;
  }

  Asking takingBack() {
    takesBack = true;
    return this;
  }

  Asking sequence(long number) {
    sequence = OptionalLong.of(number);
    return this;
  }

  Asking mayWrite(Predicate<ObjectNode> rule) {
    mayWrite = rule;
    return this;
  }

  Asking known(Known what) {
    known = what;
    return this;
  }

  /** A row as the device saw it, of which somebody changed fields at noon less or more seconds. */
  Asking row(String row, @Nullable String by, long secondsAfterNoon, String... changed) {
    ObjectNode image = json(row);
    Map<String, Stamp> fields = new HashMap<>();
    image.fieldNames().forEachRemaining(field -> fields.put(field, stamp(SEEN, null)));
    for (String field : changed) {
      fields.put(field, stamp(LATER, by));
    }
    Version version = changed.length == 0 ? SEEN : LATER;
    known =
        new Live(
            image,
            stamp(version, changed.length == 0 ? null : by),
            NOON.plusSeconds(secondsAfterNoon),
            fields);
    return this;
  }

  Asking deletedRow(@Nullable String lastRow, @Nullable String by, long secondsAfterNoon) {
    known =
        new Deleted(
            lastRow == null ? null : json(lastRow),
            stamp(LATER, by),
            NOON.plusSeconds(secondsAfterNoon));
    return this;
  }

  SyncOperation operation() {
    return new SyncOperation(
        "op-1",
        device,
        new EntityKey("visit", "1"),
        kind,
        data,
        base,
        time,
        time,
        strategy,
        sequence);
  }

  Question question() {
    return new Question(operation(), known, seen, baseRow, POLICY, mayWrite, takesBack);
  }

  String words() {
    return Words.of(operation(), decide(), known);
  }

  Decision decide() {
    return Decide.decide(question());
  }
}
