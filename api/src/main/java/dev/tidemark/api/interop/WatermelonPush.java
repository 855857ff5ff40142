package dev.tidemark.api.interop;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.api.problem.ProblemException;
import dev.tidemark.contract.Version;
import dev.tidemark.contract.sync.OperationKind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;

/** Reads the changes that WatermelonDB pushes. */
final class WatermelonPush {
  private static final List<String> LISTS = List.of("created", "updated", "deleted");

  private final Function<String, Rows> rows;
  private final BiFunction<String, String, Optional<Version>> seen;

  /**
   * Reads pushes.
   *
   * @param rows what the rows of a table look like
   * @param seen the version of a row that its device knew at its last pull, for deletions of which
   *     nothing but the id is sent
   */
  WatermelonPush(Function<String, Rows> rows, BiFunction<String, String, Optional<Version>> seen) {
    this.rows = rows;
    this.seen = seen;
  }

  /**
   * What holds the rows together. Rows that nobody finds would be taken for synced by the package.
   *
   * @throws ProblemException if it is not as the package makes it
   */
  static ObjectNode changes(ObjectNode push) {
    if (!(push.get("changes") instanceof ObjectNode changes)) {
      throw PushRequest.invalid("/changes", "'changes' is missing, or no object of tables.");
    }
    int rows = 0;
    for (Map.Entry<String, JsonNode> table : changes.properties()) {
      String pointer = "/changes/" + table.getKey().replace("~", "~0").replace("/", "~1");
      if (!table.getValue().isObject()) {
        throw PushRequest.invalid(pointer, "A table has 'created', 'updated' and 'deleted'.");
      }
      for (Map.Entry<String, JsonNode> list : table.getValue().properties()) {
        if (!LISTS.contains(list.getKey()) || !list.getValue().isArray()) {
          throw PushRequest.invalid(
              pointer, "A table has 'created', 'updated' and 'deleted', each an array.");
        }
        rows += list.getValue().size();
      }
    }
    PushRequest.requireFew(rows, "/changes");
    return changes;
  }

  List<Pushed> read(ObjectNode changes) {
    List<Pushed> pushed = new ArrayList<>();
    for (Map.Entry<String, JsonNode> table : changes.properties()) {
      String type = table.getKey();
      Rows its = rows.apply(type);
      table.getValue().path("created").forEach(row -> pushed.add(created(type, its, row)));
      table
          .getValue()
          .path("updated")
          .forEach(row -> updated(type, its, row).ifPresent(pushed::add));
      table.getValue().path("deleted").forEach(row -> pushed.add(deleted(type, row)));
    }
    return pushed;
  }

  /**
   * Without a base, whatever version the row has: one that comes back because its answer was lost
   * has taken over what others did, and would hide it.
   */
  private static Pushed created(String type, Rows rows, JsonNode row) {
    ObjectNode data = JsonNodeFactory.instance.objectNode();
    for (Map.Entry<String, JsonNode> column : row.properties()) {
      // What was never set is the database's to fill in.
      if (rows.dialect().isWritten(column.getKey()) && !column.getValue().isNull()) {
        data.set(column.getKey(), rows.sent(column.getKey(), column.getValue()));
      }
    }
    return edit(type, row, OperationKind.CREATE, data, Optional.empty(), true);
  }

  private static Optional<Pushed> updated(String type, Rows rows, JsonNode row) {
    List<String> changed = Arrays.asList(row.path("_changed").asText("").split(",", -1));
    ObjectNode data = JsonNodeFactory.instance.objectNode();
    for (String column : changed) {
      if (!column.isEmpty() && rows.dialect().isWritten(column)) {
        JsonNode value = row.get(column);
        data.set(column, value == null ? NullNode.getInstance() : rows.sent(column, value));
      }
    }
    return data.isEmpty()
        ? Optional.empty()
        : Optional.of(
            edit(
                type,
                row,
                OperationKind.UPDATE,
                data,
                Pushed.version(row.path(Dialect.VERSION)),
                changed.contains(Dialect.UPDATED_AT)));
  }

  private Pushed deleted(String type, JsonNode row) {
    return row.isObject()
        ? Pushed.deletion(type, row.path(Dialect.ID), Pushed.version(row.path(Dialect.VERSION)))
        : Pushed.deletion(type, row, seen.apply(type, row.asText()));
  }

  private static Pushed edit(
      String type,
      JsonNode row,
      OperationKind kind,
      ObjectNode data,
      Optional<Version> base,
      boolean timed) {
    JsonNode time = timed ? row.path(Dialect.UPDATED_AT) : NullNode.getInstance();
    Optional<Instant> edited = Values.millis(time);
    return new Pushed(
        type,
        row.path(Dialect.ID),
        kind,
        data,
        base,
        edited,
        edited.isPresent() ? time.asText() : "");
  }
}
