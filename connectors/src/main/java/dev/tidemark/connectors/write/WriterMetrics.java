package dev.tidemark.connectors.write;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** What the writer counts and measures. */
final class WriterMetrics {
  /** One series of the writes. */
  private record Series(Effect effect, String result) {}

  private final MeterRegistry registry;
  private final Map<Series, Counter> writes = new HashMap<>();
  private final Counter retries;
  private final Counter deadLetters;
  private final Timer transactions;
  private final DistributionSummary sizes;
  private final Timer age;

  WriterMetrics(MeterRegistry registry) {
    this.registry = registry;
    retries =
        Counter.builder("tidemark.writer.retries")
            .description("Times that what was taken had to be tried again")
            .register(registry);
    deadLetters =
        Counter.builder("tidemark.writer.dead.letters")
            .description("Records put into the dead-letter topic")
            .register(registry);
    transactions =
        Timer.builder("tidemark.writer.transactions")
            .description("Transactions in Postgres that were committed, and how long they took")
            .publishPercentileHistogram()
            .minimumExpectedValue(Duration.ofMillis(1))
            .maximumExpectedValue(Duration.ofMinutes(1))
            .register(registry);
    sizes =
        DistributionSummary.builder("tidemark.writer.transaction.size")
            .description("Writes and batches in a transaction")
            .register(registry);
    age =
        Timer.builder("tidemark.writer.age")
            .description("From the oldest record's own time to its commit in Postgres")
            .publishPercentileHistogram()
            .minimumExpectedValue(Duration.ofMillis(1))
            .maximumExpectedValue(Duration.ofMinutes(5))
            .register(registry);
  }

  void ended(Effect effect, String result) {
    writes
        .computeIfAbsent(
            new Series(effect, result),
            series ->
                Counter.builder("tidemark.writer.writes")
                    .description("Writes by what they were to do and what became of them")
                    .tag("effect", series.effect().text())
                    .tag("result", series.result())
                    .register(registry))
        .increment();
  }

  void committed(int size, Duration took) {
    sizes.record(size);
    transactions.record(took);
  }

  void age(Duration oldest) {
    age.record(oldest);
  }

  void retried() {
    retries.increment();
  }

  void deadLetter() {
    deadLetters.increment();
  }
}
