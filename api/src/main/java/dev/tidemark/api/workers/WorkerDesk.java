package dev.tidemark.api.workers;

import dev.tidemark.api.problem.AwayException;
import dev.tidemark.contract.job.JobCommand;
import dev.tidemark.contract.job.JobLog;
import java.util.List;
import java.util.Map;

/** Where it is said what workers are and write down, and from where their orders come. */
public interface WorkerDesk {
  /** In how many partitions the scheduler is. */
  int partitions();

  /**
   * Follows orders from now on, if it does not yet; those of the last minute have been taken when
   * it returns.
   *
   * @throws AwayException if the brokers do not answer
   */
  void follow();

  /**
   * Waits until the board shows what had been told of jobs when this was called.
   *
   * @throws AwayException if that takes too long
   */
  void present();

  /**
   * Says to each partition that a worker is there; returns when the brokers have it.
   *
   * @throws AwayException if they do not take it
   */
  void say(Map<Integer, JobCommand.Alive> alive);

  /**
   * Writes lines down; returns when the brokers have them.
   *
   * @throws AwayException if they do not take them
   */
  void log(List<JobLog> lines);
}
