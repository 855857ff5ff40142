package dev.tidemark.pipeline.scopelog.core;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.tidemark.contract.ScopedChange.Kind;
import dev.tidemark.contract.Version;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Writes removals that no record says in so many words. */
final class Removal {
  private Removal() {}

  static byte[] json(
      String type, String id, Version version, long transaction, long committedMicros) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("type", type)
        .put("id", id)
        .put("kind", Kind.REMOVE.text())
        .put("version", version.toString())
        .put("transaction", transaction)
        .put("committed_at", Instant.EPOCH.plus(committedMicros, ChronoUnit.MICROS).toString())
        .toString()
        .getBytes(UTF_8);
  }
}
