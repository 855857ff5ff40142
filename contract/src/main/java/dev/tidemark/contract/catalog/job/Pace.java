package dev.tidemark.contract.catalog.job;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * How many in which time.
 *
 * @param count at most so many
 * @param per in any stretch of time as long as this
 */
public record Pace(int count, Duration per) {
  public Pace {
    requireNonNull(per, "per is null");
    if (count < 1 || !per.isPositive()) {
      throw new IllegalArgumentException(count + " per " + per + " is no pace");
    }
  }
}
