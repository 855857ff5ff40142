package dev.tidemark.connectors.jobs;

import dev.tidemark.contract.job.WorkOrder.Why;
import java.time.Instant;
import java.util.Optional;

/** What a handler may know of its attempt, and say. */
public interface JobContext {
  /** The job's id: the same in each attempt. */
  String id();

  /** The number of the attempt, from 1. */
  int attempt();

  /** When it will be asked to end. */
  Instant soft();

  /** When whatever it does counts no more. */
  Instant hard();

  /**
   * Says how far it is. Told at most five times a second; the rest is dropped.
   *
   * @param percent from 0 to 100
   */
  void progress(int percent, String text);

  /** What it has to end for, if it has to. */
  Optional<Why> asked();

  /**
   * A place where it may end.
   *
   * @throws Ended if it has to
   */
  default void checkpoint() throws Ended {
    Optional<Why> why = asked();
    if (why.isPresent()) {
      throw new Ended(why.get());
    }
  }
}
