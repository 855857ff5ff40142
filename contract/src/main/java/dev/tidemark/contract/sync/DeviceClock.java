package dev.tidemark.contract.sync;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How far a device's clock is off, as a batch shows it: the moment the device says it sent the
 * batch against the moment it arrived. Both moments of an operation are kept, the raw one and the
 * corrected one; only the corrected one is ever compared.
 *
 * @param ahead by how much the device's clock is ahead of ours; negative if it is behind
 * @param received when the batch arrived, by our clock
 */
public record DeviceClock(Duration ahead, Instant received) {
  /**
   * What a batch may take to arrive. A difference within it says nothing of the clock, and
   * correcting it would move every operation by the length of a queue.
   */
  public static final Duration ON_ITS_WAY = Duration.ofSeconds(5);

  public DeviceClock {
    requireNonNull(ahead, "ahead is null");
    requireNonNull(received, "received is null");
  }

  /** Of a batch; without the device's own word nothing is corrected. */
  public static DeviceClock of(@Nullable Instant sent, Instant received) {
    if (sent == null) {
      return new DeviceClock(Duration.ZERO, received);
    }
    Duration ahead = Duration.between(received, sent);
    boolean believable = ahead.abs().compareTo(ON_ITS_WAY) <= 0;
    return new DeviceClock(believable ? Duration.ZERO : ahead, received);
  }

  /** A moment by our clock. Nothing has happened after it was told of. */
  public Instant corrected(Instant moment) {
    Instant ours = moment.minus(ahead);
    return ours.isAfter(received) ? received : ours;
  }
}
