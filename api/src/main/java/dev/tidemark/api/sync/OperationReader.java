package dev.tidemark.api.sync;

import static dev.tidemark.api.problem.ProblemType.INVALID_OPERATION;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.api.problem.ProblemType;
import dev.tidemark.contract.EntityKey;
import dev.tidemark.contract.Version;
import dev.tidemark.contract.catalog.Catalog;
import dev.tidemark.contract.catalog.EntityType;
import dev.tidemark.contract.sync.DeviceClock;
import dev.tidemark.contract.sync.OperationKind;
import dev.tidemark.contract.sync.Strategy;
import dev.tidemark.contract.sync.SyncOperation;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads one operation of a batch and names every place of it that is wrong. */
@Singleton
final class OperationReader {
  private static final Set<String> MEMBERS =
      Set.of(
          "entity_type",
          "entity_id",
          "operation",
          "data",
          "base_data",
          "client_timestamp",
          "base_version",
          "idempotency_key",
          "conflict_resolution_strategy",
          "sequence");

  private final Catalog catalog;
  private final TableColumns tables;
  private final SyncSettings settings;

  OperationReader(Catalog catalog, TableColumns tables, SyncSettings settings) {
    this.catalog = catalog;
    this.tables = tables;
    this.settings = settings;
  }

  OperationReading read(String device, DeviceClock clock, int index, JsonNode json) {
    return new Entry(device, clock, index, json).read();
  }

  /** The columns of a type's table; none if they are not known. */
  Map<String, String> columns(EntityType type) {
    return tables.of(type.name()).orElse(Map.of());
  }

  /** One operation while it is read. */
  private final class Entry {
    private final String device;
    private final DeviceClock clock;
    private final int index;
    private final JsonNode json;
    private final String pointer;
    private final Faults faults = new Faults();
    private final DataChecks checks = new DataChecks(settings, faults);

    private Entry(String device, DeviceClock clock, int index, JsonNode json) {
      this.device = device;
      this.clock = clock;
      this.index = index;
      this.json = json;
      this.pointer = JsonPlace.in("/operations", index);
    }

    private OperationReading read() {
      if (!json.isObject()) {
        faults.add(INVALID_OPERATION, pointer, "An operation is a JSON object.");
        return invalid();
      }
      for (Map.Entry<String, JsonNode> member : json.properties()) {
        if (!MEMBERS.contains(member.getKey())) {
          faults.add(
              INVALID_OPERATION,
              at(member.getKey()),
              "An operation has no '" + JsonPlace.shown(member.getKey()) + "'.");
        }
      }
      checks.storable(json, pointer);
      OperationFields fields = new OperationFields(json, pointer, faults);
      String key = fields.key();
      OperationKind kind = fields.word(OperationKind.class, "operation", null);
      Strategy strategy =
          fields.word(Strategy.class, "conflict_resolution_strategy", Strategy.LAST_WRITE_WINS);
      Instant time = fields.time(clock, settings);
      Version base = fields.base();
      OptionalLong sequence = fields.sequence();
      ObjectNode data = checks.object(json.get("data"), at("data"));
      ObjectNode baseData = checks.object(json.get("base_data"), at("base_data"));
      EntityType type = type();
      if (type == null || !faults.isEmpty() || key == null || kind == null || time == null) {
        return invalid();
      }
      if (strategy == null) {
        return invalid();
      }
      return checked(type, key, kind, strategy, time, base, sequence, data, baseData);
    }

    private OperationReading checked(
        EntityType type,
        String key,
        OperationKind kind,
        Strategy strategy,
        Instant time,
        @Nullable Version base,
        OptionalLong sequence,
        @Nullable ObjectNode data,
        @Nullable ObjectNode baseData) {
      Map<String, String> columns = columns(type);
      EntityIds ids = new EntityIds(type, columns);
      String operation = OperationIds.id(device, key);
      JsonNode sentId = json.get("entity_id");
      EntityIds.Parts parts = parts(ids, kind, operation, data, sentId);
      checkData(kind, data);
      checks.columns(type, columns, data, at("data"));
      checks.columns(type, columns, baseData, at("base_data"));
      if (parts != null) {
        checks.key(type, ids, parts, data, at("data"));
      }
      if (!faults.isEmpty() || parts == null) {
        return invalid();
      }
      EntityKey entity = ids.key(parts);
      ObjectNode patch = data == null ? JsonNodeFactory.instance.objectNode() : data.deepCopy();
      String hash = OperationIds.hash(content(type, kind, strategy, patch));
      type.key().forEach(patch::remove);
      if (kind == OperationKind.CREATE) {
        ids.putInto(patch, parts, sentId);
      }
      return new OperationReading.Valid(
          new Draft(
              index,
              type,
              new SyncOperation(
                  operation,
                  device,
                  entity,
                  kind,
                  patch,
                  base,
                  time,
                  clock.corrected(time),
                  strategy,
                  sequence),
              key,
              hash,
              baseData));
    }

    private EntityIds.@Nullable Parts parts(
        EntityIds ids,
        OperationKind kind,
        String operation,
        @Nullable ObjectNode data,
        @Nullable JsonNode sentId) {
      if (sentId == null || sentId.isNull()) {
        if (kind == OperationKind.CREATE && ids.canBeMade() && data != null) {
          return new EntityIds.Parts(List.of(OperationIds.entityId(operation)));
        }
        faults.add(INVALID_OPERATION, at("entity_id"), "'entity_id' is missing.");
        return null;
      }
      return switch (ids.read(sentId)) {
        case EntityIds.Parts parts -> parts;
        case EntityIds.Unreadable(String why) -> {
          faults.add(INVALID_OPERATION, at("entity_id"), why);
          yield null;
        }
      };
    }

    private void checkData(OperationKind kind, @Nullable ObjectNode data) {
      if (kind == OperationKind.DELETE) {
        if (data != null && !data.isEmpty()) {
          faults.add(INVALID_OPERATION, at("data"), "A delete has no data.");
        }
      } else if (data == null) {
        faults.add(INVALID_OPERATION, at("data"), "'data' is missing.");
      }
    }

    /** What was sent and not what was made of it: that depends on what is known of the table. */
    private ObjectNode content(
        EntityType type, OperationKind kind, Strategy strategy, ObjectNode data) {
      ObjectNode content = JsonNodeFactory.instance.objectNode();
      content.put("entity_type", type.name());
      content.set("entity_id", json.get("entity_id"));
      content.put("operation", kind.text());
      content.put("strategy", strategy.text());
      content.set("data", data);
      for (String member : List.of("base_data", "base_version", "client_timestamp", "sequence")) {
        JsonNode value = json.get(member);
        if (value != null && !value.isNull()) {
          content.set(member, value);
        }
      }
      return content;
    }

    private @Nullable EntityType type() {
      JsonNode value = json.get("entity_type");
      if (value == null || !value.isTextual()) {
        faults.add(INVALID_OPERATION, at("entity_type"), "'entity_type' is missing, or no text.");
        return null;
      }
      Optional<EntityType> found = catalog.type(value.textValue());
      if (found.isEmpty()) {
        faults.add(
            ProblemType.UNKNOWN_ENTITY_TYPE,
            at("entity_type"),
            "There is no entity type '" + JsonPlace.shown(value.textValue()) + "'.");
      }
      return found.orElse(null);
    }

    private String at(String member) {
      return JsonPlace.in(pointer, member);
    }

    private OperationReading invalid() {
      return new OperationReading.Invalid(faults.problem().orElseThrow());
    }
  }
}
