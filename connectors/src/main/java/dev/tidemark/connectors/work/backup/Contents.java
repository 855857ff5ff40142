package dev.tidemark.connectors.work.backup;

import dev.tidemark.contract.catalog.TableName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Which tables and sequences schemas have. */
final class Contents {
  /** What says how a database stands, not what it holds. */
  private static final Set<TableName> LEFT_OUT =
      Set.of(
          new TableName("tidemark", "signal"),
          new TableName("tidemark", "work_tables"),
          new TableName("public", "flyway_schema_history"));

  private Contents() {}

  /** Tables with rows of their own, in the order in which they can be filled. */
  static List<TableName> tables(Connection connection, Collection<String> schemas)
      throws SQLException {
    List<TableName> tables =
        names(
            connection,
            schemas,
            "SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n"
                + " ON n.oid = c.relnamespace WHERE n.nspname = ANY (?) AND c.relkind = 'r'"
                + " AND c.relpersistence = 'p' ORDER BY 1, 2");
    tables.removeIf(LEFT_OUT::contains);
    return Dependencies.order(tables, references(connection, schemas));
  }

  static List<TableName> sequences(Connection connection, Collection<String> schemas)
      throws SQLException {
    return names(
        connection,
        schemas,
        "SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n"
            + " ON n.oid = c.relnamespace WHERE n.nspname = ANY (?) AND c.relkind = 'S'"
            + " ORDER BY 1, 2");
  }

  /** The columns whose values are not made of others. */
  static List<String> columns(Connection connection, TableName table) throws SQLException {
    try (PreparedStatement query =
        connection.prepareStatement(
            "SELECT attname FROM pg_attribute WHERE attrelid = ?::regclass AND attnum > 0"
                + " AND NOT attisdropped AND attgenerated = '' ORDER BY attnum")) {
      query.setString(1, table.quoted());
      List<String> columns = new ArrayList<>();
      try (ResultSet row = query.executeQuery()) {
        while (row.next()) {
          columns.add(row.getString(1));
        }
      }
      return columns;
    }
  }

  private static Map<TableName, Set<TableName>> references(
      Connection connection, Collection<String> schemas) throws SQLException {
    try (PreparedStatement query =
        connection.prepareStatement(
            "SELECT n.nspname, c.relname, m.nspname, d.relname FROM pg_constraint k"
                + " JOIN pg_class c ON c.oid = k.conrelid"
                + " JOIN pg_namespace n ON n.oid = c.relnamespace"
                + " JOIN pg_class d ON d.oid = k.confrelid"
                + " JOIN pg_namespace m ON m.oid = d.relnamespace"
                + " WHERE k.contype = 'f' AND n.nspname = ANY (?)")) {
      query.setArray(1, connection.createArrayOf("text", schemas.toArray()));
      Map<TableName, Set<TableName>> references = new HashMap<>();
      try (ResultSet row = query.executeQuery()) {
        while (row.next()) {
          references
              .computeIfAbsent(
                  new TableName(row.getString(1), row.getString(2)), _ -> new HashSet<>())
              .add(new TableName(row.getString(3), row.getString(4)));
        }
      }
      return references;
    }
  }

  private static List<TableName> names(
      Connection connection, Collection<String> schemas, String sql) throws SQLException {
    try (PreparedStatement query = connection.prepareStatement(sql)) {
      query.setArray(1, connection.createArrayOf("text", schemas.toArray()));
      List<TableName> names = new ArrayList<>();
      try (ResultSet row = query.executeQuery()) {
        while (row.next()) {
          names.add(new TableName(row.getString(1), row.getString(2)));
        }
      }
      return names;
    }
  }
}
