package dev.tidemark.connectors.capture.encoding;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.connectors.capture.value.ExactValues;
import dev.tidemark.connectors.capture.value.PostgresJson;
import dev.tidemark.contract.EntityKey;
import dev.tidemark.contract.WireSerdes;
import dev.tidemark.contract.catalog.EntityType;
import dev.tidemark.contract.catalog.ScopeTemplate;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.jspecify.annotations.Nullable;

/** How to write the rows of one table in one shape: made once for each schema Debezium shows. */
public final class TablePlan {
  private static final String SOURCE_TYPE = "__debezium.source.column.type";
  private static final List<String> NONE = List.of();

  private final EntityType type;
  private final List<Column> columns;
  private final List<Field> key;

  /** The columns that scopes depend on, by name. */
  private final Map<String, Column> scoping = new HashMap<>();

  /** The columns beside the key; none if scopes depend on the key alone. */
  private final List<Column> besideKey;

  private TablePlan(EntityType type, List<Column> columns, List<Field> key) {
    this.type = type;
    this.columns = columns;
    this.key = key;
    for (Column column : columns) {
      String name = column.field().name();
      if (type.scopes().stream().anyMatch(scope -> scope.columns().contains(name))) {
        scoping.put(name, column);
      }
    }
    besideKey =
        type.key().containsAll(scoping.keySet())
            ? List.of()
            : columns.stream()
                .filter(column -> !type.key().contains(column.field().name()))
                .toList();
  }

  /** What a string in a column is. */
  private enum Form {
    TEXT,
    JSON
  }

  private record Column(Field field, byte[] quotedName, Form form) {}

  /**
   * Plans a table.
   *
   * @param row the schema of a row
   * @throws IllegalArgumentException if a column of the key is not in the table
   */
  public static TablePlan of(EntityType type, Schema row) {
    List<Column> columns = new ArrayList<>();
    for (Field field : row.fields()) {
      if (type.columns().isEmpty()
          || type.columns().contains(field.name())
          || type.key().contains(field.name())) {
        byte[] name = (PostgresJson.quoted(field.name()) + ":").getBytes(UTF_8);
        columns.add(new Column(field, name, form(field.schema())));
      }
    }
    List<Field> key = new ArrayList<>();
    for (String column : type.key()) {
      Field field = row.field(column);
      if (field == null) {
        throw new IllegalArgumentException(
            "key column " + column + " is not in table " + type.table());
      }
      key.add(field);
    }
    return new TablePlan(type, columns, key);
  }

  public EntityType type() {
    return type;
  }

  /** The columns and their Postgres types, in the table's order. */
  public Map<String, String> shape() {
    Map<String, String> shape = new LinkedHashMap<>();
    for (Column column : columns) {
      Map<String, String> parameters = column.field().schema().parameters();
      shape.put(
          column.field().name(),
          parameters == null
              ? ""
              : PostgresJson.plainTypeName(parameters.getOrDefault(SOURCE_TYPE, "")));
    }
    return shape;
  }

  /** The key of the entity that this row is. */
  public EntityKey key(Struct row) {
    if (key.size() == 1) {
      return EntityKey.of(type.name(), List.of(keyText(row, key.getFirst())));
    }
    List<String> parts = new ArrayList<>(key.size());
    for (Field field : key) {
      parts.add(keyText(row, field));
    }
    return EntityKey.of(type.name(), parts);
  }

  private static String keyText(Struct row, Field field) {
    Object value = row.getWithoutDefault(field.name());
    if (value == null) {
      throw new IllegalArgumentException("key column " + field.name() + " is null");
    }
    return value.toString();
  }

  /** The scopes that a row is in, in the catalog's order: those by which it may be seen. */
  public List<String> scopes(Struct row) {
    List<ScopeTemplate> templates = type.scopes();
    if (templates.size() == 1) {
      return templates.getFirst().scopeOf(name -> scopeText(row, name)).map(List::of).orElse(NONE);
    }
    List<String> scopes = new ArrayList<>(templates.size());
    for (ScopeTemplate template : templates) {
      Optional<String> scope = template.scopeOf(name -> scopeText(row, name));
      if (scope.isPresent() && !scopes.contains(scope.get())) {
        scopes.add(scope.get());
      }
    }
    return scopes;
  }

  /**
   * Whether an old row is all there as far as scopes go. Without a full replica identity (each
   * partition of a table has one of its own) the log has the key of it at most, and Debezium puts
   * nulls, defaults and zeros in place of the rest.
   */
  public boolean hasScopes(@Nullable Struct before) {
    if (before == null) {
      return false;
    }
    if (besideKey.isEmpty()) {
      return true;
    }
    for (Column column : scoping.values()) {
      if (ExactValues.UNCHANGED.equals(before.getWithoutDefault(column.field().name()))) {
        return false;
      }
    }
    for (Column column : besideKey) {
      if (!isBlank(column.field().schema(), before.getWithoutDefault(column.field().name()))) {
        return true;
      }
    }
    return false;
  }

  private static boolean isBlank(Schema schema, @Nullable Object value) {
    return switch (value) {
      case null -> true;
      case Object _ when value.equals(schema.defaultValue()) -> true;
      case Number number -> number.doubleValue() == 0;
      case Boolean bool -> !bool;
      case String text -> text.isEmpty();
      default -> false;
    };
  }

  /** The text of a column as a reader of the row's JSON would take it. */
  private @Nullable String scopeText(Struct row, String name) {
    Column column = scoping.get(name);
    Object value = column == null ? null : row.getWithoutDefault(name);
    return switch (value) {
      case null -> null;
      case String text when ExactValues.UNCHANGED.equals(text) -> null;
      case String text -> column != null && column.form() == Form.JSON ? scalarText(text) : text;
      case Double number when Double.isFinite(number) ->
          new BigDecimal(number.toString()).toString();
      case Float number when Float.isFinite(number) -> new BigDecimal(number.toString()).toString();
      default -> value.toString();
    };
  }

  private static @Nullable String scalarText(String json) {
    try {
      JsonNode value = WireSerdes.exactJson().readTree(json);
      return value.isNull() || value.isContainerNode() ? null : value.asText();
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("a value of a JSON column is not JSON", e);
    }
  }

  void writeRow(JsonBytes out, Struct row) {
    out.raw('{');
    boolean first = true;
    for (Column column : columns) {
      Object value = row.getWithoutDefault(column.field().name());
      if (ExactValues.UNCHANGED.equals(value)) {
        continue;
      }
      if (!first) {
        out.raw(',');
      }
      first = false;
      out.raw(column.quotedName());
      writeValue(out, column.form(), value);
    }
    out.raw('}');
  }

  void writeChanged(JsonBytes out, @Nullable Struct before, @Nullable Struct after) {
    out.raw('[');
    if (before != null && after != null) {
      boolean first = true;
      for (Column column : columns) {
        Object old = before.getWithoutDefault(column.field().name());
        Object now = after.getWithoutDefault(column.field().name());
        if (!Objects.equals(old, now) && !ExactValues.UNCHANGED.equals(now)) {
          if (!first) {
            out.raw(',');
          }
          first = false;
          out.quoted(column.field().name());
        }
      }
    }
    out.raw(']');
  }

  private static void writeValue(JsonBytes out, Form form, @Nullable Object value) {
    switch (value) {
      case null -> out.json("null");
      case String text -> {
        if (form == Form.JSON) {
          out.json(text);
        } else {
          out.quoted(text);
        }
      }
      case Long number -> out.number(number);
      case Integer number -> out.number(number);
      case Short number -> out.number(number);
      case Boolean bool -> out.json(bool ? "true" : "false");
      case Double number -> writeFloat(out, Double.isFinite(number), number.toString());
      case Float number -> writeFloat(out, Float.isFinite(number), number.toString());
      default ->
          throw new IllegalArgumentException(
              "a value of " + value.getClass().getName() + " has no JSON form");
    }
  }

  private static void writeFloat(JsonBytes out, boolean finite, String text) {
    if (finite) {
      out.json(text);
    } else {
      out.quoted(text);
    }
  }

  private static Form form(Schema schema) {
    return ExactValues.JSON.equals(schema.name()) ? Form.JSON : Form.TEXT;
  }
}
