package dev.tidemark.connectors.write;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.contract.WireSerdes;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * Why the database would not take a write, for the device. Never says what is in other rows: the
 * device may not be allowed to know.
 */
final class Errors {
  private static final ObjectMapper JSON = WireSerdes.exactJson();
  private static final String COLUMNS =
      """
      SELECT a.attname FROM (
        SELECT c.conrelid AS rel, c.conkey AS keys FROM pg_constraint c
        WHERE c.conname = ? AND c.conrelid = to_regclass(?)
        UNION ALL
        SELECT x.indrelid, x.indkey::int2[] FROM pg_index x
        JOIN pg_class i ON i.oid = x.indexrelid
        WHERE i.relname = ? AND x.indrelid = to_regclass(?)
          AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = x.indexrelid)) AS k
      JOIN pg_attribute a ON a.attrelid = k.rel AND a.attnum = ANY (k.keys)
      ORDER BY array_position(k.keys, a.attnum)
      """;

  private Errors() {}

  static ObjectNode nothing() {
    return JSON.createObjectNode();
  }

  static ObjectNode of(String code, String detail) {
    return JSON.createObjectNode().put("code", code).put("detail", detail);
  }

  /** What the database said of a write to this table; asks it for the columns of a constraint. */
  static ObjectNode of(Database database, WritableTable table, Effect effect, SQLException failure)
      throws SQLException {
    String state = String.valueOf(failure.getSQLState());
    ServerErrorMessage server =
        failure instanceof PSQLException postgres ? postgres.getServerErrorMessage() : null;
    String said = server == null ? null : server.getMessage();
    String constraint = server == null ? null : server.getConstraint();
    String column = server == null ? null : server.getColumn();
    List<String> columns =
        constraint != null ? columns(database, constraint, place(table, server)) : List.of();
    if (columns.isEmpty() && column != null) {
      columns = List.of(column);
    }
    ObjectNode error = of(code(state), detail(state, effect, columns, constraint, said));
    if (constraint != null) {
      error.put("constraint", constraint);
    }
    if (columns.size() == 1) {
      error.put("column", columns.getFirst());
    } else if (!columns.isEmpty()) {
      columns.forEach(error.putArray("columns")::add);
    }
    return error.put("table", table.type().table().toString());
  }

  private static String place(WritableTable table, @Nullable ServerErrorMessage server) {
    if (server == null || server.getTable() == null || server.getSchema() == null) {
      return table.quoted();
    }
    return WritableColumn.quote(server.getSchema()) + "." + WritableColumn.quote(server.getTable());
  }

  private static List<String> columns(Database database, String constraint, String table)
      throws SQLException {
    PreparedStatement query = database.prepare(COLUMNS);
    query.setString(1, constraint);
    query.setString(2, table);
    query.setString(3, constraint);
    query.setString(4, table);
    List<String> names = new ArrayList<>();
    try (ResultSet row = query.executeQuery()) {
      while (row.next()) {
        names.add(row.getString(1));
      }
    }
    return names;
  }

  private static String code(String state) {
    return switch (state) {
      case "23505" -> "unique_violation";
      case "23503", "23001" -> "foreign_key_violation";
      case "23502" -> "not_null_violation";
      case "23514", "44000" -> "check_violation";
      case "23P01" -> "exclusion_violation";
      case "428C9" -> "generated_column";
      case "42501" -> "not_allowed";
      case "42P01" -> "table_missing";
      default ->
          switch (state.substring(0, 2)) {
            case "22", "54" -> "invalid_value";
            case "23" -> "constraint_violation";
            case "42", "0A" -> "schema_mismatch";
            case "P0" -> "raised";
            default -> "database_error";
          };
    };
  }

  private static String detail(
      String state,
      Effect effect,
      List<String> columns,
      @Nullable String constraint,
      @Nullable String said) {
    String which = columns.isEmpty() ? "a column" : String.join(", ", columns);
    return switch (code(state)) {
      case "unique_violation" -> "another row has the same " + which;
      case "foreign_key_violation" ->
          effect == Effect.DELETE
              ? "other rows refer to this one"
              : "the row that " + which + " refers to is not there";
      case "not_null_violation" -> which + " must have a value";
      case "check_violation" -> "the rule " + constraint + " does not hold";
      case "exclusion_violation" -> "another row is in the way of " + which;
      case "generated_column" -> "the database computes " + which + " itself";
      case "not_allowed" -> "the writer may not write to this table";
      case "table_missing" -> "the database has no such table";
      // The words of Postgres, or of the application's own trigger, about the value that was sent.
      case "invalid_value", "raised" -> said == null ? "the database refused it" : said;
      default -> "the database refused it (" + state + ")";
    };
  }
}
