package dev.tidemark.api.cache;

import static java.util.Objects.requireNonNull;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Counts and times what the cache does. */
public final class CacheMeters {
  private final Map<Given.Tier, Counter> given = new EnumMap<>(Given.Tier.class);
  private final Timer fetches;
  private final Counter errors;
  private final Counter late;
  private final Counter invalidations;
  private final Counter dropped;
  private final Timer delay;
  private final Counter cleared;

  public CacheMeters(MeterRegistry registry, MemoryTier memory, Freshness freshness) {
    for (Given.Tier tier : Given.Tier.values()) {
      given.put(
          tier,
          Counter.builder("tidemark.cache.answers")
              .description("Answers that were given, by where they came from")
              .tag("tier", tier.text())
              .register(registry));
    }
    fetches =
        Timer.builder("tidemark.cache.fetches")
            .description("Time that Postgres took for an answer")
            .publishPercentileHistogram()
            .register(registry);
    errors =
        Counter.builder("tidemark.cache.errors")
            .description("Questions that could not be answered")
            .register(registry);
    late =
        Counter.builder("tidemark.cache.late")
            .description("Answers that were not kept because a change came while they were fetched")
            .register(registry);
    invalidations =
        Counter.builder("tidemark.cache.invalidations")
            .description("Invalidations that this node heard of")
            .register(registry);
    dropped =
        Counter.builder("tidemark.cache.dropped")
            .description("Answers in memory that became untrue")
            .register(registry);
    delay =
        Timer.builder("tidemark.cache.delay")
            .description("From the commit of a change until this node does not give it any more")
            .publishPercentileHistogram()
            .register(registry);
    cleared =
        Counter.builder("tidemark.cache.cleared")
            .description("How often memory was emptied because something may have been missed")
            .register(registry);
    Gauge.builder("tidemark.cache.memory.entries", memory, MemoryTier::size)
        .description("Answers in memory")
        .register(registry);
    Gauge.builder("tidemark.cache.memory.bytes", memory, MemoryTier::weight)
        .description("What they take, about")
        .register(registry);
    Gauge.builder(
            "tidemark.cache.proof.age",
            freshness,
            f -> f.age().map(age -> age.toNanos() / 1e9).orElse(Double.POSITIVE_INFINITY))
        .description(
            "Seconds since this node is known to have heard of everything; above"
                + " TIDEMARK_CACHE_PATIENCE Postgres is asked instead")
        .register(registry);
  }

  void given(Given.Tier tier) {
    requireNonNull(given.get(tier), "a tier without a counter").increment();
  }

  void fetched(long nanos) {
    fetches.record(nanos, TimeUnit.NANOSECONDS);
  }

  void failed() {
    errors.increment();
  }

  void late() {
    late.increment();
  }

  void invalidated(int heard, int gone) {
    invalidations.increment(heard);
    dropped.increment(gone);
  }

  void delayed(Duration sinceCommit) {
    delay.record(sinceCommit.isNegative() ? Duration.ZERO : sinceCommit);
  }

  void cleared() {
    cleared.increment();
  }

  /** How many answers came from a tier. */
  public long count(Given.Tier tier) {
    return (long) requireNonNull(given.get(tier), "a tier without a counter").count();
  }

  public long errors() {
    return (long) errors.count();
  }

  public long invalidations() {
    return (long) invalidations.count();
  }

  /** How long a fetch takes on average, in milliseconds. */
  public double fetchMillis() {
    return fetches.mean(TimeUnit.MILLISECONDS);
  }

  /** How long an invalidation takes on average, in milliseconds. */
  public double delayMillis() {
    return delay.mean(TimeUnit.MILLISECONDS);
  }
}
