package dev.tidemark.connectors.work.shop;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.contract.WireSerdes;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How far a job has read, for an attempt that goes on where another had to end.
 *
 * @param since what the first page was asked from; empty for everything
 * @param next the page to ask for now; empty for the first
 * @param newest what to ask from the next time, as far as is known
 */
record Position(
    Optional<String> since, Optional<String> next, Optional<String> newest, Counts counts) {
  private static final int LONGEST = 10_000;

  /**
   * What came of items so far.
   *
   * @param read how many were sent
   * @param changed how many rows were made or changed
   * @param aside how many were set aside
   */
  record Counts(int read, int changed, int aside) {
    static final Counts NONE = new Counts(0, 0, 0);

    Counts plus(Counts other) {
      return new Counts(read + other.read, changed + other.changed, aside + other.aside);
    }
  }

  static Position beginning(Optional<String> since) {
    return new Position(since, Optional.empty(), since, Counts.NONE);
  }

  /** The text to keep, unless it is longer than what is kept. */
  Optional<String> text() {
    ObjectNode json = WireSerdes.exactJson().createObjectNode();
    since.ifPresent(text -> json.put("since", text));
    next.ifPresent(text -> json.put("next", text));
    newest.ifPresent(text -> json.put("newest", text));
    json.put("read", counts.read()).put("changed", counts.changed()).put("aside", counts.aside());
    String text = json.toString();
    return text.length() > LONGEST ? Optional.empty() : Optional.of(text);
  }

  /** Reads what {@link #text} wrote; whatever else somebody kept is no position. */
  static Optional<Position> parse(String text) {
    try {
      JsonNode json = WireSerdes.exactJson().readTree(text);
      if (!json.isObject() || !json.path("read").isInt()) {
        return Optional.empty();
      }
      return Optional.of(
          new Position(
              Optional.ofNullable(field(json, "since")),
              Optional.ofNullable(field(json, "next")),
              Optional.ofNullable(field(json, "newest")),
              new Counts(
                  json.path("read").intValue(),
                  json.path("changed").intValue(),
                  json.path("aside").intValue())));
    } catch (JsonProcessingException _) {
      return Optional.empty();
    }
  }

  private static @Nullable String field(JsonNode json, String name) {
    return json.path(name).textValue();
  }
}
