package dev.tidemark.pipeline.resolution.core;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BigIntegerNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.Iterator;
import java.util.Map;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** JSON values by what they mean: 1 and 1.0 are one number. */
final class Values {
  private static final Pattern AMOUNT = Pattern.compile("-?[0-9]{1,400}(\\.[0-9]{1,400})?");

  private Values() {}

  static JsonNode orNull(@Nullable JsonNode value) {
    return value == null ? NullNode.getInstance() : value;
  }

  @SuppressWarnings("ReferenceEquality") // most values that are the same are the very same node
  static boolean same(JsonNode one, JsonNode other) {
    if (one == other) {
      return true;
    }
    if (one instanceof TextNode text) {
      return text.equals(other);
    }
    if (one.isNumber() && other.isNumber()) {
      return isLong(one) && isLong(other)
          ? one.longValue() == other.longValue()
          : one.decimalValue().compareTo(other.decimalValue()) == 0;
    }
    if (one.getNodeType() != other.getNodeType() || one.size() != other.size()) {
      return false;
    }
    if (one.isObject()) {
      for (Map.Entry<String, JsonNode> field : one.properties()) {
        JsonNode twin = other.get(field.getKey());
        if (twin == null || !same(field.getValue(), twin)) {
          return false;
        }
      }
      return true;
    }
    if (one.isArray()) {
      Iterator<JsonNode> others = other.iterator();
      for (JsonNode element : one) {
        if (!same(element, others.next())) {
          return false;
        }
      }
      return true;
    }
    return one.equals(other);
  }

  private static boolean isLong(JsonNode number) {
    return number.isInt() || number.isLong();
  }

  /** The node that a reader of JSON makes of this number. */
  static JsonNode number(BigDecimal value) {
    if (value.scale() > 0) {
      return DecimalNode.valueOf(value);
    }
    BigInteger whole = value.toBigIntegerExact();
    if (whole.bitLength() < Integer.SIZE) {
      return IntNode.valueOf(whole.intValue());
    }
    return whole.bitLength() < Long.SIZE
        ? LongNode.valueOf(whole.longValue())
        : BigIntegerNode.valueOf(whole);
  }

  /** A number, also one that came as text because it is exact; nothing counts as zero. */
  static @Nullable BigDecimal amount(JsonNode value) {
    if (value.isNumber()) {
      return value.decimalValue();
    }
    if (value.isNull()) {
      return BigDecimal.ZERO;
    }
    return value.isTextual() && AMOUNT.matcher(value.textValue()).matches()
        ? new BigDecimal(value.textValue())
        : null;
  }

  static boolean contains(Iterable<JsonNode> elements, JsonNode wanted) {
    for (JsonNode element : elements) {
      if (same(element, wanted)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Numbers by size, also exact ones that are text; moments by time, other text by its characters;
   * empty for anything else.
   */
  static OptionalInt compare(JsonNode one, JsonNode other) {
    if (one.isNumber() && other.isNumber()) {
      return OptionalInt.of(one.decimalValue().compareTo(other.decimalValue()));
    }
    if (one.isTextual() && other.isTextual()) {
      BigDecimal amount = amount(one);
      BigDecimal otherAmount = amount(other);
      if (amount != null && otherAmount != null) {
        return OptionalInt.of(amount.compareTo(otherAmount));
      }
      try {
        return OptionalInt.of(
            OffsetDateTime.parse(one.textValue())
                .toInstant()
                .compareTo(OffsetDateTime.parse(other.textValue()).toInstant()));
      } catch (DateTimeException e) {
        return OptionalInt.of(one.textValue().compareTo(other.textValue()));
      }
    }
    if (one.isBoolean() && other.isBoolean()) {
      return OptionalInt.of(Boolean.compare(one.booleanValue(), other.booleanValue()));
    }
    return OptionalInt.empty();
  }
}
