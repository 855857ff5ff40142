package dev.tidemark.api.pull;

import dev.tidemark.pipeline.scopelog.core.Page;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter.MeterProvider;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.inject.Singleton;
import java.util.concurrent.TimeUnit;

/** Counts and times what is handed out. */
@Singleton
final class PullMeters {
  private final MeterProvider<Timer> pages;
  private final MeterProvider<Counter> changes;

  PullMeters(MeterRegistry registry) {
    pages =
        Timer.builder("tidemark.pull.pages")
            .description("Time to read a page of changes from the log.")
            .publishPercentileHistogram()
            .withRegistry(registry);
    changes =
        Counter.builder("tidemark.pull.changes")
            .description("Changes that were handed out.")
            .withRegistry(registry);
  }

  void pulled(boolean first, Page page, long nanos) {
    pages
        .withTags("kind", first ? "first" : "delta", "more", Boolean.toString(page.more()))
        .record(nanos, TimeUnit.NANOSECONDS);
    double puts = page.changes().stream().filter(Page.Told::put).count();
    changes.withTags("kind", "put").increment(puts);
    changes.withTags("kind", "remove").increment(page.changes().size() - puts);
  }
}
