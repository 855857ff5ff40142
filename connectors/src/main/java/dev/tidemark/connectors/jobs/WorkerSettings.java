package dev.tidemark.connectors.jobs;

import static java.util.Objects.requireNonNull;

import dev.tidemark.contract.catalog.job.JobCatalog;
import java.time.Duration;

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
  public WorkerSettings {
    requireNonNull(kafka, "kafka is null");
    requireNonNull(catalog, "catalog is null");
    requireNonNull(host, "host is null");
    requireNonNull(grace, "grace is null");
    if (slots < 1) {
      throw new IllegalArgumentException("TIDEMARK_WORKER_SLOTS must be at least 1");
    }
  }
}
