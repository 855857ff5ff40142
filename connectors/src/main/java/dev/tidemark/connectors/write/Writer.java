package dev.tidemark.connectors.write;

import dev.tidemark.connectors.write.WriterHealth.State;
import dev.tidemark.contract.catalog.Catalog;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes what was decided into Postgres, for as long as it runs: rows and ledger in one
 * transaction. Several share the partitions. What fails is tried again, with growing pauses and in
 * the same order; what was done before is known by the ledger.
 */
public final class Writer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Writer.class);
  private static final Duration REST = Duration.ofSeconds(1);
  private static final Duration CLOSING = Duration.ofSeconds(30);

  private final WriterSettings settings;
  private final Catalog catalog;
  private final WriterStatus status = new WriterStatus(InstantSource.system());
  private final WriterMetrics metrics;
  private final Thread thread;

  private volatile boolean closed;
  private volatile @Nullable Intake current;

  public Writer(WriterSettings settings, Catalog catalog, MeterRegistry registry) {
    this.settings = settings;
    this.catalog = catalog;
    this.metrics = new WriterMetrics(registry);
    this.thread = Thread.ofPlatform().name("writer").unstarted(this::supervise);
  }

  /** Begins; returns at once. */
  public void start() {
    thread.start();
  }

  public WriterHealth health() {
    return status.health();
  }

  private void supervise() {
    while (!closed) {
      try (Intake intake = new Intake(settings);
          Answers answers = new Answers(settings);
          Database database = new Database(settings)) {
        current = intake;
        WriterSession session =
            new WriterSession(intake, answers, database, catalog, status, metrics);
        while (!closed) {
          session.step();
        }
      } catch (WakeupException | InterruptedException e) {
        LOG.debug("the writer was asked to end");
      } catch (RuntimeException e) {
        if (!closed) {
          LOG.error("the writer failed and begins anew", e);
          metrics.retried();
          status.enter(State.RETRYING, String.valueOf(e.getMessage()));
          pause();
        }
      } finally {
        current = null;
      }
    }
    status.enter(State.STOPPED, "closed");
  }

  private static void pause() {
    try {
      Thread.sleep(REST);
    } catch (InterruptedException e) {
      LOG.debug("the writer was asked to end while it rested");
    }
  }

  /** Ends the writer after what it is writing. What was not written yet, another one takes. */
  @Override
  public void close() {
    closed = true;
    if (!thread.isAlive()) {
      return;
    }
    Intake intake = current;
    if (intake != null) {
      intake.wakeup();
    } else {
      thread.interrupt();
    }
    try {
      if (!thread.join(CLOSING)) {
        LOG.warn("the writer did not end within {}", CLOSING);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
