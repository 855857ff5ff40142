package dev.tidemark.contract.job;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What the scheduler of jobs is told. Told twice it does the same. */
public sealed interface JobCommand {
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
   * @param type the type of job
   * @param priority from 0 to 9; the type's if there is none
   * @param key what limits per key go by
   * @param uniqueKey by which another counts as the same
   * @param input what it is given, as JSON
   * @param due not before then
   * @param by who asked
   * @param at when
   */
  record Submit(
      String id,
      String type,
      Optional<Integer> priority,
      Optional<String> key,
      Optional<String> uniqueKey,
      String input,
      Instant due,
      String by,
      Instant at)
      implements OfJob {
    public Submit {
      requireNonNull(id, "id is null");
      requireNonNull(type, "type is null");
      requireNonNull(priority, "priority is null");
      requireNonNull(key, "key is null");
      requireNonNull(uniqueKey, "uniqueKey is null");
      requireNonNull(input, "input is null");
      requireNonNull(due, "due is null");
      requireNonNull(by, "by is null");
      requireNonNull(at, "at is null");
    }
  }

  /** Somebody wants it no more. */
  record Cancel(String id) implements OfJob {
    public Cancel {
      requireNonNull(id, "id is null");
    }
  }

  /** Somebody wants it done after all, or once more. */
  record Retry(String id) implements OfJob {
    public Retry {
      requireNonNull(id, "id is null");
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
   * @param slots how many it does at a time, of all partitions together
   * @param running the attempts of this partition's jobs that it makes
   */
  record Alive(String worker, Set<String> types, int slots, Map<String, Integer> running)
      implements JobCommand {
    public Alive {
      requireNonNull(worker, "worker is null");
      types = java.util.Collections.unmodifiableSet(new TreeSet<>(types));
      running = java.util.Collections.unmodifiableMap(new TreeMap<>(running));
      if (slots < 1) {
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
  record Pause(String queue) implements JobCommand {
    public Pause {
      requireNonNull(queue, "queue is null");
    }
  }

  /** A queue goes on; said to each partition. */
  record Resume(String queue) implements JobCommand {
    public Resume {
      requireNonNull(queue, "queue is null");
    }
  }
}
