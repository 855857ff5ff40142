package dev.tidemark.api.sync;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.contract.EntityKey;
import dev.tidemark.contract.catalog.EntityType;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The identifiers of one type's entities. However a device writes one, it is the same key: two
 * spellings of an id must not become two entities.
 */
final class EntityIds {
  static final int LONGEST = 512;

  private static final Pattern INTEGER = Pattern.compile("-?\\d{1,40}");
  private static final Pattern UUID =
      Pattern.compile("[0-9a-fA-F]{8}-([0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}");
  private static final Pattern STRAY_ESCAPE = Pattern.compile("%(?!25|2C|2F)");
  private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}|[\\x{D800}-\\x{DFFF}]");

  private final EntityType type;
  private final Map<String, String> columns;

  /**
   * For one type.
   *
   * @param columns the table's columns; empty if they are not known
   */
  EntityIds(EntityType type, Map<String, String> columns) {
    this.type = type;
    this.columns = columns;
  }

  /** What an identifier is, or why it is none. */
  sealed interface Reading {}

  /** The texts of the key columns, in their order. */
  record Parts(List<String> texts) implements Reading {
    Parts {
      texts = List.copyOf(texts);
    }
  }

  /** Not an identifier. */
  record Unreadable(String why) implements Reading {}

  /** Whether an id can be made up for a new entity. */
  boolean canBeMade() {
    return type.key().size() == 1 && "uuid".equals(columns.get(type.key().getFirst()));
  }

  EntityKey key(Parts parts) {
    return EntityKey.of(type.name(), parts.texts());
  }

  Reading read(JsonNode id) {
    if (id instanceof ObjectNode object) {
      return ofColumns(object);
    }
    if (id.isTextual()) {
      return ofText(id.textValue());
    }
    if (id.isIntegralNumber() && type.key().size() == 1) {
      return canonical(List.of(id.bigIntegerValue().toString()));
    }
    return new Unreadable(
        type.key().size() == 1
            ? "An id is a whole number, text, or an object of the key's column."
            : "An id is text, or an object of the key's columns: "
                + String.join(", ", type.key())
                + ".");
  }

  /** The id's text in the form that a column's value has; empty if that value names no entity. */
  Optional<String> textOf(String keyColumn, JsonNode value) {
    if (value.isTextual()) {
      return canonicalPart(keyColumn, value.textValue());
    }
    return value.isIntegralNumber()
        ? canonicalPart(keyColumn, value.bigIntegerValue().toString())
        : Optional.empty();
  }

  /** The key columns as a row has them. */
  void putInto(ObjectNode row, Parts parts, @Nullable JsonNode asSent) {
    for (int i = 0; i < type.key().size(); i++) {
      String column = type.key().get(i);
      row.set(column, value(column, parts.texts().get(i), asSent));
    }
  }

  private JsonNode value(String column, String text, @Nullable JsonNode asSent) {
    String known = columns.get(column);
    boolean number =
        known == null
            ? asSent != null && (asSent.isNumber() || asSent.path(column).isNumber())
            : isInteger(known);
    return number
        ? JsonNodeFactory.instance.numberNode(new BigInteger(text))
        : JsonNodeFactory.instance.textNode(text);
  }

  private Reading ofColumns(ObjectNode object) {
    List<String> texts = new ArrayList<>();
    for (String column : type.key()) {
      JsonNode value = object.get(column);
      if (value == null || !(value.isTextual() || value.isIntegralNumber())) {
        return new Unreadable("The id needs " + column + ", as a whole number or text.");
      }
      texts.add(value.isTextual() ? value.textValue() : value.bigIntegerValue().toString());
    }
    return object.size() == type.key().size()
        ? canonical(texts)
        : new Unreadable(
            "The id has the key's columns and no others: " + String.join(", ", type.key()) + ".");
  }

  private Reading ofText(String text) {
    if (STRAY_ESCAPE.matcher(text).find()) {
      return new Unreadable(
          "In the text of an id, %25, %2C and %2F stand for percent, comma and slash.");
    }
    List<String> parts = type.key().size() == 1 ? List.of(text) : List.of(text.split(",", -1));
    return parts.size() == type.key().size()
        ? canonical(parts.stream().map(EntityIds::decoded).toList())
        : new Unreadable(
            "The text of this id has the values of "
                + String.join(", ", type.key())
                + " with a comma between them.");
  }

  private Reading canonical(List<String> parts) {
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < parts.size(); i++) {
      String part = parts.get(i);
      if (part.isEmpty() || CONTROL.matcher(part).find()) {
        return new Unreadable("An id is not empty and has no control characters.");
      }
      Optional<String> text = canonicalPart(type.key().get(i), part);
      if (text.isEmpty()) {
        return new Unreadable(
            type.key().get(i)
                + " is "
                + (isInteger(columns.getOrDefault(type.key().get(i), ""))
                    ? "a whole number."
                    : "a UUID."));
      }
      texts.add(text.get());
    }
    return EntityKey.of(type.name(), texts).id().length() <= LONGEST
        ? new Parts(texts)
        : new Unreadable("An id has at most " + LONGEST + " characters.");
  }

  private Optional<String> canonicalPart(String column, String text) {
    String known = columns.getOrDefault(column, "");
    if (isInteger(known)) {
      return INTEGER.matcher(text).matches()
          ? Optional.of(new BigInteger(text).toString())
          : Optional.empty();
    }
    if (known.equals("uuid")) {
      return UUID.matcher(text).matches()
          ? Optional.of(text.toLowerCase(Locale.ROOT))
          : Optional.empty();
    }
    return Optional.of(text);
  }

  private static boolean isInteger(String columnType) {
    return columnType.equals("int2") || columnType.equals("int4") || columnType.equals("int8");
  }

  private static String decoded(String part) {
    return part.replace("%2F", "/").replace("%2C", ",").replace("%25", "%");
  }
}
