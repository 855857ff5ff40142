package dev.tidemark.api.interop;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter.MeterProvider;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** Counts and times what the packages ask. */
@Singleton
final class InteropMeters {
  private final MeterProvider<Timer> pulls;
  private final MeterProvider<Timer> pushes;
  private final MeterProvider<Counter> rows;

  InteropMeters(MeterRegistry registry) {
    pulls =
        Timer.builder("tidemark.interop.pulls")
            .description("Time to answer a pull of a package.")
            .publishPercentileHistogram()
            .withRegistry(registry);
    pushes =
        Timer.builder("tidemark.interop.pushes")
            .description("Time to answer a push of a package.")
            .publishPercentileHistogram()
            .withRegistry(registry);
    rows =
        Counter.builder("tidemark.interop.rows")
            .description("Rows that packages have pushed, and what became of them.")
            .withRegistry(registry);
  }

  void pulled(Dialect dialect, String kind, long startedNanos) {
    pulls
        .withTags("package", name(dialect), "kind", kind)
        .record(System.nanoTime() - startedNanos, TimeUnit.NANOSECONDS);
  }

  void pushed(Dialect dialect, List<Settled> settled, long startedNanos) {
    boolean through = settled.stream().noneMatch(Settled::isPending);
    pushes
        .withTags("package", name(dialect), "through", Boolean.toString(through))
        .record(System.nanoTime() - startedNanos, TimeUnit.NANOSECONDS);
    for (Settled one : settled) {
      String result = one.isPending() ? "pending" : one.isError() ? "error" : "through";
      rows.withTags("package", name(dialect), "kind", one.pushed().kind().text(), "result", result)
          .increment();
    }
  }

  static String name(Enum<?> word) {
    return word.name().toLowerCase(Locale.ROOT);
  }
}
