package dev.tidemark.connectors.capture.value;

import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;

/**
 * Turns the text that Postgres prints for a value into JSON.
 *
 * <p>Everything is decided by the type's OID, so a value read by a snapshot and the same value read
 * from the write-ahead log come out equal.
 */
public final class PostgresJson {
  private PostgresJson() {}

  /** How a type's values appear in JSON. */
  public enum Shape {
    BOOLEAN,
    NUMBER,
    FLOAT,
    JSON,
    BYTES,
    DATE,
    TIME,
    TIME_WITH_ZONE,
    TIMESTAMP,
    TIMESTAMP_WITH_ZONE,
    INTERVAL,
    TEXT
  }

  /** The shape of a built-in type by its OID; whatever is not listed is text. */
  public static Shape shape(int oid) {
    return switch (oid) {
      case 16 -> Shape.BOOLEAN;
      case 20, 21, 23, 26, 28, 5069 -> Shape.NUMBER;
      case 700, 701 -> Shape.FLOAT;
      case 114, 3802 -> Shape.JSON;
      case 17 -> Shape.BYTES;
      case 1082 -> Shape.DATE;
      case 1083 -> Shape.TIME;
      case 1266 -> Shape.TIME_WITH_ZONE;
      case 1114 -> Shape.TIMESTAMP;
      case 1184 -> Shape.TIMESTAMP_WITH_ZONE;
      case 1186 -> Shape.INTERVAL;
      default -> Shape.TEXT;
    };
  }

  /** The OID of the elements of a built-in array type, or 0 if the type is no such array. */
  public static int elementOf(int arrayOid) {
    return switch (arrayOid) {
      case 1000 -> 16;
      case 1001 -> 17;
      case 1016 -> 20;
      case 1005 -> 21;
      case 1007 -> 23;
      case 1028 -> 26;
      case 1011 -> 28;
      case 271 -> 5069;
      case 1021 -> 700;
      case 1022 -> 701;
      case 199 -> 114;
      case 3807 -> 3802;
      case 1182 -> 1082;
      case 1183 -> 1083;
      case 1270 -> 1266;
      case 1115 -> 1114;
      case 1185 -> 1184;
      case 1187 -> 1186;
      default -> 0;
    };
  }

  /**
   * The plain name of a type. The driver's metadata and the log name it differently: with its
   * schema and quotes, in capitals, as {@code serial} where the column has a sequence.
   */
  public static String plainTypeName(String name) {
    String plain = name.replace("\"", "").toLowerCase(Locale.ROOT);
    plain = plain.substring(plain.lastIndexOf('.') + 1);
    return switch (plain) {
      case "smallserial", "serial2" -> "int2";
      case "serial", "serial4" -> "int4";
      case "bigserial", "serial8" -> "int8";
      default -> plain;
    };
  }

  /** JSON of a value of this shape. */
  public static String json(Shape shape, String text) {
    return switch (shape) {
      case BOOLEAN -> text.startsWith("t") ? "true" : "false";
      case NUMBER, JSON -> text;
      case FLOAT -> isSpecialFloat(text) ? quoted(text) : text;
      default -> quoted(text(shape, text));
    };
  }

  /** The text that stands for a value of this shape, where JSON has a string for it. */
  public static String text(Shape shape, String text) {
    return switch (shape) {
      case BYTES -> base64(text);
      case TIME_WITH_ZONE -> Timestamps.utcTime(text);
      case DATE -> Timestamps.date(text);
      case TIMESTAMP -> Timestamps.local(text);
      case TIMESTAMP_WITH_ZONE -> Timestamps.utc(text);
      case INTERVAL -> Intervals.iso(text);
      default -> text;
    };
  }

  /** JSON of an array, from the text that Postgres prints for it. */
  public static String array(Shape element, char delimiter, String text) {
    return new ArrayLiteral(text, delimiter).json(element);
  }

  static String base64(String hex) {
    if (!hex.startsWith("\\x")) {
      throw new IllegalArgumentException("bytea is not printed in hexadecimal");
    }
    return Base64.getEncoder().encodeToString(HexFormat.of().parseHex(hex, 2, hex.length()));
  }

  private static boolean isSpecialFloat(String text) {
    return text.equals("NaN") || text.endsWith("Infinity");
  }

  /** A JSON string of this text. */
  public static String quoted(String text) {
    StringBuilder json = new StringBuilder(text.length() + 2);
    appendQuoted(json, text);
    return json.toString();
  }

  static void appendQuoted(StringBuilder json, CharSequence text) {
    json.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> json.append("\\\"");
        case '\\' -> json.append("\\\\");
        case '\n' -> json.append("\\n");
        case '\r' -> json.append("\\r");
        case '\t' -> json.append("\\t");
        default -> {
          if (c < 0x20) {
            json.append("\\u00").append(HexFormat.of().toHexDigits((byte) c));
          } else {
            json.append(c);
          }
        }
      }
    }
    json.append('"');
  }
}
