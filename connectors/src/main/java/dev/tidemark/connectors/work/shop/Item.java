package dev.tidemark.connectors.work.shop;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/** Reads an item field by field. What Postgres could not hold is refused here, with its field. */
record Item(JsonNode json) {
  private static final int LONGEST = 10_000;

  /** What names it at its platform: a text, or a whole number. */
  String id() throws BadItem {
    JsonNode id = json.path("id");
    if (id.isIntegralNumber() || (id.isTextual() && !id.textValue().isBlank())) {
      return plain("id", id.asText(), 200);
    }
    throw new BadItem("id has to be a text or a whole number");
  }

  JsonNode raw(String field) {
    return json.path(field);
  }

  String text(String field, int longest) throws BadItem {
    String text = maybeText(field, longest);
    if (text == null || text.isBlank()) {
      throw new BadItem(field + " has to be a text");
    }
    return text;
  }

  @Nullable String maybeText(String field, int longest) throws BadItem {
    JsonNode value = json.path(field);
    if (isAbsent(value)) {
      return null;
    }
    if (!value.isTextual()) {
      throw new BadItem(field + " has to be a text");
    }
    return plain(field, value.textValue(), longest);
  }

  private static String plain(String field, String text, int longest) throws BadItem {
    if (text.length() > longest) {
      throw new BadItem(
          "%s has %,d characters and may have %,d".formatted(field, text.length(), longest));
    }
    if (text.indexOf('\0') >= 0) {
      throw new BadItem(field + " holds the character U+0000");
    }
    return text;
  }

  /** A number, or a text that is one, with so many digits before and behind the point. */
  @Nullable BigDecimal maybeDecimal(String field, int before, int behind) throws BadItem {
    JsonNode value = json.path(field);
    if (isAbsent(value)) {
      return null;
    }
    BigDecimal number;
    try {
      number =
          value.isTextual() && value.textValue().length() <= 40
              ? new BigDecimal(value.textValue())
              : value.isNumber() ? value.decimalValue() : null;
    } catch (NumberFormatException _) {
      number = null;
    }
    // Looked at before it is written out: 1e999999999 is short to send.
    if (number == null
        || Math.abs((long) number.scale()) > 40
        || number.precision() > 40
        || number.signum() < 0
        || number.stripTrailingZeros().scale() > behind
        || number.precision() - number.scale() > before) {
      throw new BadItem(
          "%s has to be a number of at most %d digits with %d behind the point"
              .formatted(field, before + behind, behind));
    }
    return number;
  }

  BigDecimal decimal(String field, int before, int behind) throws BadItem {
    BigDecimal number = maybeDecimal(field, before, behind);
    if (number == null) {
      throw new BadItem(field + " is missing");
    }
    return number;
  }

  int count(String field, int least) throws BadItem {
    JsonNode value = json.path(field);
    if (!value.isIntegralNumber() || !value.canConvertToInt() || value.intValue() < least) {
      throw new BadItem(field + " has to be a whole number from " + least);
    }
    return value.intValue();
  }

  boolean flag(String field, boolean otherwise) throws BadItem {
    JsonNode value = json.path(field);
    if (isAbsent(value)) {
      return otherwise;
    }
    if (!value.isBoolean()) {
      throw new BadItem(field + " has to be true or false");
    }
    return value.booleanValue();
  }

  /** A time with its offset from UTC. */
  @Nullable String maybeTime(String field) throws BadItem {
    String text = maybeText(field, 40);
    if (text == null) {
      return null;
    }
    try {
      OffsetDateTime time = OffsetDateTime.parse(text);
      if (time.getYear() < 1970 || time.getYear() > 9999) {
        throw new BadItem(field + " is out of all bounds");
      }
      return time.toString();
    } catch (DateTimeException _) {
      throw new BadItem(field + " has to be a time as 2026-01-31T08:00:00Z");
    }
  }

  ArrayNode texts(String field) throws BadItem {
    ArrayNode texts = JsonNodeFactory.instance.arrayNode();
    for (JsonNode text : array(field)) {
      if (!text.isTextual()) {
        throw new BadItem(field + " has to be a list of texts");
      }
      texts.add(plain(field, text.textValue(), 200));
    }
    return texts;
  }

  ArrayNode array(String field) throws BadItem {
    JsonNode value = json.path(field);
    if (isAbsent(value)) {
      return JsonNodeFactory.instance.arrayNode();
    }
    if (!(value instanceof ArrayNode array) || array.size() > 1_000) {
      throw new BadItem(field + " has to be a list of at most 1,000");
    }
    return array;
  }

  ObjectNode object(String field) throws BadItem {
    if (json.path(field) instanceof ObjectNode object) {
      holdable(field, object);
      return object;
    }
    throw new BadItem(field + " has to be an object");
  }

  /** Postgres' jsonb has no U+0000. */
  static void holdable(String field, JsonNode value) throws BadItem {
    String text = value.toString();
    if (text.length() > LONGEST || text.contains("\\u0000")) {
      throw new BadItem(field + " cannot be held");
    }
  }

  private static boolean isAbsent(JsonNode value) {
    return value.isMissingNode() || value.isNull();
  }
}
