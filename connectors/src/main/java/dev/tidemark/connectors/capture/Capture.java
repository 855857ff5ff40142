package dev.tidemark.connectors.capture;

import dev.tidemark.connectors.capture.CaptureHealth.State;
import dev.tidemark.contract.CaptureCommand;
import dev.tidemark.contract.catalog.Catalog;
import io.micrometer.core.instrument.MeterRegistry;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends every committed change of the catalog's tables to Kafka, exactly once, for as long as it
 * runs. Several may run for one slot: one leads, the others stand by. What fails is begun anew,
 * with growing pauses; what needs a person is said in {@link #health()} and tried again quietly.
 */
public final class Capture implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Capture.class);
  private static final Duration STANDBY_REST = Duration.ofMillis(500);
  private static final Duration REFUSED_REST = Duration.ofSeconds(5);
  private static final Duration FIRST_REST = Duration.ofMillis(200);
  private static final Duration LONGEST_REST = Duration.ofSeconds(5);
  private static final Duration CLOSING = Duration.ofSeconds(15);

  private final CaptureSettings settings;
  private final Catalog catalog;
  private final InstantSource clock = InstantSource.system();
  private final CaptureStatus status = new CaptureStatus(clock);
  private final CaptureMetrics metrics;
  private final Queue<CaptureCommand> commands = new ConcurrentLinkedQueue<>();
  private final Thread thread;

  private volatile boolean closed;
  private String lastRefusal = "";

  public Capture(CaptureSettings settings, Catalog catalog, MeterRegistry registry) {
    this.settings = settings;
    this.catalog = catalog;
    this.metrics = new CaptureMetrics(registry);
    this.thread = Thread.ofPlatform().name("capture-" + settings.slot()).unstarted(this::supervise);
  }

  /** Begins; returns at once. */
  public void start() {
    thread.start();
  }

  public CaptureHealth health() {
    return status.health();
  }

  private void supervise() {
    Duration rest = FIRST_REST;
    while (!closed) {
      try (Leadership leadership = Leadership.claim(settings).orElse(null)) {
        if (leadership == null) {
          status.enter(State.STANDBY, "another capture of slot " + settings.slot() + " leads");
          pause(STANDBY_REST);
          continue;
        }
        rest = FIRST_REST;
        status.enter(State.STARTING, "looking for where to begin");
        lead(leadership);
      } catch (InterruptedException e) {
        LOG.debug("capture was asked to end");
      } catch (SQLException | RuntimeException e) {
        if (!closed) {
          failed(e);
          rest = pauseAfterFailure(rest);
        }
      }
    }
    status.enter(State.STOPPED, "closed");
  }

  private void lead(Leadership leadership) throws InterruptedException, SQLException {
    metrics.leading(true);
    Thread watch =
        Thread.ofVirtual()
            .name("slot-watch")
            .start(new SlotWatch(settings, status, metrics, clock));
    try (CommandReader reader = new CommandReader(settings, commands)) {
      Thread.ofVirtual().name("capture-commands").start(reader);
      Duration rest = FIRST_REST;
      while (!closed && leadership.held()) {
        long begun = System.nanoTime();
        try {
          new CaptureSession(
                  settings, catalog, leadership.connection(), status, metrics, commands, clock)
              .run();
          rest = FIRST_REST;
        } catch (CaptureRefused e) {
          refused(e);
          pause(REFUSED_REST);
        } catch (SQLException | RuntimeException e) {
          if (closed) {
            return;
          }
          failed(e);
          if (System.nanoTime() - begun > LONGEST_REST.multipliedBy(4).toNanos()) {
            rest = FIRST_REST;
          }
          rest = pauseAfterFailure(rest);
        }
      }
    } finally {
      watch.interrupt();
      metrics.leading(false);
    }
  }

  private void refused(CaptureRefused refusal) {
    String detail = refusal.reason() + "; " + refusal.remedy();
    status.enter(State.REFUSED, detail);
    if (!detail.equals(lastRefusal)) {
      LOG.error("capture stands still: {}", detail);
      lastRefusal = detail;
    }
  }

  private void failed(Exception failure) {
    metrics.restarted();
    Throwable root = failure;
    for (Throwable cause = root.getCause(); cause != null; cause = cause.getCause()) {
      root = cause;
    }
    String reason =
        Optional.ofNullable(root.getMessage()).orElse(root.getClass().getSimpleName()).strip();
    status.enter(State.RETRYING, reason);
    LOG.warn("capture failed and begins anew: {}", reason, failure);
  }

  private Duration pauseAfterFailure(Duration rest) {
    try {
      pause(rest);
    } catch (InterruptedException e) {
      LOG.debug("capture was asked to end while it rested");
    }
    Duration next = rest.multipliedBy(2);
    return next.compareTo(LONGEST_REST) > 0 ? LONGEST_REST : next;
  }

  private static void pause(Duration rest) throws InterruptedException {
    Thread.sleep(rest);
  }

  /** Ends capture. What was not committed yet is replayed by the next one. */
  @Override
  public void close() {
    closed = true;
    if (!thread.isAlive()) {
      return;
    }
    thread.interrupt();
    try {
      if (!thread.join(CLOSING)) {
        LOG.warn("capture did not end within {}", CLOSING);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
