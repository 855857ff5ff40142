package dev.tidemark.contract.job;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;

/**
 * A worker as one partition knows it.
 *
 * @param worker its name
 * @param partition where
 * @param types of jobs that it does
 * @param slots how many it does at a time, of all partitions together
 * @param since since when it is there, or is another
 */
public record WorkerState(
    String worker, int partition, Set<String> types, int slots, Instant since) {
  public WorkerState {
    requireNonNull(worker, "worker is null");
    types = Collections.unmodifiableSet(new TreeSet<>(types));
    requireNonNull(since, "since is null");
  }

  /** What it goes by in its topic. */
  public String key() {
    return worker + "/" + partition;
  }
}
