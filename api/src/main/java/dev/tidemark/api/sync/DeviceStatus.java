package dev.tidemark.api.sync;

import static java.util.Objects.requireNonNull;

import dev.tidemark.contract.sync.Result;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How a device stands.
 *
 * @param results how many of its operations ended how
 * @param seen when it was first and last there; empty if it has never sent a batch
 * @param pending its operations that are accepted and not through
 * @param gaps running numbers that are missing between those of its latest operations
 * @param openConflicts conflicts that wait for a person
 */
public record DeviceStatus(
    Map<Result, Long> results,
    Optional<Seen> seen,
    long pending,
    Optional<Instant> oldestPending,
    List<Gap> gaps,
    long openConflicts) {
  public DeviceStatus {
    results = Map.copyOf(results);
    requireNonNull(seen, "seen is null");
    requireNonNull(oldestPending, "oldestPending is null");
    gaps = List.copyOf(gaps);
  }

  /**
   * When it was there.
   *
   * @param ahead by how much its clock was ahead of ours with the last batch
   */
  public record Seen(Instant first, Instant last, String lastBatch, Duration ahead, long batches) {
    public Seen {
      requireNonNull(first, "first is null");
      requireNonNull(last, "last is null");
      requireNonNull(lastBatch, "lastBatch is null");
      requireNonNull(ahead, "ahead is null");
    }
  }

  /** Numbers that never came, first and last. */
  public record Gap(long from, long to) {}

  boolean isUnknown() {
    return seen.isEmpty() && results.isEmpty();
  }
}
