package dev.tidemark.connectors.capture;

import java.time.Duration;

/**
 * For how long the rest of a transaction has been waited for. A look that comes late counts for
 * little: this process, or the machine, may have stood still, and the rest with it. Not
 * thread-safe.
 */
final class RestOfTransaction {
  /** Less than a Kafka transaction may take. */
  static final Duration AWAITED = Duration.ofSeconds(20);

  private static final Duration LOOK = Duration.ofSeconds(1);

  private Duration waited = Duration.ZERO;
  private long lookedNanos;
  private boolean waiting;

  /** Whether to go on waiting. */
  boolean isAwaited(long nowNanos) {
    if (waiting) {
      Duration since = Duration.ofNanos(nowNanos - lookedNanos);
      waited = waited.plus(since.compareTo(LOOK) > 0 ? LOOK : since);
    }
    waiting = true;
    lookedNanos = nowNanos;
    return waited.compareTo(AWAITED) < 0;
  }

  /** It has come, or is not waited for any more. */
  void forget() {
    waiting = false;
    waited = Duration.ZERO;
  }
}
