package dev.tidemark.api.sync;

import static dev.tidemark.api.problem.ProblemType.INVALID_OPERATION;
import static dev.tidemark.api.problem.ProblemType.INVALID_VALUE;
import static dev.tidemark.api.problem.ProblemType.OPERATION_TOO_LARGE;
import static dev.tidemark.api.problem.ProblemType.UNKNOWN_COLUMN;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.contract.WireSerdes;
import dev.tidemark.contract.catalog.EntityType;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What can be said of values before any row is known. */
final class DataChecks {
  private final SyncSettings settings;
  private final Faults faults;

  DataChecks(SyncSettings settings, Faults faults) {
    this.settings = settings;
    this.faults = faults;
  }

  void storable(JsonNode json, String pointer) {
    StorableJson.fault(json, pointer)
        .ifPresent(fault -> faults.add(INVALID_VALUE, fault.pointer(), fault.detail()));
  }

  /** An object of columns, of bounded size; null if there is none. */
  @Nullable ObjectNode object(@Nullable JsonNode value, String pointer) {
    if (value == null || value.isNull()) {
      return null;
    }
    if (!(value instanceof ObjectNode object)) {
      faults.add(INVALID_OPERATION, pointer, "Here goes an object of columns.");
      return null;
    }
    if (StorableJson.depth(object) > settings.dataDepth()) {
      faults.add(
          OPERATION_TOO_LARGE,
          pointer,
          "It nests more than " + settings.dataDepth() + " levels deep.");
    } else if (size(object) > settings.dataSize()) {
      faults.add(
          OPERATION_TOO_LARGE, pointer, "It has more than " + settings.dataSize() + " bytes.");
    }
    return object;
  }

  void columns(
      EntityType type, Map<String, String> columns, @Nullable ObjectNode values, String pointer) {
    if (values == null || columns.isEmpty()) {
      return;
    }
    for (Map.Entry<String, JsonNode> value : values.properties()) {
      String column = value.getKey();
      String place = JsonPlace.in(pointer, column);
      String columnType = columns.get(column);
      if (columnType == null) {
        faults.add(
            UNKNOWN_COLUMN,
            place,
            type.name() + " has no column '" + JsonPlace.shown(column) + "'.");
      } else if (!type.key().contains(column)) {
        ColumnValue.fault(columnType, value.getValue())
            .ifPresent(fault -> faults.add(INVALID_VALUE, place, fault));
      }
    }
  }

  void key(
      EntityType type,
      EntityIds ids,
      EntityIds.Parts parts,
      @Nullable ObjectNode values,
      String pointer) {
    for (int i = 0; values != null && i < type.key().size(); i++) {
      String column = type.key().get(i);
      JsonNode value = values.get(column);
      if (value != null
          && ids.textOf(column, value).filter(parts.texts().get(i)::equals).isEmpty()) {
        faults.add(
            INVALID_VALUE,
            JsonPlace.in(pointer, column),
            "A row keeps its key: this is not the id of the entity.");
      }
    }
  }

  private static int size(ObjectNode object) {
    try {
      return WireSerdes.exactJson().writeValueAsBytes(object).length;
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a JSON tree cannot be written", e);
    }
  }
}
