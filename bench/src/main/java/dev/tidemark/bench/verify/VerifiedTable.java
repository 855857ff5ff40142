package dev.tidemark.bench.verify;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.contract.EntityKey;
import dev.tidemark.contract.catalog.Catalog;
import dev.tidemark.contract.catalog.EntityType;
import dev.tidemark.contract.catalog.ScopeTemplate;
import dev.tidemark.contract.catalog.TableName;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A table that the writers change. Between them the tables have what makes capture err. */
record VerifiedTable(
    String name, List<Column> columns, List<String> key, List<String> constraints) {

  /** A column, with its type in SQL. */
  record Column(String name, String sql, Shape shape) {}

  static final VerifiedTable ITEM =
      new VerifiedTable(
          "item",
          List.of(
              new Column("id", "int", Shape.INTEGER),
              new Column("name", "text", Shape.TEXT),
              new Column("amount", "numeric(20,6)", Shape.TEXT),
              new Column("active", "boolean", Shape.BOOLEAN),
              new Column("changed_at", "timestamptz", Shape.TIMESTAMP_WITH_ZONE)),
          List.of("id"),
          List.of());
  static final VerifiedTable STOCK =
      new VerifiedTable(
          "stock",
          List.of(
              new Column("place", "text", Shape.TEXT),
              new Column("sku", "bigint", Shape.INTEGER),
              new Column("quantity", "int", Shape.INTEGER)),
          List.of("place", "sku"),
          List.of());
  static final VerifiedTable DOCUMENT =
      new VerifiedTable(
          "document",
          List.of(
              new Column("slug", "text", Shape.TEXT),
              new Column("revision", "int", Shape.INTEGER),
              new Column("body", "text STORAGE EXTERNAL", Shape.TEXT),
              new Column("scan", "bytea STORAGE EXTERNAL", Shape.BYTES),
              new Column("notes", "text", Shape.TEXT)),
          List.of("slug"),
          List.of());
  static final VerifiedTable SETTING =
      new VerifiedTable(
          "setting",
          List.of(
              new Column("id", "bigint", Shape.INTEGER),
              new Column("value", "jsonb", Shape.JSON),
              new Column("price", "numeric", Shape.TEXT)),
          List.of("id"),
          List.of());
  static final VerifiedTable PURCHASE =
      new VerifiedTable(
          "purchase",
          List.of(
              new Column("id", "int", Shape.INTEGER),
              new Column("customer", "text", Shape.TEXT),
              new Column("total", "numeric(12,2)", Shape.TEXT)),
          List.of("id"),
          List.of());
  static final VerifiedTable PURCHASE_LINE =
      new VerifiedTable(
          "purchase_line",
          List.of(
              new Column("purchase_id", "int", Shape.INTEGER),
              new Column("line", "int", Shape.INTEGER),
              new Column("what", "text", Shape.TEXT)),
          List.of("purchase_id", "line"),
          List.of(
              "FOREIGN KEY (purchase_id) REFERENCES purchase"
                  + " ON DELETE CASCADE ON UPDATE CASCADE"));

  /** All of them, parents before their children. */
  static final List<VerifiedTable> ALL =
      List.of(ITEM, STOCK, DOCUMENT, SETTING, PURCHASE, PURCHASE_LINE);

  static Catalog catalog() {
    return new Catalog(ALL.stream().map(VerifiedTable::entityType).toList());
  }

  static Optional<VerifiedTable> named(String name) {
    return ALL.stream().filter(table -> table.name.equals(name)).findFirst();
  }

  EntityType entityType() {
    return new EntityType(
        name,
        "",
        new TableName("public", name),
        key,
        List.of(),
        List.of(new ScopeTemplate("public")),
        List.of(),
        Map.of());
  }

  String createStatement() {
    List<String> parts = new ArrayList<>();
    columns.forEach(column -> parts.add(column.name + " " + column.sql));
    parts.add("PRIMARY KEY (" + String.join(", ", key) + ")");
    parts.addAll(constraints);
    return "CREATE TABLE " + name + " (" + String.join(", ", parts) + ")";
  }

  List<String> columnNames() {
    return columns.stream().map(Column::name).toList();
  }

  /** The row that Postgres prints with these texts. */
  Row row(List<@Nullable String> texts) {
    List<String> values = new ArrayList<>(columns.size());
    for (int i = 0; i < columns.size(); i++) {
      String text = texts.get(i);
      values.add(Row.value(text == null ? null : columns.get(i).shape.fromPostgres(text)));
    }
    return new Row(values);
  }

  /** The row that a change holds. */
  Row row(ObjectNode json) {
    List<String> values = new ArrayList<>(columns.size());
    for (Column column : columns) {
      JsonNode node = json.get(column.name);
      if (node == null) {
        values.add(Row.ABSENT);
      } else {
        values.add(Row.value(node.isNull() ? null : column.shape.fromJson(node)));
      }
    }
    if (json.size() > columns.size()) {
      values.add("more columns than the table has");
    }
    return new Row(values);
  }

  /** The key of the row that Postgres prints with these texts. */
  String keyOf(List<@Nullable String> texts) {
    List<String> parts = new ArrayList<>();
    for (String column : key) {
      String text = texts.get(columnNames().indexOf(column));
      if (text == null) {
        throw new IllegalArgumentException("a row of " + name + " without its key");
      }
      parts.add(text);
    }
    return EntityKey.of(name, parts).canonical();
  }
}
