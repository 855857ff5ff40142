package dev.tidemark.pipeline.jobs.core;

import static java.util.Objects.requireNonNull;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What came of something that was asked of a job, or that befell it. */
public sealed interface Step {
  /**
   * The job is another now.
   *
   * @param job as it is now
   * @param signal what its worker has to be told, if anything
   */
  record Taken(Job job, Optional<Signal> signal) implements Step {
    public Taken {
      requireNonNull(job, "job is null");
      requireNonNull(signal, "signal is null");
    }
  }

  /**
   * Nothing has changed.
   *
   * @param why in words for whoever asked
   */
  record Refused(String why) implements Step {
    public Refused {
      requireNonNull(why, "why is null");
    }
  }

  /**
   * What a worker has to be told.
   *
   * @param worker who
   * @param attempt of which attempt
   * @param what it has to do
   */
  record Signal(String worker, int attempt, Demand what) {
    public Signal {
      requireNonNull(worker, "worker is null");
      requireNonNull(what, "what is null");
    }
  }

  /** What a worker has to do. */
  enum Demand {
    /** The soft limit is reached: leave what can go on later, and end. */
    END,
    /** Nobody wants it any more. */
    CANCEL,
    /** The attempt is not its own any more; whatever comes of it is not taken. */
    ABANDON
  }

  /** The job as it is now; null if nothing has changed. */
  default @Nullable Job changed() {
    return this instanceof Taken taken ? taken.job() : null;
  }
}
