package dev.tidemark.pipeline.runtime;

import java.time.Duration;
import java.time.Instant;

/**
 * How long a failed thread waits before it is replaced: twice as long after each failure, up to a
 * limit, and from the start again after a time without failures. Thread-safe.
 */
final class Restarts {
  private static final Duration FIRST = Duration.ofMillis(200);
  private static final Duration LONGEST = Duration.ofSeconds(30);
  private static final Duration FORGET = Duration.ofMinutes(2);

  private Duration next = FIRST;
  private Instant last = Instant.MIN;

  synchronized Duration afterFailure(Instant now) {
    if (last.isBefore(now.minus(FORGET))) {
      next = FIRST;
    }
    last = now;
    Duration wait = next;
    next = next.multipliedBy(2).compareTo(LONGEST) < 0 ? next.multipliedBy(2) : LONGEST;
    return wait;
  }
}
