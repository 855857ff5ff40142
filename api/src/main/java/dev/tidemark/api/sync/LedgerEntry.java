package dev.tidemark.api.sync;

import static java.util.Objects.requireNonNull;

import dev.tidemark.contract.sync.Outcome;
import dev.tidemark.contract.sync.Ruling;
import dev.tidemark.contract.sync.Submission;
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
    return Outcome.of(submission, ruling, written);
  }
}
