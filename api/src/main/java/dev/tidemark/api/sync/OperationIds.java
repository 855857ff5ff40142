package dev.tidemark.api.sync;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.contract.WireSerdes;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.UUID;

/** Names operations by who asks under which key, and tells their contents apart. */
public final class OperationIds {
  private static final int HASH_LENGTH = 32;

  private OperationIds() {}

  /** The same on every node and at every attempt. */
  public static String id(String device, String idempotencyKey) {
    return uuid(device + '\0' + idempotencyKey);
  }

  /** The id of an entity that an operation creates and does not name: the same at every attempt. */
  static String entityId(String operation) {
    return uuid("entity" + '\0' + operation);
  }

  /** Tells one content from another; the order of members does not count. */
  public static String hash(ObjectNode content) {
    try {
      byte[] canonical = WireSerdes.exactJson().writeValueAsBytes(sorted(content));
      return HexFormat.of().formatHex(digest(canonical)).substring(0, HASH_LENGTH);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a JSON tree cannot be written", e);
    }
  }

  private static String uuid(String text) {
    ByteBuffer bits = ByteBuffer.wrap(digest(text.getBytes(UTF_8)));
    long high = (bits.getLong() & ~0xF000L) | 0x8000L;
    long low = (bits.getLong() & 0x3FFFFFFFFFFFFFFFL) | 0x8000000000000000L;
    return new UUID(high, low).toString();
  }

  private static JsonNode sorted(JsonNode json) {
    if (json instanceof ObjectNode object) {
      ObjectNode copy = JsonNodeFactory.instance.objectNode();
      object.properties().stream()
          .sorted(Map.Entry.comparingByKey())
          .forEach(member -> copy.set(member.getKey(), sorted(member.getValue())));
      return copy;
    }
    if (json instanceof ArrayNode array) {
      ArrayNode copy = JsonNodeFactory.instance.arrayNode();
      array.forEach(element -> copy.add(sorted(element)));
      return copy;
    }
    return json;
  }

  private static byte[] digest(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
