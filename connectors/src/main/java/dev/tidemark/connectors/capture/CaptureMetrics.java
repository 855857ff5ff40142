package dev.tidemark.connectors.capture;

import dev.tidemark.contract.ChangeKind;
import dev.tidemark.contract.ScopedChange;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/** What capture counts and measures. */
final class CaptureMetrics {
  private final Map<ChangeKind, Counter> sent = new EnumMap<>(ChangeKind.class);
  private final Map<ScopedChange.Kind, Counter> scoped = new EnumMap<>(ScopedChange.Kind.class);
  private final Counter outcomes;
  private final Counter replayed;
  private final Counter deadLetters;
  private final Counter restarts;
  private final Timer lag;
  private final AtomicLong slotBytes = new AtomicLong();
  private final AtomicInteger slotAtRisk = new AtomicInteger();
  private final AtomicInteger leading = new AtomicInteger();
  private final AtomicInteger stoppedTables = new AtomicInteger();
  private final AtomicReference<Instant> positionAt = new AtomicReference<>(Instant.now());

  CaptureMetrics(MeterRegistry registry) {
    for (ChangeKind kind : ChangeKind.values()) {
      sent.put(
          kind,
          Counter.builder("tidemark.capture.changes")
              .description("Changes sent to Kafka")
              .tag("kind", kind.text())
              .register(registry));
    }
    for (ScopedChange.Kind kind : ScopedChange.Kind.values()) {
      scoped.put(
          kind,
          Counter.builder("tidemark.capture.scoped")
              .description("What scopes were told of changes")
              .tag("kind", kind.text())
              .register(registry));
    }
    outcomes =
        Counter.builder("tidemark.capture.outcomes")
            .description("Outcomes of operations sent to Kafka")
            .register(registry);
    replayed =
        Counter.builder("tidemark.capture.replayed")
            .description("Changes passed over after a restart because they had been sent before")
            .register(registry);
    deadLetters =
        Counter.builder("tidemark.capture.dead.letters")
            .description("Changes put into the dead-letter topic")
            .register(registry);
    restarts =
        Counter.builder("tidemark.capture.restarts")
            .description("Times capture has begun anew after a failure")
            .register(registry);
    lag =
        Timer.builder("tidemark.capture.lag")
            .description("From the commit in Postgres to the commit in Kafka")
            .publishPercentileHistogram()
            .minimumExpectedValue(Duration.ofMillis(1))
            .maximumExpectedValue(Duration.ofMinutes(5))
            .register(registry);
    Gauge.builder("tidemark.capture.slot.bytes", slotBytes, AtomicLong::get)
        .description("Write-ahead log that the slot keeps Postgres from removing")
        .baseUnit("bytes")
        .register(registry);
    Gauge.builder("tidemark.capture.slot.risk", slotAtRisk, AtomicInteger::get)
        .description("wal_status of the slot: 0 reserved, 1 extended, 2 unreserved, 3 lost or gone")
        .register(registry);
    Gauge.builder("tidemark.capture.leading", leading, AtomicInteger::get)
        .description("1 where this process captures, 0 where it stands by")
        .register(registry);
    Gauge.builder("tidemark.capture.tables.stopped", stoppedTables, AtomicInteger::get)
        .description("Tables whose changes go to the dead-letter topic")
        .register(registry);
    Gauge.builder(
            "tidemark.capture.position.age",
            positionAt,
            at -> Duration.between(at.get(), Instant.now()).toMillis() / 1000.0)
        .description("Seconds since the position was last committed")
        .baseUnit("seconds")
        .register(registry);
  }

  void sent(ChangeKind kind) {
    Counter counter = sent.get(kind);
    if (counter != null) {
      counter.increment();
    }
  }

  void scoped(ScopedChange.Kind kind) {
    Counter counter = scoped.get(kind);
    if (counter != null) {
      counter.increment();
    }
  }

  void outcome() {
    outcomes.increment();
  }

  void replayed() {
    replayed.increment();
  }

  void deadLetter() {
    deadLetters.increment();
  }

  void restarted() {
    restarts.increment();
  }

  void committed(Instant oldestCommit, Instant now) {
    lag.record(Duration.between(oldestCommit, now));
    positionAt.set(now);
  }

  void positionCommitted(Instant now) {
    positionAt.set(now);
  }

  void slot(long bytes, int risk) {
    slotBytes.set(bytes);
    slotAtRisk.set(risk);
  }

  void leading(boolean leads) {
    leading.set(leads ? 1 : 0);
  }

  void stoppedTables(int count) {
    stoppedTables.set(count);
  }
}
