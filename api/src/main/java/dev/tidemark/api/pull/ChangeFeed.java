package dev.tidemark.api.pull;

import dev.tidemark.pipeline.scopelog.core.LogView;
import dev.tidemark.pipeline.scopelog.core.Position;
import java.time.Duration;

/** The log of all scopes, as this node has it. Every call may block. */
public interface ChangeFeed {
  /**
   * The log as it is now; to be closed.
   *
   * @throws dev.tidemark.api.problem.AwayException if the node has none yet, or no more
   */
  LogView view();

  /** Names the log: a position means nothing in another one. */
  String log();

  /**
   * Waits until everything is in the log that anybody can have seen committed when the call came.
   *
   * @return whether it is
   */
  boolean awaitPresent(Duration atMost) throws InterruptedException;

  /** Waits until the log has come so far. */
  boolean await(Position position, Duration atMost) throws InterruptedException;
}
