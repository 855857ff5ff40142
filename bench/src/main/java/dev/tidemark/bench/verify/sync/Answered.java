package dev.tidemark.bench.verify.sync;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What the api says of a batch, by the place of each operation.
 *
 * @param settled whether nothing is left to be waited for
 */
record Answered(boolean settled, Map<Integer, Entry> entries) {

  /** Where an entry of an answer stands. */
  enum Kind {
    SUCCESS,
    CONFLICT,
    ERROR
  }

  /**
   * What became of one operation.
   *
   * @param text as it was said, without what may have moved on since
   * @param version the entity's version now, if told
   * @param row the row now, if told
   */
  record Entry(Kind kind, String text, @Nullable String version, @Nullable ObjectNode row) {}

  static Answered of(int status, JsonNode json) {
    Map<Integer, Entry> entries = new HashMap<>();
    json.path("successes").forEach(taking(entries, Kind.SUCCESS));
    json.path("conflicts").forEach(taking(entries, Kind.CONFLICT));
    json.path("errors").forEach(taking(entries, Kind.ERROR));
    return new Answered(status == 200, entries);
  }

  private static Consumer<JsonNode> taking(Map<Integer, Entry> entries, Kind kind) {
    return json ->
        entries.put(
            json.path("index").asInt(-1),
            new Entry(
                kind,
                lasting(json),
                json.hasNonNull("version")
                    ? json.path("version").asText()
                    : json.path("server_version").textValue(),
                json.get("row") instanceof ObjectNode row
                    ? row
                    : json.get("server_data") instanceof ObjectNode row ? row : null));
  }

  /** What must be the same however often one asks. */
  private static String lasting(JsonNode json) {
    return "%s %s %s %s %s"
        .formatted(
            json.path("operation_id").asText("-"),
            json.path("type").asText("-"),
            json.path("result").asText("-"),
            json.path("resolution").asText("-"),
            json.path("conflict_type").asText("-"));
  }
}
