package dev.tidemark.contract.catalog.job;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Optional;

/**
 * Where jobs wait for a worker.
 *
 * @param name what it is called
 * @param description what it is for, in a sentence
 * @param weight its share of the workers when others have jobs as well
 * @param concurrency at most so many of its jobs run at a time, wherever
 * @param ttl a job that has not been begun so long after it was due goes to the dead letters
 * @param pace at most so many of its jobs are begun in a time
 */
public record JobQueue(
    String name,
    String description,
    int weight,
    int concurrency,
    Duration ttl,
    Optional<Pace> pace) {
  public static final int WEIGHT = 1;
  public static final int CONCURRENCY = 100;
  public static final Duration TTL = Duration.ofHours(1);

  /** A queue of a smaller concurrency is not spread: a share of it would be less than one. */
  public static final int LEAST_SPREAD = 16;

  public JobQueue {
    requireNonNull(name, "name is null");
    requireNonNull(description, "description is null");
    requireNonNull(ttl, "ttl is null");
    requireNonNull(pace, "pace is null");
    if (weight < 1 || concurrency < 1 || !ttl.isPositive()) {
      throw new IllegalArgumentException(
          "a queue of weight " + weight + ", concurrency " + concurrency + ", ttl " + ttl);
    }
  }

  /** Whether each partition has its share of the queue; else it is in one place as a whole. */
  public boolean isSpread() {
    return pace.isEmpty() && concurrency >= LEAST_SPREAD;
  }
}
