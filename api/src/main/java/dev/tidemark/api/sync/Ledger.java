package dev.tidemark.api.sync;

import dev.tidemark.api.problem.AwayException;
import dev.tidemark.contract.sync.SubmittedBatch;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What Postgres knows of operations and batches. Every call may block.
 *
 * <p>All but {@link #glance} throw {@link AwayException} if Postgres does not answer.
 */
public interface Ledger {
  /** Which of these are through, by their ids; empty if Postgres does not answer at once. */
  Map<String, LedgerEntry> glance(Collection<String> operations);

  /** Which of these are through, by their ids. */
  Map<String, LedgerEntry> find(Collection<String> operations);

  Optional<SubmittedBatch> batch(String device, String batch);

  /** The operation that settled a conflict. */
  Optional<String> resolutionOf(String operation);

  /** The operation that took another back. */
  Optional<String> reversalOf(String operation);

  DeviceStatus status(String device);

  List<ConflictEntry> conflicts(ConflictFilter filter);
}
