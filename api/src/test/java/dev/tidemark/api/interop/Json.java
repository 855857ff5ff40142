package dev.tidemark.api.interop;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.contract.WireSerdes;

/** JSON as tests write it: with single quotes. */
final class Json {
  private Json() {}

  static JsonNode of(String text) {
    try {
      return WireSerdes.exactJson().readTree(text.replace('\'', '"'));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(text, e);
    }
  }

  static ObjectNode object(String text) {
    return (ObjectNode) of(text);
  }
}
