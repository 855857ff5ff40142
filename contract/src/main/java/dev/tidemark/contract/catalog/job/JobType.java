package dev.tidemark.contract.catalog.job;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

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
    Keeping keeping) {
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

  public JobType {
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
}
