package dev.tidemark.pipeline.board;

import dev.tidemark.contract.catalog.job.JobCatalog;
import dev.tidemark.contract.catalog.job.JobQueue;
import dev.tidemark.pipeline.board.core.Phase;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/** How many jobs there are, and how far behind the board is. */
final class BoardMeters implements AutoCloseable {
  private final MeterRegistry registry;
  private final Counter unreadable;
  private final List<Meter> meters = new ArrayList<>();

  /** Asked for a queue and a phase. */
  interface Counts {
    long of(String queue, Phase phase);
  }

  BoardMeters(
      MeterRegistry registry,
      JobCatalog catalog,
      Counts counts,
      Supplier<Number> lag,
      ToDoubleFunction<String> oldestAge) {
    this.registry = registry;
    unreadable =
        Counter.builder("tidemark.jobs.board.unreadable")
            .description("Records about jobs that could not be read.")
            .register(registry);
    meters.add(unreadable);
    meters.add(
        Gauge.builder("tidemark.jobs.board.lag", lag)
            .description("How many records about jobs this node has yet to read.")
            .register(registry));
    for (JobQueue queue : catalog.queues()) {
      for (Phase phase : Phase.values()) {
        meters.add(
            Gauge.builder("tidemark.jobs.count", () -> counts.of(queue.name(), phase))
                .description("Jobs that are known, by queue and by where they are in their life.")
                .tag("queue", queue.name())
                .tag("phase", phase.text())
                .register(registry));
      }
      meters.add(
          Gauge.builder("tidemark.jobs.oldest", queue.name(), oldestAge)
              .description("For how long the oldest job of a queue has been ready, in seconds.")
              .tag("queue", queue.name())
              .baseUnit("seconds")
              .register(registry));
    }
  }

  void unreadable() {
    unreadable.increment();
  }

  @Override
  public void close() {
    meters.forEach(registry::remove);
  }
}
