package dev.tidemark.api.sync;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.contract.sync.ConflictType;
import dev.tidemark.contract.sync.Ruling;
import dev.tidemark.contract.sync.SyncOperation;
import java.util.ArrayList;
import java.util.List;

/** Tells in words what became of an operation, out of what is written down. */
final class DecisionWords {
  private DecisionWords() {}

  /** A few sentences, one to a line. */
  static String of(LedgerEntry entry) {
    SyncOperation operation = entry.submission().operation();
    Ruling ruling = entry.ruling();
    List<String> lines = new ArrayList<>();
    lines.add(
        "Device %s asked at %s to %s %s (strategy %s)."
            .formatted(
                operation.device(),
                operation.time(),
                operation.kind().text(),
                operation.key().canonical(),
                operation.strategy().text()));
    if (!operation.clientTime().equals(operation.time())) {
      lines.add(
          "Its clock said %s; the time above is corrected.".formatted(operation.clientTime()));
    }
    ConflictType conflict = ruling.conflict();
    if (conflict != null) {
      lines.add(
          "It met another change (%s); contested: %s; resolution: %s."
              .formatted(
                  conflict.text(),
                  ruling.fields().isEmpty() ? "the row" : String.join(", ", ruling.fields()),
                  ruling.resolution()));
    }
    lines.add("Result: %s (%s).".formatted(ruling.result().text(), ruling.reason()));
    for (JsonNode field : ruling.decision().path("fields")) {
      lines.add(
          "- %s: %s, from %s (%s); the device's %s, ours %s."
              .formatted(
                  field.path("field").asText(),
                  field.path("result"),
                  field.path("winner").asText(),
                  field.path("rule").asText(),
                  field.path("client"),
                  field.path("server")));
    }
    if (ruling.error() != null) {
      lines.add("Error: %s.".formatted(ruling.error().path("code").asText()));
    }
    return String.join("\n", lines) + "\n";
  }
}
