package dev.tidemark.connectors;

import dev.tidemark.connectors.capture.Capture;
import dev.tidemark.connectors.capture.CaptureHealth;
import dev.tidemark.connectors.jobs.WorkerHealth;
import dev.tidemark.connectors.management.ManagementServer;
import dev.tidemark.connectors.management.Readiness;
import dev.tidemark.connectors.write.Writer;
import dev.tidemark.connectors.write.WriterHealth;
import dev.tidemark.contract.Provisioning;
import dev.tidemark.contract.TopicProvisioner;
import dev.tidemark.contract.Topics;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The process that connects Tidemark with the world outside Kafka. It answers for its health before
 * anything else is there, makes the topics as soon as a broker answers, and then captures and
 * writes.
 */
public final class Connectors implements AutoCloseable {
  private static final String LOGGING = "logback.configurationFile";
  private static final int SETTINGS_ARE_WRONG = 2;
  private static final Duration REST = Duration.ofSeconds(2);

  // Not a constant: main chooses how to log before the first logger is made.
  private final Logger log = LoggerFactory.getLogger(Connectors.class);
  private final ConnectorsSettings settings;
  private final Capture capture;
  private final Writer writer;
  private final Optional<Workplace> work;
  private final ManagementServer management;
  private final Thread beginning;
  private volatile @Nullable Readiness waiting;

  private Connectors(ConnectorsSettings settings) throws IOException {
    this.settings = settings;
    this.waiting = new Readiness(false, "STARTING", "asking Kafka for its topics", Instant.now());
    PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    bindProcess(registry);
    this.capture = new Capture(settings.capture(), settings.catalog(), registry);
    this.writer = new Writer(settings.writer(), settings.catalog(), registry);
    this.work =
        settings
            .work()
            .map(of -> new Workplace(of.worker(), of.handlers(), settings.catalog(), registry));
    this.management =
        new ManagementServer(settings.management(), this::readiness, registry::scrape);
    this.beginning = Thread.ofPlatform().name("connectors-begin").unstarted(this::begin);
  }

  /** Starts with settings out of {@code TIDEMARK_*} variables; ends with the process. */
  public static void main(String[] arguments) {
    if (System.getProperty(LOGGING) == null) {
      System.setProperty(LOGGING, "logback-connectors.xml");
    }
    try {
      Connectors connectors = start(ConnectorsSettings.from(System.getenv()));
      Runtime.getRuntime().addShutdownHook(new Thread(connectors::close, "connectors-stop"));
    } catch (IllegalArgumentException e) {
      refuse(String.valueOf(e.getMessage()));
    } catch (IOException e) {
      refuse("TIDEMARK_MANAGEMENT_PORT cannot be listened on: " + e.getMessage());
    }
  }

  private static void refuse(String reason) {
    System.err.println("tidemark connectors: " + reason);
    System.exit(SETTINGS_ARE_WRONG);
  }

  /**
   * Begins; returns when health is served.
   *
   * @throws IOException if the management port cannot be had
   */
  public static Connectors start(ConnectorsSettings settings) throws IOException {
    Connectors connectors = new Connectors(settings);
    connectors.beginning.start();
    connectors.log.info(
        "connectors answer on port {}; {} entity types from {}",
        connectors.management.port(),
        settings.catalog().types().size(),
        settings.capture().postgres());
    return connectors;
  }

  /** Where health and metrics are served. */
  public int managementPort() {
    return management.port();
  }

  /** Whether changes flow, or are in good hands. */
  public Readiness readiness() {
    Readiness notYet = waiting;
    if (notYet != null) {
      return notYet;
    }
    CaptureHealth captures = capture.health();
    WriterHealth writes = writer.health();
    if (captures.up() && !writes.up()) {
      return new Readiness(false, writes.state().name(), writes.detail(), writes.since());
    }
    WorkerHealth works = work.map(Workplace::health).orElse(new WorkerHealth(true, ""));
    return captures.up() && !works.up()
        ? new Readiness(false, "WORKER", works.detail(), captures.since())
        : new Readiness(
            captures.up(), captures.state().name(), captures.detail(), captures.since());
  }

  private void begin() {
    try {
      while (!provisioned()) {
        Thread.sleep(REST);
      }
      waiting = null;
      capture.start();
      writer.start();
      work.ifPresent(Workplace::start);
    } catch (InterruptedException e) {
      log.debug("asked to end before capture began", e);
    }
  }

  private boolean provisioned() {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", settings.capture().kafka()))) {
      TopicProvisioner provisioner =
          new TopicProvisioner(admin, settings.partitions(), settings.replication());
      if (provisioner.features() instanceof Provisioning.Features.Insufficient(String complaint)) {
        return waits("REFUSED", complaint);
      }
      return switch (provisioner.provision(Topics.of(settings.catalog()))) {
        case Provisioning.Unfit(List<String> complaints) ->
            waits("REFUSED", String.join("; ", complaints));
        case Provisioning.Ready(List<String> created, int found) -> {
          log.info("topics: {} made, {} found", created.size(), found);
          yield true;
        }
      };
    } catch (InterruptException e) {
      log.debug("asked to end while Kafka was asked", e);
      return false;
    } catch (KafkaException e) {
      return waits("RETRYING", "Kafka does not answer: " + e.getMessage());
    }
  }

  private boolean waits(String state, String detail) {
    Readiness before = waiting;
    if (before == null || !before.detail().equals(detail)) {
      waiting = new Readiness(false, state, detail, Instant.now());
      log.warn("capture has not begun: {}", detail);
    }
    return false;
  }

  @SuppressWarnings("resource") // lives as long as the process does
  private static void bindProcess(MeterRegistry registry) {
    new JvmMemoryMetrics().bindTo(registry);
    new JvmGcMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
  }

  /** Ends capture first: health still tells how it goes. */
  @Override
  public void close() {
    log.info("connectors end");
    beginning.interrupt();
    try {
      beginning.join();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    work.ifPresent(Workplace::close);
    writer.close();
    capture.close();
    management.close();
  }
}
