package dev.tidemark.bench.verify.sync;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.contract.sync.Submission;
import org.jspecify.annotations.Nullable;

/**
 * An operation as the ledger has it.
 *
 * @param transaction that wrote it down; null if the trigger took no note of it
 * @param seq the note's place; 0 without one
 */
record Settled(
    String operation,
    @Nullable String transaction,
    long seq,
    Submission submission,
    String result,
    @Nullable String resolution,
    JsonNode decision) {
  String device() {
    return submission.operation().device();
  }

  String idempotencyKey() {
    return submission.idempotencyKey();
  }

  String key() {
    return submission.operation().key().canonical();
  }

  boolean applied() {
    return result.equals("applied");
  }

  @Override
  public String toString() {
    return "%s (%s of %s: %s %s%s)"
        .formatted(
            operation,
            idempotencyKey(),
            key(),
            submission.operation().kind().text(),
            result,
            resolution == null ? "" : ", " + resolution);
  }
}
