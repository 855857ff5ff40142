package dev.tidemark.api.interop;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.contract.WireSerdes;
import dev.tidemark.pipeline.scopelog.core.Entry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;

/**
 * Rows of one type as a package has them.
 *
 * @param columns the table's columns with Postgres' names of their types
 */
record Rows(Dialect dialect, Map<String, String> columns) {
  Rows {
    columns = Map.copyOf(columns);
  }

  /** A row that is there. */
  ObjectNode told(Entry entry) {
    ObjectNode told = JsonNodeFactory.instance.objectNode();
    told.put(Dialect.ID, entry.id());
    for (Map.Entry<String, JsonNode> column : data(entry).properties()) {
      String name = column.getKey();
      if (!name.equals(Dialect.ID) && !dialect.isReserved(name)) {
        told.set(name, Values.told(dialect, columns.getOrDefault(name, ""), column.getValue()));
      }
    }
    told.put(Dialect.VERSION, entry.version().toString());
    switch (dialect) {
      // The package sets it with every edit, and cannot hold null there.
      case WATERMELON -> {
        if (!told.path(Dialect.UPDATED_AT).isNumber()) {
          told.set(
              Dialect.UPDATED_AT, LongNode.valueOf(Math.floorDiv(entry.committedMicros(), 1_000)));
        }
      }
      case RXDB -> told.put(Dialect.DELETED, false);
    }
    return told;
  }

  /** A document that is gone; nothing of what it was is told. */
  static ObjectNode gone(String id) {
    return JsonNodeFactory.instance.objectNode().put(Dialect.ID, id).put(Dialect.DELETED, true);
  }

  /** What the package means by the value of a column. */
  JsonNode sent(String column, JsonNode value) {
    return Values.sent(dialect, columns.getOrDefault(column, ""), value);
  }

  private static JsonNode data(Entry entry) {
    try {
      return WireSerdes.exactJson().readTree(entry.change()).path("data");
    } catch (IOException e) {
      throw new UncheckedIOException("an entry of the log is no JSON", e);
    }
  }
}
