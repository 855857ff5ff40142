package dev.tidemark.connectors.work.http;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Our own pace towards each host: no faster than it says, and not before the host wants it. */
public final class Metronome {
  private final Map<String, Instant> free = new ConcurrentHashMap<>();

  /** How long to wait before the host is asked; the turn is taken. */
  public Duration turn(String host, Duration between, Instant now) {
    Instant[] mine = new Instant[1];
    free.compute(
        host,
        (_, next) -> {
          mine[0] = next == null || next.isBefore(now) ? now : next;
          return mine[0].plus(between);
        });
    return Duration.between(now, mine[0]);
  }

  /** The host will not be asked before. */
  public void notBefore(String host, Instant time) {
    free.merge(host, time, (next, other) -> next.isAfter(other) ? next : other);
  }
}
