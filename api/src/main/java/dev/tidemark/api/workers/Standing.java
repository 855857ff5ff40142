package dev.tidemark.api.workers;

import dev.tidemark.contract.job.JobState;
import dev.tidemark.contract.job.JobState.Failure;
import dev.tidemark.contract.job.JobState.Status;
import dev.tidemark.contract.job.WorkOrder;
import dev.tidemark.pipeline.board.JobBoard;
import java.util.Optional;
import java.util.Set;

/** How an attempt stands, by what is known of its job. */
enum Standing {
  /** Nothing has been told of it yet. */
  NOT_YET,
  /** It runs, and is the worker's own. */
  RUNS,
  /** It runs, and is another's. */
  ANOTHERS,
  /** It runs no more. */
  OVER;

  private static final Set<String> SAID = Set.of("error", "final-error");

  static Standing of(JobState job, int attempt, String worker) {
    if (job.attempt() < attempt) {
      return NOT_YET;
    }
    if (job.attempt() > attempt || job.status() != Status.RUNNING) {
      return OVER;
    }
    return job.worker().equals(Optional.of(worker)) ? RUNS : ANOTHERS;
  }

  /** Whether an attempt that was ordered is known not to be its worker's any more. */
  static boolean isOver(JobBoard board, WorkOrder order) {
    return board
        .job(order.id())
        .map(job -> of(job, order.attempt(), order.worker()))
        .filter(standing -> standing == OVER || standing == ANOTHERS)
        .isPresent();
  }

  /** Whether a job is done by this attempt with this result. */
  static boolean isDone(JobState job, int attempt, Optional<String> result) {
    return job.status() == Status.COMPLETED
        && job.attempt() == attempt
        && job.result().equals(result);
  }

  /** Whether this attempt ended by its worker's saying that it failed. */
  static boolean isFailed(JobState job, int attempt, String worker) {
    return failure(job, attempt)
        .map(
            failure ->
                SAID.contains(failure.reason()) && failure.worker().equals(Optional.of(worker)))
        .orElse(job.status() == Status.CANCELLED && job.attempt() == attempt);
  }

  /** Whether this attempt ended without a word against it. */
  static boolean isGivenBack(JobState job, int attempt) {
    boolean done = job.status() == Status.COMPLETED && job.attempt() == attempt;
    return !done && failure(job, attempt).isEmpty();
  }

  private static Optional<Failure> failure(JobState job, int attempt) {
    return job.failures().stream()
        // What it failed of when it was ready was none of the worker's.
        .filter(failure -> failure.attempt() == attempt && failure.worker().isPresent())
        .findFirst();
  }
}
