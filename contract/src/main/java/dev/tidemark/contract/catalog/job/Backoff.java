package dev.tidemark.contract.catalog.job;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * How long to wait before a job is tried again.
 *
 * @param first before the second attempt
 * @param factor by how much longer each time; 1 or more
 * @param longest no longer than this
 * @param jitter by which part of itself a wait varies, 0 to 0.5, so that what failed together is
 *     not tried together
 */
public record Backoff(Duration first, double factor, Duration longest, double jitter) {
  /** What a type without a backoff of its own has. */
  public static final Backoff DEFAULT =
      new Backoff(Duration.ofMinutes(1), 2, Duration.ofHours(1), 0.1);

  public Backoff {
    requireNonNull(first, "first is null");
    requireNonNull(longest, "longest is null");
    if (first.isNegative() || longest.compareTo(first) < 0) {
      throw new IllegalArgumentException("a backoff from " + first + " to " + longest);
    }
    if (!(factor >= 1 && factor <= 100)) {
      throw new IllegalArgumentException("a factor of " + factor + " is not within 1 to 100");
    }
    if (!(jitter >= 0 && jitter <= 0.5)) {
      throw new IllegalArgumentException("a jitter of " + jitter + " is not within 0 to 0.5");
    }
  }

  /**
   * The wait after an attempt that failed.
   *
   * @param attempt the number of that attempt, from 1
   * @param dice from 0 to 1: where in the jitter
   */
  public Duration after(int attempt, double dice) {
    double plain = (double) first.toMillis() * Math.pow(factor, Math.max(0, attempt - 1));
    double most = Math.min(plain, (double) longest.toMillis());
    return Duration.ofMillis(Math.round(most * (1 + jitter * (2 * dice - 1))));
  }
}
