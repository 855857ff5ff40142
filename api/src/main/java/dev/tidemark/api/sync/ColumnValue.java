package dev.tidemark.api.sync;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Whether a column can hold a value, as far as that can be told cheaply. Postgres has the last
 * word: what passes here may still be rejected there.
 */
final class ColumnValue {
  private static final Pattern UUID =
      Pattern.compile("[0-9a-fA-F]{8}-([0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}");
  private static final Pattern NUMBER =
      Pattern.compile("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?|NaN|[+-]?Infinity");
  private static final Pattern INFINITE = Pattern.compile("[+-]?infinity");

  private ColumnValue() {}

  /** What is wrong with it; empty if nothing is, or nothing can be told. */
  static Optional<String> fault(String type, JsonNode value) {
    if (value.isNull() || type.isEmpty()) {
      return Optional.empty();
    }
    if (type.startsWith("_") || type.endsWith("[]")) {
      return expect(value.isArray(), "an array");
    }
    return switch (type) {
      case "int2" -> integer(value, Short.MIN_VALUE, Short.MAX_VALUE);
      case "int4" -> integer(value, Integer.MIN_VALUE, Integer.MAX_VALUE);
      case "int8" -> integer(value, Long.MIN_VALUE, Long.MAX_VALUE);
      case "oid" -> integer(value, 0, 0xFFFFFFFFL);
      case "bool" -> expect(value.isBoolean(), "true or false");
      case "float4", "float8", "numeric" ->
          expect(
              value.isNumber()
                  || (value.isTextual() && NUMBER.matcher(value.textValue()).matches()),
              "a number");
      case "money" -> expect(value.isNumber() || value.isTextual(), "a number");
      case "uuid" ->
          expect(value.isTextual() && UUID.matcher(value.textValue()).matches(), "a UUID");
      case "date" -> expect(isTime(value, LocalDate::parse), "a date such as 2026-01-15");
      case "timestamp", "timestamptz" ->
          expect(isTime(value, ColumnValue::moment), "a time such as 2026-01-15T14:30:00Z");
      case "json", "jsonb" -> Optional.empty();
      default -> expect(value.isTextual(), "text");
    };
  }

  /** Reads text and throws if it cannot. */
  private interface TimeReader {
    Object read(CharSequence text);
  }

  private static Optional<String> integer(JsonNode value, long least, long most) {
    boolean fits =
        value.isIntegralNumber()
            && value.bigIntegerValue().compareTo(BigInteger.valueOf(least)) >= 0
            && value.bigIntegerValue().compareTo(BigInteger.valueOf(most)) <= 0;
    return expect(fits, "a whole number within " + least + " to " + most);
  }

  private static boolean isTime(JsonNode value, TimeReader reader) {
    if (!value.isTextual()) {
      return false;
    }
    if (INFINITE.matcher(value.textValue()).matches()) {
      return true;
    }
    try {
      var _ = reader.read(value.textValue());
      return true;
    } catch (DateTimeException e) {
      return false;
    }
  }

  private static Object moment(CharSequence text) {
    try {
      return OffsetDateTime.parse(text);
    } catch (DateTimeException e) {
      return LocalDateTime.parse(text);
    }
  }

  private static Optional<String> expect(boolean holds, String what) {
    return holds ? Optional.empty() : Optional.of("Here goes " + what + ", or null.");
  }
}
