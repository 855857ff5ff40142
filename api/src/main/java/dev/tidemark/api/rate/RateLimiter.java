package dev.tidemark.api.rate;

import io.github.bucket4j.Bandwidth;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.TimeMeter;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One bucket per key. The least recently used bucket goes when there are too many, so that a flood
 * of addresses costs memory only up to a bound.
 */
final class RateLimiter {
  private final Rate rate;
  private final TimeMeter clock;
  private final Map<String, Bucket> buckets;

  /**
   * @param granted whether the request may go on
   * @param remaining how many more may follow at once
   * @param retryAfter how long until the next one may, if this one may not
   */
  record Answer(boolean granted, long remaining, Duration retryAfter) {}

  RateLimiter(Rate rate, int mostKeys, TimeMeter clock) {
    this.rate = rate;
    this.clock = clock;
    this.buckets =
        new LinkedHashMap<>(64, 0.75f, true) {
          private static final long serialVersionUID = 1L;

          @Override
          protected boolean removeEldestEntry(Map.Entry<String, Bucket> eldest) {
            return size() > mostKeys;
          }
        };
  }

  Rate rate() {
    return rate;
  }

  Answer ask(String key) {
    ConsumptionProbe probe = bucket(key).tryConsumeAndReturnRemaining(1);
    return new Answer(
        probe.isConsumed(),
        probe.getRemainingTokens(),
        Duration.ofNanos(probe.getNanosToWaitForRefill()));
  }

  private Bucket bucket(String key) {
    synchronized (buckets) {
      return buckets.computeIfAbsent(key, _ -> fresh());
    }
  }

  private Bucket fresh() {
    return Bucket.builder()
        .withCustomTimePrecision(clock)
        .addLimit(
            Bandwidth.builder()
                .capacity(rate.requests())
                .refillGreedy(rate.requests(), rate.per())
                .build())
        .build();
  }
}
