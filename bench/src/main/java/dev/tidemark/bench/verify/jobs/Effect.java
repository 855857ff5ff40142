package dev.tidemark.bench.verify.jobs;

import java.time.Instant;
import java.util.Optional;

/**
 * An attempt, as the handler itself wrote it down.
 *
 * @param worker the life of a worker, with which the worker's name begins
 */
record Effect(
    String run,
    String job,
    int attempt,
    String worker,
    Instant begunAt,
    Optional<Instant> endedAt) {
  /** Whether a worker of that name is the one that made it. */
  boolean isOf(String workerName) {
    return workerName.startsWith(worker + "-");
  }
}
