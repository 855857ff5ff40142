package dev.tidemark.bench.verify;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.contract.WireSerdes;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/** JSON as the database and the api write it, compared by what it means. */
public final class Json {
  private static final Comparator<JsonNode> BY_MEANING =
      (one, other) ->
          one.isNumber() && other.isNumber()
              ? one.decimalValue().compareTo(other.decimalValue())
              : one.equals(other) ? 0 : 1;

  private Json() {}

  public static boolean same(@Nullable JsonNode one, @Nullable JsonNode other) {
    return orNull(one).equals(BY_MEANING, orNull(other));
  }

  public static JsonNode orNull(@Nullable JsonNode value) {
    return value == null ? NullNode.getInstance() : value;
  }

  public static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  public static JsonNode read(String text) {
    try {
      return WireSerdes.exactJson().readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(text, e);
    }
  }

  /** An object, or null where there is none. */
  public static @Nullable ObjectNode row(@Nullable String text) {
    return text != null && read(text) instanceof ObjectNode row ? row : null;
  }
}
