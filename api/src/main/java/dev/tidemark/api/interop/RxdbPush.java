package dev.tidemark.api.interop;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.contract.sync.OperationKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Reads the rows that RxDB pushes. What the device assumes is not told as base_data: while a push
 * is unanswered the next one assumes the same, and what counts would be counted twice. The core
 * knows what the device has done since the version that it assumes.
 */
final class RxdbPush {
  private static final String EDIT = "tidemark_edit";

  private RxdbPush() {}

  /**
   * A row that asks for something.
   *
   * @param state the document as the device has it
   * @param assumed as the device believes the server to have it
   */
  record Row(Pushed pushed, JsonNode state, JsonNode assumed) {
    /** Whether the device, if it keeps what it has, has what is there. */
    boolean isMetBy(ObjectNode document) {
      if (isGone(document) || isGone(state)) {
        return isGone(document) && isGone(state);
      }
      Set<String> names = columns(state, assumed);
      names.add(Dialect.VERSION);
      return names.stream()
          .allMatch(name -> Values.isSame(value(state, name), value(document, name)));
    }
  }

  static List<Row> read(String type, Rows rows, JsonNode pushed) {
    List<Row> read = new ArrayList<>();
    for (JsonNode row : pushed) {
      JsonNode state = row.path("newDocumentState");
      JsonNode assumed = row.path("assumedMasterState");
      operation(type, rows, state, assumed)
          .ifPresent(operation -> read.add(new Row(operation, state, assumed)));
    }
    return read;
  }

  private static Optional<Pushed> operation(
      String type, Rows rows, JsonNode state, JsonNode assumed) {
    boolean wasThere = assumed.isObject() && !isGone(assumed);
    if (isGone(state)) {
      return wasThere
          ? Optional.of(edit(type, state, assumed, OperationKind.DELETE, empty()))
          : Optional.empty();
    }
    ObjectNode data = empty();
    for (String column : columns(state, assumed)) {
      JsonNode value = value(state, column);
      if (!wasThere) {
        if (!value.isNull()) {
          data.set(column, rows.sent(column, value));
        }
      } else if (!Values.isSame(value, value(assumed, column))) {
        data.set(column, rows.sent(column, value));
      }
    }
    if (!wasThere) {
      return Optional.of(edit(type, state, NullNode.getInstance(), OperationKind.CREATE, data));
    }
    return data.isEmpty()
        ? Optional.empty()
        : Optional.of(edit(type, state, assumed, OperationKind.UPDATE, data));
  }

  private static Pushed edit(
      String type, JsonNode state, JsonNode assumed, OperationKind kind, ObjectNode data) {
    String edit = state.path(EDIT).asText("");
    return new Pushed(
        type,
        state.path(Dialect.ID),
        kind,
        data,
        Pushed.version(assumed.path(Dialect.VERSION)),
        // The first word of it says when.
        PushRequest.time(edit.split(" ", 2)[0]),
        edit);
  }

  private static Set<String> columns(JsonNode state, JsonNode assumed) {
    Set<String> names = new TreeSet<>();
    state.fieldNames().forEachRemaining(names::add);
    assumed.fieldNames().forEachRemaining(names::add);
    names.removeIf(name -> !Dialect.RXDB.isWritten(name));
    return names;
  }

  private static JsonNode value(JsonNode document, String name) {
    JsonNode value = document.get(name);
    return value == null ? NullNode.getInstance() : value;
  }

  private static boolean isGone(JsonNode document) {
    return document.path(Dialect.DELETED).asBoolean(false);
  }

  private static ObjectNode empty() {
    return JsonNodeFactory.instance.objectNode();
  }
}
