package dev.tidemark.pipeline.cache;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/** What the topology counts. */
final class CacheMeters {
  private final Counter changes;
  private final Counter idle;
  private final Counter invalidations;
  private final Counter lost;

  CacheMeters(MeterRegistry registry) {
    changes = changes(registry, "true");
    idle = changes(registry, "false");
    invalidations =
        Counter.builder("tidemark.cache.derived")
            .description("Invalidations that were derived from changes")
            .register(registry);
    lost =
        Counter.builder("tidemark.cache.lost")
            .description(
                "Changes that were put aside unread, so that all answers went that could depend on"
                    + " them")
            .register(registry);
  }

  void change(int targets) {
    (targets == 0 ? idle : changes).increment();
    invalidations.increment(targets);
  }

  void lost(int targets) {
    lost.increment();
    invalidations.increment(targets);
  }

  private static Counter changes(MeterRegistry registry, String matters) {
    return Counter.builder("tidemark.cache.changes")
        .description("Changes that were looked at, by whether a view shows them")
        .tag("matters", matters)
        .register(registry);
  }
}
