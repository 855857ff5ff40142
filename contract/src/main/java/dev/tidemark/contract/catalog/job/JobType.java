package dev.tidemark.contract.catalog.job;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;

/**
 * A kind of work.
 *
 * @param name what it is called
 * @param description what it does, in a sentence
 * @param queue where its jobs wait
 * @param priority from 0 to 9; in a queue the higher are begun first
 * @param soft after so long a job is asked to end
 * @param hard after so long its attempt counts as failed, whatever it does
 * @param attempts how often it is tried in all
 * @param backoff how long to wait between
 * @param pace at most so many of its jobs are begun in a time
 * @param perKey of the jobs that share a key, at most so many run at a time
 * @param unique whether a second job that wants the same is refused
 * @param keeping for how long is known what came of it
 * @param routes which of its jobs wait elsewhere; the first that fits counts
 */
public record JobType(
    String name,
    String description,
    String queue,
    int priority,
    Duration soft,
    Duration hard,
    int attempts,
    Backoff backoff,
    Optional<Pace> pace,
    OptionalInt perKey,
    Optional<Uniqueness> unique,
    Keeping keeping,
    List<Route> routes) {
  public static final int PRIORITY = 5;
  public static final int HIGHEST_PRIORITY = 9;
  public static final Duration SOFT = Duration.ofMinutes(5);
  public static final Duration HARD = Duration.ofMinutes(10);
  public static final int ATTEMPTS = 4;

  /**
   * For how long a job counts as the same as another with its unique key: as long as it has not
   * ended.
   *
   * @param within and at least for so long after it was submitted
   */
  public record Uniqueness(Optional<Duration> within) {
    /** As long as it has not ended, and no longer. */
    public static final Uniqueness WHILE_ALIVE = new Uniqueness(Optional.empty());

    public Uniqueness {
      requireNonNull(within, "within is null");
    }
  }

  /**
   * For how long a job that has ended is kept, with its result and its log.
   *
   * @param completed one that did its work, or was cancelled
   * @param failed one that did not
   */
  public record Keeping(Duration completed, Duration failed) {
    public static final Keeping DEFAULT = new Keeping(Duration.ofHours(1), Duration.ofDays(7));

    public Keeping {
      requireNonNull(completed, "completed is null");
      requireNonNull(failed, "failed is null");
    }
  }

  /**
   * Where some jobs of a type wait instead.
   *
   * @param priority those of this priority or more
   * @param bulk whether only those that are submitted many at a time
   * @param queue where
   */
  public record Route(int priority, boolean bulk, String queue) {
    public Route {
      requireNonNull(queue, "queue is null");
      if (priority < 0 || priority > HIGHEST_PRIORITY) {
        throw new IllegalArgumentException("there is no priority " + priority);
      }
    }
  }

  public JobType {
    routes = List.copyOf(routes);
    requireNonNull(name, "name is null");
    requireNonNull(description, "description is null");
    requireNonNull(queue, "queue is null");
    requireNonNull(backoff, "backoff is null");
    requireNonNull(pace, "pace is null");
    requireNonNull(perKey, "perKey is null");
    requireNonNull(unique, "unique is null");
    requireNonNull(keeping, "keeping is null");
    if (priority < 0 || priority > HIGHEST_PRIORITY || attempts < 1) {
      throw new IllegalArgumentException(
          "a job of priority " + priority + " with " + attempts + " attempts");
    }
    if (!soft.isPositive() || hard.compareTo(soft) < 0) {
      throw new IllegalArgumentException("a soft limit of " + soft + " and a hard one of " + hard);
    }
  }

  /**
   * Where a job waits.
   *
   * @param bulk whether it is submitted with many others
   */
  public String queueOf(int wanted, boolean bulk) {
    return routes.stream()
        .filter(route -> wanted >= route.priority() && (bulk || !route.bulk()))
        .findFirst()
        .map(Route::queue)
        .orElse(queue);
  }

  /**
   * What a unique key means that a job has, or may be given: also where the type asks for none,
   * another with the same is refused until the first has ended.
   */
  public Uniqueness uniqueness() {
    return unique.orElse(Uniqueness.WHILE_ALIVE);
  }

  /** All queues in which its jobs may wait. */
  public Set<String> queues() {
    Set<String> all = new TreeSet<>();
    all.add(queue);
    routes.forEach(route -> all.add(route.queue()));
    return all;
  }
}
