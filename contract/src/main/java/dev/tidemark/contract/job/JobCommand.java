package dev.tidemark.contract.job;

import static java.util.Objects.requireNonNull;

import dev.tidemark.contract.catalog.job.JobSchedule;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What the scheduler of jobs is told. Told twice it does the same. */
public sealed interface JobCommand {
  /** What it goes by in its topic: what it is about. */
  default String key() {
    return switch (this) {
      case OfJob ofJob -> ofJob.id();
      case OfSchedule ofSchedule -> ofSchedule.name();
      case Alive alive -> alive.worker();
      case Gone(String worker) -> worker;
      case Pause(String queue, String _) -> queue;
      case Resume(String queue, String _) -> queue;
      case Forget(Instant before) -> before.toString();
    };
  }

  /** What somebody wants of one job, or a worker says of it. */
  sealed interface OfJob extends JobCommand {
    String id();
  }

  /** What a worker says of the attempt that it makes. */
  sealed interface OfAttempt extends OfJob {
    int attempt();

    String worker();
  }

  /**
   * Somebody wants a job done.
   *
   * @param id its id, which begins with its place
   * @param request what is wanted
   * @param due not before then
   */
  record Submit(String id, JobRequest request, Instant due) implements OfJob {
    public Submit {
      requireNonNull(id, "id is null");
      requireNonNull(request, "request is null");
      requireNonNull(due, "due is null");
    }
  }

  /** Somebody wants it no more. */
  record Cancel(String id) implements OfJob {
    public Cancel {
      requireNonNull(id, "id is null");
    }
  }

  /**
   * Somebody wants it done after all, or once more.
   *
   * @param due not before then
   */
  record Retry(String id, Instant due) implements OfJob {
    public Retry {
      requireNonNull(id, "id is null");
      requireNonNull(due, "due is null");
    }
  }

  /** Somebody wants it at another time. */
  record Reschedule(String id, Instant due) implements OfJob {
    public Reschedule {
      requireNonNull(id, "id is null");
      requireNonNull(due, "due is null");
    }
  }

  /**
   * How far it is.
   *
   * @param percent from 0 to 100
   * @param text in words; may be empty
   */
  record Progressed(String id, int attempt, String worker, int percent, String text)
      implements OfAttempt {
    public Progressed {
      requireNonNull(id, "id is null");
      requireNonNull(worker, "worker is null");
      requireNonNull(text, "text is null");
    }
  }

  /**
   * How an attempt could go on where this one is.
   *
   * @param state what the next attempt is told of it
   */
  record Saved(String id, int attempt, String worker, String state) implements OfAttempt {
    public Saved {
      requireNonNull(id, "id is null");
      requireNonNull(worker, "worker is null");
      requireNonNull(state, "state is null");
    }
  }

  /**
   * It is done.
   *
   * @param result what it came to, as JSON
   */
  record Succeeded(String id, int attempt, String worker, Optional<String> result)
      implements OfAttempt {
    public Succeeded {
      requireNonNull(id, "id is null");
      requireNonNull(worker, "worker is null");
      requireNonNull(result, "result is null");
    }
  }

  /**
   * It could not be done.
   *
   * @param isFinal whether another attempt could do no better
   */
  record Failed(String id, int attempt, String worker, String error, boolean isFinal)
      implements OfAttempt {
    public Failed {
      requireNonNull(id, "id is null");
      requireNonNull(worker, "worker is null");
      requireNonNull(error, "error is null");
    }
  }

  /** Its worker has to go, and gives it back. */
  record HandedBack(String id, int attempt, String worker) implements OfAttempt {
    public HandedBack {
      requireNonNull(id, "id is null");
      requireNonNull(worker, "worker is null");
    }
  }

  /**
   * A worker is there; said to each partition, again and again.
   *
   * @param worker its name, which nobody had before it
   * @param types of jobs that it does
   * @param slots how many it does at a time, of all partitions together; 0 if it is not to be given
   *     any for now
   * @param running the attempts of this partition's jobs that it makes
   * @param lease without another word for so long it counts as dead
   */
  record Alive(
      String worker, Set<String> types, int slots, Map<String, Integer> running, Duration lease)
      implements JobCommand {
    /** For a worker that says it each second. */
    public static final Duration LEASE = Duration.ofSeconds(4);

    public Alive {
      requireNonNull(worker, "worker is null");
      types = java.util.Collections.unmodifiableSet(new TreeSet<>(types));
      running = java.util.Collections.unmodifiableMap(new TreeMap<>(running));
      requireNonNull(lease, "lease is null");
      if (!lease.isPositive()) {
        throw new IllegalArgumentException("a lease of " + lease);
      }
      if (slots < 0) {
        throw new IllegalArgumentException("a worker of " + slots + " slots");
      }
    }
  }

  /** A worker goes. */
  record Gone(String worker) implements JobCommand {
    public Gone {
      requireNonNull(worker, "worker is null");
    }
  }

  /** Nothing of a queue is begun until it is resumed; said to each partition. */
  record Pause(String queue, String by) implements JobCommand {
    public Pause {
      requireNonNull(queue, "queue is null");
      requireNonNull(by, "by is null");
    }
  }

  /** A queue goes on; said to each partition. */
  record Resume(String queue, String by) implements JobCommand {
    public Resume {
      requireNonNull(queue, "queue is null");
      requireNonNull(by, "by is null");
    }
  }

  /**
   * Nobody wants to know any more of jobs that have ended; said to each partition.
   *
   * @param before of those that ended before then
   */
  record Forget(Instant before) implements JobCommand {
    public Forget {
      requireNonNull(before, "before is null");
    }
  }

  /** What somebody wants of a schedule; said where it lives. */
  sealed interface OfSchedule extends JobCommand {
    String name();

    /** Who wants it. */
    String by();
  }

  /** There is to be such a schedule, in place of one of that name if there is one. */
  record PutSchedule(JobSchedule schedule, String by) implements OfSchedule {
    public PutSchedule {
      requireNonNull(schedule, "schedule is null");
      requireNonNull(by, "by is null");
    }

    @Override
    public String name() {
      return schedule.name();
    }
  }

  /** There is to be no such schedule; one of the catalog is as it is there again. */
  record DropSchedule(String name, String by) implements OfSchedule {
    public DropSchedule {
      requireNonNull(name, "name is null");
      requireNonNull(by, "by is null");
    }
  }

  /** Nothing is due by it until it is resumed. */
  record PauseSchedule(String name, String by) implements OfSchedule {
    public PauseSchedule {
      requireNonNull(name, "name is null");
      requireNonNull(by, "by is null");
    }
  }

  /** It goes on; what would have been due meanwhile was not missed. */
  record ResumeSchedule(String name, String by) implements OfSchedule {
    public ResumeSchedule {
      requireNonNull(name, "name is null");
      requireNonNull(by, "by is null");
    }
  }

  /**
   * A job of it is to be made now.
   *
   * @param id the job's
   */
  record Trigger(String name, String id, String by) implements OfSchedule {
    public Trigger {
      requireNonNull(name, "name is null");
      requireNonNull(id, "id is null");
      requireNonNull(by, "by is null");
    }
  }

  /**
   * A job is to be made for each time that it was or would have been due, unless one is known.
   *
   * @param after from then on, not then itself
   * @param until up to then
   */
  record Backfill(String name, Instant after, Instant until, String by) implements OfSchedule {
    /** No more jobs than these, the last of them. */
    public static final int MOST = 1_000;

    /** No further back than that. */
    public static final Duration FURTHEST = Duration.ofDays(3_653);

    public Backfill {
      requireNonNull(name, "name is null");
      requireNonNull(after, "after is null");
      requireNonNull(until, "until is null");
      requireNonNull(by, "by is null");
    }
  }
}
