package dev.tidemark.connectors;

import dev.tidemark.connectors.jobs.JobHandler;
import dev.tidemark.connectors.jobs.Worker;
import dev.tidemark.connectors.jobs.WorkerHealth;
import dev.tidemark.connectors.jobs.WorkerSettings;
import dev.tidemark.connectors.work.Handlers;
import dev.tidemark.connectors.work.WorkSettings;
import dev.tidemark.contract.catalog.Catalog;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A worker with its handlers. It begins as soon as the brokers let it, and tries until they do. */
public final class Workplace implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Workplace.class);
  private static final Duration REST = Duration.ofSeconds(1);

  private final WorkerSettings settings;
  private final Handlers handlers;
  private final Catalog catalog;
  private final MeterRegistry registry;
  private final Thread beginning;
  private volatile @Nullable Worker worker;
  private volatile boolean closed;

  public Workplace(
      WorkerSettings settings, WorkSettings handlers, Catalog catalog, MeterRegistry registry) {
    this.settings = settings;
    this.handlers = Handlers.open(handlers, catalog, InstantSource.system());
    this.catalog = catalog;
    this.registry = registry;
    this.beginning = Thread.ofPlatform().name("worker-begin").daemon().unstarted(this::begin);
  }

  public void start() {
    beginning.start();
  }

  private void begin() {
    // Of what the catalog does not name there are no jobs.
    List<JobHandler<?, ?>> named =
        handlers.all().stream()
            .<JobHandler<?, ?>>map(one -> one)
            .filter(one -> catalog.jobs().type(one.type()).isPresent())
            .toList();
    while (!closed && worker == null) {
      try {
        Worker started = Worker.start(settings, named, registry, InstantSource.system());
        worker = started;
        LOG.info("the worker {} does {} types of jobs", started.name(), named.size());
      } catch (KafkaException e) {
        LOG.warn("no worker yet: {}", e.getMessage());
        LockSupport.parkNanos(REST.toNanos());
      }
    }
  }

  public WorkerHealth health() {
    Worker running = worker;
    return running == null
        ? new WorkerHealth(false, "the worker has not begun yet")
        : running.health();
  }

  @Override
  public void close() {
    closed = true;
    LockSupport.unpark(beginning);
    try {
      beginning.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Worker running = worker;
    if (running != null) {
      running.close();
    }
    handlers.close();
  }
}
