package dev.tidemark.bench.capture;

import dev.tidemark.connectors.capture.Capture;
import dev.tidemark.connectors.capture.CaptureHealth.State;
import dev.tidemark.connectors.capture.CaptureSettings;
import dev.tidemark.contract.catalog.Catalog;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Tidemark's own capture with its default settings. */
final class TidemarkReader implements Reader {
  private final CaptureSettings settings;
  private final Catalog catalog;
  private final ContenderReport report;
  private @Nullable Capture capture;

  TidemarkReader(CaptureSettings settings, Catalog catalog, ContenderReport report) {
    this.settings = settings;
    this.catalog = catalog;
    this.report = report;
  }

  @Override
  public void start() {
    Capture started = new Capture(settings, catalog, new SimpleMeterRegistry());
    capture = started;
    started.start();
    while (started.health().state() != State.STREAMING) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
    }
    report.streaming();
  }

  @Override
  public void stop() {
    Objects.requireNonNull(capture, "never started").close();
  }
}
