package dev.tidemark.contract.job;

import static java.util.Objects.requireNonNull;

import java.time.Instant;

/**
 * How a queue is in one partition.
 *
 * @param queue which
 * @param partition where
 * @param paused whether nothing of it is begun
 * @param by who wanted it so
 * @param at since when
 */
public record QueueState(String queue, int partition, boolean paused, String by, Instant at) {
  public QueueState {
    requireNonNull(queue, "queue is null");
    requireNonNull(by, "by is null");
    requireNonNull(at, "at is null");
  }

  /** What it goes by in its topic. */
  public String key() {
    return queue + "/" + partition;
  }
}
