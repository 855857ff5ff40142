package dev.tidemark.pipeline.entities;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.time.Instant;

/**
 * Times as they are stored: microseconds, as Postgres has them, because they are read far more
 * often than anybody looks at them; a finer time is text.
 */
final class StoredTimes {
  private static final int NANOS_OF_MICRO = 1_000;
  private static final long MICROS = 1_000_000;

  private StoredTimes() {}

  static void put(ObjectNode json, String field, Instant time) {
    json.set(field, of(time));
  }

  static void add(ArrayNode json, Instant time) {
    json.add(of(time));
  }

  private static JsonNode of(Instant time) {
    boolean whole =
        time.getNano() % NANOS_OF_MICRO == 0
            && Math.abs(time.getEpochSecond()) < Long.MAX_VALUE / MICROS - 1;
    return whole
        ? LongNode.valueOf(time.getEpochSecond() * MICROS + time.getNano() / NANOS_OF_MICRO)
        : TextNode.valueOf(time.toString());
  }

  static Instant read(JsonNode json) {
    if (!json.isIntegralNumber()) {
      return Instant.parse(json.asText());
    }
    long micros = json.longValue();
    return Instant.ofEpochSecond(
        Math.floorDiv(micros, MICROS), Math.floorMod(micros, MICROS) * NANOS_OF_MICRO);
  }
}
