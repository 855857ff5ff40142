package dev.tidemark.api.sync;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.contract.sync.Result;
import dev.tidemark.contract.sync.Ruling;
import dev.tidemark.contract.sync.SyncOperation;
import dev.tidemark.pipeline.resolution.DecisionJson;

/** Tells in words what became of an operation, out of what is written down. */
final class DecisionWords {
  private DecisionWords() {}

  /** A few sentences, one to a line. */
  static String of(LedgerEntry entry) {
    Ruling ruling = entry.ruling();
    String decided =
        ruling.decision().has("reason")
            ? DecisionJson.words(entry.submission(), ruling.decision())
            : asked(entry.submission().operation());
    ObjectNode error = ruling.error();
    if (error == null || (ruling.result() == Result.REFUSED && ruling.decision().has("reason"))) {
      return decided + "\n";
    }
    String detail = error.path("detail").asText(error.path("code").asText());
    String verdict =
        ruling.result() == Result.REJECTED
            ? "That was the decision, but the database would not take it: "
            : "It was refused: ";
    return decided + "\n" + verdict + detail + "\n";
  }

  private static String asked(SyncOperation operation) {
    return "Device %s asked at %s to %s %s."
        .formatted(
            operation.device(),
            operation.time(),
            operation.kind().text(),
            operation.key().canonical());
  }
}
