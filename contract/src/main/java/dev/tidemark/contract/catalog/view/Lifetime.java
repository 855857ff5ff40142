package dev.tidemark.contract.catalog.view;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * How long an answer may be kept, by how often it is asked for. A safety net: what makes an answer
 * untrue drops it at once.
 *
 * @param hot of an answer that is asked for often
 * @param warm of one that is asked for now and then
 * @param cold of one that is hardly asked for
 * @param jitter by which part of itself a lifetime varies, 0 to 0.5, so that what came together
 *     does not go together
 */
public record Lifetime(Duration hot, Duration warm, Duration cold, double jitter) {
  /** What a view without a lifetime of its own has. */
  public static final Lifetime DEFAULT = fixed(Duration.ofHours(1));

  /** As long as there is: an answer for which the catalog says {@code never}. */
  public static final Duration UNLIMITED = Duration.ofDays(3650);

  private static final double DEFAULT_JITTER = 0.1;

  public Lifetime {
    requireNonNull(hot, "hot is null");
    requireNonNull(warm, "warm is null");
    requireNonNull(cold, "cold is null");
    if (jitter < 0 || jitter > 0.5) {
      throw new IllegalArgumentException("a jitter of " + jitter + " is not within 0 to 0.5");
    }
  }

  public static Lifetime fixed(Duration duration) {
    return new Lifetime(duration, duration, duration, DEFAULT_JITTER);
  }
}
