package dev.tidemark.api.sync;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.Optional;
import java.util.regex.Pattern;

/** What JSON can say and no database column can hold: such values go no further. */
final class StorableJson {
  private static final Pattern UNSTORABLE = Pattern.compile("\\x00|[\\x{D800}-\\x{DFFF}]");

  /** What numeric can hold on either side of the point. */
  private static final int LARGEST_EXPONENT = 16_000;

  private StorableJson() {}

  /** A place that cannot be stored. */
  record Fault(String pointer, String detail) {}

  static Optional<Fault> fault(JsonNode json, String pointer) {
    if (json.isTextual()) {
      return isText(json.textValue())
          ? Optional.empty()
          : Optional.of(
              new Fault(pointer, "Text holds neither U+0000 nor half of a surrogate pair."));
    }
    if (json.isBigDecimal()) {
      BigDecimal number = json.decimalValue();
      long exponent = (long) number.precision() - number.scale();
      return Math.abs(exponent) <= LARGEST_EXPONENT && Math.abs(number.scale()) <= LARGEST_EXPONENT
          ? Optional.empty()
          : Optional.of(new Fault(pointer, "The number is too large or too small."));
    }
    for (var member : json.properties()) {
      String place = JsonPlace.in(pointer, member.getKey());
      if (!isText(member.getKey())) {
        return Optional.of(
            new Fault(place, "A name holds neither U+0000 nor half of a surrogate pair."));
      }
      Optional<Fault> fault = fault(member.getValue(), place);
      if (fault.isPresent()) {
        return fault;
      }
    }
    for (int i = 0; json.isArray() && i < json.size(); i++) {
      Optional<Fault> fault = fault(json.path(i), JsonPlace.in(pointer, i));
      if (fault.isPresent()) {
        return fault;
      }
    }
    return Optional.empty();
  }

  static boolean isText(String text) {
    return !UNSTORABLE.matcher(text).find();
  }

  /** How deeply it nests; a value that holds no other counts nothing. */
  static int depth(JsonNode json) {
    int deepest = 0;
    for (JsonNode child : json) {
      deepest = Math.max(deepest, depth(child));
    }
    return json.isContainerNode() ? deepest + 1 : 0;
  }
}
