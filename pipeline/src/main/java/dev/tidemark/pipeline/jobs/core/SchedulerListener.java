package dev.tidemark.pipeline.jobs.core;

import dev.tidemark.contract.job.JobRequest;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/** Hears what the scheduler has decided. */
public interface SchedulerListener {
  /**
   * A job is another now.
   *
   * @param waitsFor why it has not begun although it is ready, if something of its own holds it
   */
  void changed(Job job, Optional<Hold> waitsFor);

  /** A job is not kept any more. */
  void forgotten(String id);

  /** A job is given to the worker that its lease names. */
  void assigned(Job job);

  /** A worker has to be told something of a job. */
  void told(String id, Step.Signal signal);

  /** A job that was asked for is not made: another counts as the same. */
  void duplicate(String id, JobRequest request, Instant due, String of);

  /** A queue is paused, or goes on. */
  void paused(String queue, boolean paused, String by);

  /** A worker is there that was not known, or as another. */
  void came(String worker, Set<String> types, int slots);

  /** A worker is there no more. */
  void went(String worker);

  /** Something was asked for that cannot be done. */
  void refused(String id, String why);

  /** What holds a job that is ready. */
  enum Hold {
    /** As many of its key run as may. */
    KEY,
    /** As many of its type began of late as may. */
    PACE,
    /** No worker that does its type has room. */
    WORKER
  }
}
