package dev.tidemark.api.sync;

import static java.util.Objects.requireNonNull;

import dev.tidemark.contract.sync.Outcome;
import dev.tidemark.contract.sync.Ruling;
import dev.tidemark.contract.sync.Submission;
import dev.tidemark.contract.sync.SyncOperation;
import java.time.Instant;

/**
 * An operation as the ledger has it. Which rows its device could see at the time is not written
 * down; the submission's permission covers nothing.
 */
public record LedgerEntry(Submission submission, Ruling ruling, Instant written) {
  public LedgerEntry {
    requireNonNull(submission, "submission is null");
    requireNonNull(ruling, "ruling is null");
    requireNonNull(written, "written is null");
  }

  /** What became of it; the ledger does not say which version the row got. */
  Outcome outcome() {
    SyncOperation operation = submission.operation();
    return new Outcome(
        operation.id(),
        operation.device(),
        operation.key(),
        submission.batch(),
        submission.index(),
        submission.idempotencyKey(),
        submission.hash(),
        operation.kind(),
        operation.data(),
        operation.base(),
        ruling.result(),
        ruling.conflict(),
        ruling.fields(),
        ruling.resolution(),
        ruling.reason(),
        ruling.error(),
        ruling.serverVersion(),
        ruling.serverRow(),
        ruling.suggestion(),
        submission.resolves(),
        submission.undoes(),
        submission.request(),
        submission.received(),
        written,
        null,
        null);
  }
}
