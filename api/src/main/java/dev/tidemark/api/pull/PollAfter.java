package dev.tidemark.api.pull;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * When a device that polls should come again: the longer nothing has happened in its scopes, the
 * later.
 */
final class PollAfter {
  static final Duration SOONEST = Duration.ofSeconds(10);
  static final Duration LATEST = Duration.ofSeconds(60);

  /** After ten minutes of silence a device comes once a minute. */
  private static final int PART = 10;

  private PollAfter() {}

  /**
   * @param lastChange when something last happened in the scopes, in microseconds since 1970
   */
  static Duration of(Optional<Long> lastChange, Instant now) {
    if (lastChange.isEmpty()) {
      return LATEST;
    }
    Instant last = Instant.EPOCH.plus(lastChange.get(), ChronoUnit.MICROS);
    Duration silence = Duration.between(last, now);
    if (silence.compareTo(LATEST.multipliedBy(PART)) >= 0) {
      return LATEST;
    }
    Duration part = silence.dividedBy(PART);
    return part.compareTo(SOONEST) < 0 ? SOONEST : Duration.ofSeconds(part.toSeconds());
  }
}
