package dev.tidemark.standalone.system;

import dev.tidemark.contract.catalog.TableName;
import dev.tidemark.contract.catalog.TableShape;
import dev.tidemark.contract.catalog.TableShape.Column;
import java.sql.Array;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads the tables of a database out of Postgres' own catalog. */
public final class TableShapes {
  private static final String COLUMNS =
      """
      select n.nspname, c.relname, a.attname, format_type(a.atttypid, a.atttypmod), not a.attnotnull,
             case when t.typtype = 'e' or b.typtype = 'e' then 'enum'
                  when t.typtype = 'd' then format_type(t.typbasetype, t.typtypmod)
                  else format_type(a.atttypid, a.atttypmod) end
      from pg_attribute a
      join pg_type t on t.oid = a.atttypid
      left join pg_type b on b.oid = t.typbasetype
      join pg_class c on c.oid = a.attrelid
      join pg_namespace n on n.oid = c.relnamespace
      where c.relkind in ('r', 'p') and a.attnum > 0 and not a.attisdropped
        and n.nspname not in ('pg_catalog', 'information_schema') and n.nspname not like 'pg_toast%'
      order by n.nspname, c.relname, a.attnum
      """;
  // A partial index or one on an expression keeps nothing unique that a key could rely on.
  private static final String KEYS =
      """
      select n.nspname, c.relname, i.indisprimary,
             array(select a.attname::text from unnest(i.indkey) with ordinality k(attnum, place)
                   join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.attnum
                   where k.place <= i.indnkeyatts order by k.place)
      from pg_index i
      join pg_class c on c.oid = i.indrelid
      join pg_namespace n on n.oid = c.relnamespace
      where i.indisunique and i.indisvalid and i.indpred is null and i.indexprs is null
        and n.nspname not in ('pg_catalog', 'information_schema') and n.nspname not like 'pg_toast%'
      """;

  private TableShapes() {}

  /** Every table that is not Postgres' own. */
  public static Map<TableName, TableShape> of(Connection connection) throws SQLException {
    Map<TableName, List<Column>> columns = new HashMap<>();
    Map<TableName, List<String>> primary = new HashMap<>();
    Map<TableName, List<List<String>>> unique = new HashMap<>();
    try (Statement statement = connection.createStatement()) {
      try (ResultSet rows = statement.executeQuery(COLUMNS)) {
        while (rows.next()) {
          columns
              .computeIfAbsent(table(rows), _ -> new ArrayList<>())
              .add(
                  new Column(
                      rows.getString(3), rows.getString(4), rows.getBoolean(5), rows.getString(6)));
        }
      }
      try (ResultSet rows = statement.executeQuery(KEYS)) {
        while (rows.next()) {
          Array names = rows.getArray(4);
          List<String> key = List.of((String[]) names.getArray());
          if (rows.getBoolean(3)) {
            primary.put(table(rows), key);
          } else {
            unique.computeIfAbsent(table(rows), _ -> new ArrayList<>()).add(key);
          }
        }
      }
    }
    Map<TableName, TableShape> shapes = new HashMap<>();
    columns.forEach(
        (table, found) ->
            shapes.put(
                table,
                new TableShape(
                    found,
                    primary.getOrDefault(table, List.of()),
                    unique.getOrDefault(table, List.of()))));
    return shapes;
  }

  private static TableName table(ResultSet row) throws SQLException {
    return new TableName(row.getString(1), row.getString(2));
  }
}
