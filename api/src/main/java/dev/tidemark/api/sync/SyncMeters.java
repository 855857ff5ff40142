package dev.tidemark.api.sync;

import dev.tidemark.contract.sync.ConflictType;
import dev.tidemark.contract.sync.Outcome;
import dev.tidemark.contract.sync.Submission;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter.MeterProvider;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** Counts and times what goes through. */
@Singleton
final class SyncMeters {
  private final InstantSource clock;
  private final MeterProvider<Timer> batches;
  private final MeterProvider<Timer> stages;
  private final MeterProvider<Counter> operations;
  private final MeterProvider<Counter> conflicts;

  SyncMeters(MeterRegistry meters, Waiters waiters, InstantSource clock) {
    this.clock = clock;
    batches =
        Timer.builder("tidemark.sync.batches")
            .description("Time from a batch's arrival to its answer.")
            .publishPercentileHistogram()
            .withRegistry(meters);
    stages =
        Timer.builder("tidemark.sync.stage")
            .description("How long operations take from one stage to the next.")
            .publishPercentileHistogram()
            .withRegistry(meters);
    operations =
        Counter.builder("tidemark.sync.operations")
            .description("Operations that are through.")
            .withRegistry(meters);
    conflicts =
        Counter.builder("tidemark.sync.conflicts")
            .description("Conflicts, and whose side their outcome is on.")
            .withRegistry(meters);
    Gauge.builder("tidemark.sync.waiting", waiters, Waiters::size)
        .description("Operations that are waited for.")
        .register(meters);
  }

  void answered(boolean settled, Duration took) {
    batches.withTags("answer", settled ? "200" : "202").record(took);
  }

  /** Notes an outcome that was heard as it came. */
  void through(Submission submission, Outcome outcome) {
    operations
        .withTags(
            "entity_type",
            outcome.key().type(),
            "strategy",
            submission.operation().strategy().text(),
            "result",
            outcome.result().text())
        .increment();
    ConflictType conflict = outcome.conflict();
    String resolution = outcome.resolution();
    if (conflict != null && resolution != null) {
      conflicts.withTags("type", conflict.text(), "resolution", resolution).increment();
    }
    Instant now = clock.instant();
    time("accepted-written", submission.received(), outcome.written());
    time("written-answered", outcome.written(), now);
  }

  private void time(String stage, Instant from, Instant to) {
    Duration took = Duration.between(from, to);
    stages.withTags("stage", stage).record(took.isNegative() ? Duration.ZERO : took);
  }
}
