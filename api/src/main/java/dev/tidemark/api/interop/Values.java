package dev.tidemark.api.interop;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.tidemark.contract.WireSerdes;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Values by their column's type, so that a number of JavaScript never loses a digit, and the way
 * back, which takes what can be meant in one way only. What cannot be read goes on as it is, and is
 * refused where every operation is.
 */
final class Values {
  private static final BigInteger LARGEST = BigInteger.valueOf((1L << 53) - 1);
  private static final BigDecimal LARGEST_MILLIS = new BigDecimal("1E15");
  private static final Pattern INTEGER = Pattern.compile("[+-]?\\d{1,40}");

  private Values() {}

  /** What the package is told. */
  static JsonNode told(Dialect dialect, String type, JsonNode value) {
    if (value.isNull()) {
      return value;
    }
    return switch (type) {
      case "int8", "oid" ->
          value.isIntegralNumber() && value.bigIntegerValue().abs().compareTo(LARGEST) > 0
              ? text(value.bigIntegerValue().toString())
              : value;
      case "timestamptz" ->
          dialect == Dialect.WATERMELON
              ? moment(value)
                  .<JsonNode>map(at -> LongNode.valueOf(at.toEpochMilli()))
                  .orElse(NullNode.getInstance())
              : value;
      default -> isJson(type) && dialect == Dialect.WATERMELON ? text(exactly(value)) : value;
    };
  }

  /** What the package means by a value. */
  static JsonNode sent(Dialect dialect, String type, JsonNode value) {
    if (value.isNull()) {
      return value;
    }
    return switch (type) {
      case "int2", "int4", "int8", "oid" ->
          value.isTextual() && INTEGER.matcher(value.textValue()).matches()
              ? JsonNodeFactory.instance.numberNode(new BigInteger(value.textValue()))
              : value;
      case "bool" -> bool(value);
      case "numeric", "money" -> value.isNumber() ? text(exactly(value)) : value;
      case "timestamptz" ->
          value.isNumber()
              ? millis(value).<JsonNode>map(at -> text(at.toString())).orElse(value)
              : value;
      default ->
          isJson(type) && dialect == Dialect.WATERMELON && value.isTextual()
              ? parsed(value)
              : value;
    };
  }

  /** A moment told as a number of milliseconds; empty if it is none. */
  static Optional<Instant> millis(JsonNode value) {
    if (!value.isNumber() || value.decimalValue().abs().compareTo(LARGEST_MILLIS) > 0) {
      return Optional.empty();
    }
    return Optional.of(Instant.ofEpochMilli(value.decimalValue().longValue()));
  }

  /** Whether both are the same value; numbers are however they are written. */
  static boolean isSame(JsonNode one, JsonNode other) {
    return one.equals(
        (a, b) -> {
          if (a.isNumber() && b.isNumber()) {
            return a.decimalValue().compareTo(b.decimalValue());
          }
          return a.equals(b) ? 0 : 1;
        },
        other);
  }

  private static boolean isJson(String type) {
    return type.equals("json")
        || type.equals("jsonb")
        || type.startsWith("_")
        || type.endsWith("[]");
  }

  private static JsonNode bool(JsonNode value) {
    if (!value.isNumber()) {
      return value;
    }
    BigDecimal number = value.decimalValue();
    if (number.signum() == 0) {
      return BooleanNode.FALSE;
    }
    return number.compareTo(BigDecimal.ONE) == 0 ? BooleanNode.TRUE : value;
  }

  private static Optional<Instant> moment(JsonNode value) {
    try {
      return Optional.of(Instant.parse(value.asText()));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  private static String exactly(JsonNode value) {
    try {
      return value instanceof DecimalNode number
          ? number.decimalValue().toString()
          : WireSerdes.exactJson().writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a JSON tree cannot be written", e);
    }
  }

  private static JsonNode parsed(JsonNode value) {
    try {
      JsonNode json = WireSerdes.exactJson().readTree(value.textValue());
      return json.isMissingNode() ? value : json;
    } catch (JsonProcessingException e) {
      return value;
    }
  }

  private static JsonNode text(String text) {
    return TextNode.valueOf(text);
  }
}
