package dev.tidemark.pipeline.resolution.core;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.pipeline.resolution.core.FieldDecision.Rule;
import dev.tidemark.pipeline.resolution.core.FieldDecision.Winner;

/** Two values made one. */
record Merged(JsonNode value, Winner winner, Rule rule) {
  static Merged of(JsonNode value, JsonNode client, JsonNode server, Rule rule) {
    Winner winner =
        Values.same(value, client)
            ? Winner.CLIENT
            : Values.same(value, server) ? Winner.SERVER : Winner.BOTH;
    return new Merged(value, winner, rule);
  }
}
