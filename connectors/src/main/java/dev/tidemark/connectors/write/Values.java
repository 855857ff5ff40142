package dev.tidemark.connectors.write;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.tidemark.connectors.write.WritableColumn.Reading;
import dev.tidemark.contract.EntityKey;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;

/** Values in the contract's form, as Postgres reads them. */
final class Values {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final String INFINITY = "infinity";

  private Values() {}

  /** A value of such a column. */
  static JsonNode readable(WritableColumn column, JsonNode value) {
    return column.reading() == Reading.AS_IT_IS ? value : readable(column.reading(), value);
  }

  private static JsonNode readable(Reading reading, JsonNode value) {
    if (value instanceof TextNode text) {
      return NODES.textNode(readable(reading, text.textValue()));
    }
    if (value instanceof ArrayNode array) {
      ArrayNode readable = NODES.arrayNode(array.size());
      array.forEach(element -> readable.add(readable(reading, element)));
      return readable;
    }
    return value;
  }

  static String readable(Reading reading, String text) {
    return switch (reading) {
      case AS_IT_IS -> text;
      case BASE64 -> "\\x" + HexFormat.of().formatHex(Base64.getDecoder().decode(text));
      case DATE -> date(text);
    };
  }

  /** Years before 1 and after 9999 have a sign in ISO 8601, and none in Postgres. */
  private static String date(String text) {
    if (text.isEmpty() || text.endsWith(INFINITY)) {
      return text;
    }
    boolean negative = text.charAt(0) == '-';
    if (!negative && text.charAt(0) != '+' && !text.startsWith("0000-")) {
      return text;
    }
    int from = Character.isDigit(text.charAt(0)) ? 0 : 1;
    int dash = text.indexOf('-', from);
    if (dash < 0) {
      return text;
    }
    int year = Integer.parseInt(text.substring(from, dash));
    boolean beforeChrist = negative || year == 0;
    String digits = Integer.toString(beforeChrist ? year + 1 : year);
    String padded = "0".repeat(Math.max(0, 4 - digits.length())) + digits;
    return padded + text.substring(dash) + (beforeChrist ? " BC" : "");
  }

  /** The texts of the key's columns. */
  static List<String> keyParts(EntityKey key, int columns) {
    List<String> parts = new ArrayList<>(columns);
    if (columns == 1) {
      parts.add(decode(key.id()));
      return parts;
    }
    for (String part : key.id().split(",", -1)) {
      parts.add(decode(part));
    }
    if (parts.size() != columns) {
      throw new IllegalArgumentException(
          "the id has " + parts.size() + " parts and the key " + columns + " columns");
    }
    return parts;
  }

  private static String decode(String part) {
    return part.indexOf('%') < 0
        ? part
        : URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
  }
}
