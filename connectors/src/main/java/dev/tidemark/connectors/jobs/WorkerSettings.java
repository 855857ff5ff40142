package dev.tidemark.connectors.jobs;

import static java.util.Objects.requireNonNull;

import dev.tidemark.connectors.settings.Variables;
import dev.tidemark.contract.catalog.job.JobCatalog;
import java.time.Duration;
import java.util.Map;

/**
 * What a worker runs with.
 *
 * @param kafka the bootstrap servers
 * @param catalog what jobs and queues there are
 * @param host where it runs; part of its name
 * @param slots how many jobs it does at a time
 * @param grace how long it lets them go on when it is stopped
 */
public record WorkerSettings(
    String kafka, JobCatalog catalog, String host, int slots, Duration grace) {
  private static final int SLOTS = 16;
  private static final int GRACE_SECONDS = 20;

  public WorkerSettings {
    requireNonNull(kafka, "kafka is null");
    requireNonNull(catalog, "catalog is null");
    requireNonNull(host, "host is null");
    requireNonNull(grace, "grace is null");
    if (slots < 1) {
      throw new IllegalArgumentException("TIDEMARK_WORKER_SLOTS must be at least 1");
    }
  }

  /**
   * Reads {@code TIDEMARK_WORKER_SLOTS}, {@code TIDEMARK_WORKER_GRACE_SECONDS} and {@code
   * TIDEMARK_NODE_HOST}.
   *
   * @throws IllegalArgumentException with a sentence that says what to set
   */
  public static WorkerSettings from(
      Map<String, String> environment, String kafka, JobCatalog catalog) {
    Variables variables = Variables.of(environment);
    return new WorkerSettings(
        kafka,
        catalog,
        variables.text("TIDEMARK_NODE_HOST", "worker"),
        variables.number("TIDEMARK_WORKER_SLOTS", SLOTS),
        Duration.ofSeconds(variables.number("TIDEMARK_WORKER_GRACE_SECONDS", GRACE_SECONDS)));
  }

  /** A worker with the defaults. */
  public static WorkerSettings of(String kafka, JobCatalog catalog) {
    return from(Map.of(), kafka, catalog);
  }
}
