package dev.tidemark.connectors.jobs;

import org.jspecify.annotations.Nullable;

/**
 * Does the jobs of one type. It may be run twice for one job, if a worker died or was thought dead;
 * what it does outside has to bear that.
 *
 * @param <I> what it is given, as Jackson reads it
 * @param <O> what it comes to, as Jackson writes it
 */
public interface JobHandler<I, O> {
  /** The type of jobs, as the catalog names it. */
  String type();

  /** What it is given. */
  Class<I> input();

  /**
   * Does a job. The thread is interrupted when it has to end; {@link JobContext#checkpoint} says so
   * as well.
   *
   * @throws FinalError if another attempt could do no better
   * @throws Exception if another attempt could
   */
  @Nullable O run(I input, JobContext context) throws Exception;
}
