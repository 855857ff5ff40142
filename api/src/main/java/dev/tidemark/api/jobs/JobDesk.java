package dev.tidemark.api.jobs;

import dev.tidemark.api.problem.AwayException;
import dev.tidemark.contract.job.JobCommand;
import dev.tidemark.pipeline.board.JobBoard;
import java.util.List;

/** Where commands are taken to, and what is known of jobs. */
public interface JobDesk {
  /**
   * What this node knows of jobs.
   *
   * @throws AwayException if it does not know all yet
   */
  JobBoard board();

  /**
   * Tells the scheduler; returns when the brokers have it.
   *
   * @throws AwayException if they do not take it
   */
  void say(List<? extends JobCommand> commands);
}
