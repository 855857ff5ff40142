package dev.tidemark.pipeline.scopelog;

import dev.tidemark.pipeline.scopelog.core.LogFold;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;

/** Counts what goes into the log and how late it is there. */
final class ScopeLogMeters {
  private final Map<LogFold.Result, Counter> records = new EnumMap<>(LogFold.Result.class);
  private final Counter unreadable;
  private final Counter forgotten;
  private final Timer delay;

  ScopeLogMeters(MeterRegistry registry, Supplier<Number> lag) {
    for (LogFold.Result result : LogFold.Result.values()) {
      records.put(
          result,
          Counter.builder("tidemark.scope.log.records")
              .description("Scoped changes that came to the log of this node.")
              .tag("result", result.name().toLowerCase(Locale.ROOT))
              .register(registry));
    }
    unreadable =
        Counter.builder("tidemark.scope.log.unreadable")
            .description("Scoped changes that could not be read and were put aside.")
            .register(registry);
    forgotten =
        Counter.builder("tidemark.scope.log.forgotten")
            .description("Removals that are older than the horizon and were forgotten.")
            .register(registry);
    delay =
        Timer.builder("tidemark.scope.log.delay")
            .description("From a commit in Postgres until the log of this node has it.")
            .publishPercentileHistogram()
            .register(registry);
    Gauge.builder("tidemark.scope.log.lag", lag)
        .description("How many records of the topic the log of this node is behind.")
        .register(registry);
  }

  void taken(LogFold.Result result) {
    requireCounter(result).increment();
  }

  void delayed(Duration since) {
    delay.record(since.isNegative() ? Duration.ZERO : since);
  }

  void unreadable() {
    unreadable.increment();
  }

  void forgot(int count) {
    forgotten.increment(count);
  }

  private Counter requireCounter(LogFold.Result result) {
    Counter counter = records.get(result);
    if (counter == null) {
      throw new IllegalStateException("no counter of " + result);
    }
    return counter;
  }
}
