package dev.tidemark.standalone.system;

import dev.tidemark.api.health.HealthComponent;
import dev.tidemark.connectors.capture.Capture;
import dev.tidemark.connectors.capture.CaptureHealth;
import dev.tidemark.connectors.capture.CaptureSettings;
import dev.tidemark.contract.catalog.Catalog;
import dev.tidemark.standalone.home.Refusal;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;

/** Capture: what is committed in Postgres goes to Kafka. */
final class CapturePart implements Part, HealthComponent {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  // A small database is read within that; a large one goes on being read while the system runs.
  private static final Duration SNAPSHOT_PATIENCE = Duration.ofSeconds(8);
  private static final Duration POLL = Duration.ofMillis(10);

  private final Supplier<String> postgres;
  private final Supplier<String> kafka;
  private final Catalog catalog;
  private final MeterRegistry meters;
  private volatile Optional<Capture> capture = Optional.empty();
  private String where = "";

  CapturePart(
      Supplier<String> postgres, Supplier<String> kafka, Catalog catalog, MeterRegistry meters) {
    this.postgres = postgres;
    this.kafka = kafka;
    this.catalog = catalog;
    this.meters = meters;
  }

  @Override
  public String name() {
    return "capture";
  }

  @Override
  public void start() throws InterruptedException {
    Capture starting =
        new Capture(CaptureSettings.of(postgres.get(), kafka.get()), catalog, meters);
    capture = Optional.of(starting);
    starting.start();
    long began = System.nanoTime();
    while (true) {
      Duration waited = Duration.ofNanos(System.nanoTime() - began);
      CaptureHealth health = starting.health();
      switch (health.state()) {
        case STREAMING, DEGRADED, STALLED -> {
          where = "streaming";
          return;
        }
        case SNAPSHOT -> {
          if (waited.compareTo(SNAPSHOT_PATIENCE) > 0) {
            where = "reading the tables, which goes on";
            return;
          }
        }
        case REFUSED -> throw new Refusal("Capture refuses to start: " + health.detail() + ".");
        case STARTING, STANDBY, RETRYING, STOPPED -> {
          if (waited.compareTo(PATIENCE) > 0) {
            throw new Refusal(
                "Capture does not begin within %d s: %s."
                    .formatted(PATIENCE.toSeconds(), health.detail()));
          }
        }
      }
      Thread.sleep(POLL);
    }
  }

  @Override
  public Health check() {
    Optional<Capture> running = capture;
    if (running.isEmpty()) {
      return Health.down("not started yet");
    }
    CaptureHealth health = running.get().health();
    String detail = health.state().name().toLowerCase(Locale.ROOT) + ": " + health.detail();
    return health.up() ? Health.up(detail) : Health.down(detail);
  }

  @Override
  public String where() {
    return where;
  }

  @Override
  public void close() {
    capture.ifPresent(Capture::close);
  }
}
