package dev.tidemark.api.jobs;

import dev.tidemark.api.problem.AwayException;
import dev.tidemark.contract.job.JobState;
import dev.tidemark.pipeline.board.JobBoard;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/** Waits until the board shows what was asked for. */
public final class JobWaits {
  private JobWaits() {}

  /** Whether it came to be in time. */
  static boolean until(JobBoard board, BooleanSupplier wanted, Duration atMost) {
    try {
      return board.await(wanted, atMost);
    } catch (InterruptedException e) {
      throw stopping(e);
    }
  }

  static Optional<JobState> job(JobBoard board, String id, Duration atMost) {
    return job(board, id, _ -> true, atMost);
  }

  public static Optional<JobState> job(
      JobBoard board, String id, Predicate<JobState> wanted, Duration atMost) {
    try {
      return board.await(id, wanted, atMost);
    } catch (InterruptedException e) {
      throw stopping(e);
    }
  }

  private static AwayException stopping(InterruptedException e) {
    Thread.currentThread().interrupt();
    return new AwayException("this node is stopping", e);
  }
}
