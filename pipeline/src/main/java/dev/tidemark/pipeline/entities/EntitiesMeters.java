package dev.tidemark.pipeline.entities;

import dev.tidemark.pipeline.entities.core.Folded.Reason;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/** Counts what became of the changes. */
final class EntitiesMeters {
  private static final String CHANGES = "tidemark.entities.changes";

  private final Counter replaced;
  private final Map<Reason, Counter> ignored = new EnumMap<>(Reason.class);
  private final Counter truncated;

  EntitiesMeters(MeterRegistry registry) {
    replaced = counter(registry, "replaced", "");
    for (Reason reason : Reason.values()) {
      ignored.put(reason, counter(registry, "ignored", reason.name().toLowerCase(Locale.ROOT)));
    }
    truncated =
        Counter.builder("tidemark.entities.truncated")
            .description("Entities ended because their table was emptied")
            .register(registry);
  }

  void replaced() {
    replaced.increment();
  }

  void ignored(Reason reason) {
    Counter counter = ignored.get(reason);
    if (counter != null) {
      counter.increment();
    }
  }

  void truncated(int entities) {
    truncated.increment(entities);
  }

  private static Counter counter(MeterRegistry registry, String result, String reason) {
    return Counter.builder(CHANGES)
        .description("Changes folded into the state of their entity, by result")
        .tag("result", result)
        .tag("reason", reason)
        .register(registry);
  }
}
