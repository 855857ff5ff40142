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

  /** Writes down a line that is kept with the job. The first thousand of an attempt are. */
  void log(String line);

  /** What an earlier attempt has saved last. */
  Optional<String> saved();

  /**
   * Says how the next attempt could go on where this one is, should this one not end well.
   *
   * @param state at most 10,000 characters
   */
  void save(String state);

  /**
   * Wants another job done.
   *
   * @param name what tells it from others of this job: each attempt that uses it means the same
   * @return its id
   */
  String submit(String name, NewJob job);

  /** Wants all jobs forgotten that ended before a time. */
  void forgetEnded(Instant before);

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
