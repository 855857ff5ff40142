package dev.tidemark.api.interop;

import dev.tidemark.contract.sync.DeviceClock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * When a person edited, as an operation may say it. A package cannot take an edit back that is too
 * old for the core, so it is told as the oldest that the core takes.
 *
 * @param clock how far the device's clock is off
 * @param oldest how long ago an operation may have happened
 * @param ahead how far in the future it may lie
 */
record EditTimes(DeviceClock clock, Duration oldest, Duration ahead) {
  /** The core looks at it a moment later than we do. */
  private static final Duration MARGIN = Duration.ofHours(1);

  Instant of(Optional<Instant> edited) {
    Instant received = clock.received();
    if (edited.isEmpty()) {
      return received.plus(clock.ahead());
    }
    Duration margin = MARGIN.compareTo(oldest) < 0 ? MARGIN : oldest.dividedBy(2);
    Instant first = received.minus(oldest).plus(margin);
    Instant last = received.plus(ahead);
    Instant ours = edited.get().minus(clock.ahead());
    Instant bounded = ours.isBefore(first) ? first : ours.isAfter(last) ? last : ours;
    return bounded.plus(clock.ahead());
  }
}
