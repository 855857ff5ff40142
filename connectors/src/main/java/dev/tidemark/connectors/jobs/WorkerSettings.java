package dev.tidemark.connectors.jobs;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * What a worker runs with.
 *
 * @param kafka the bootstrap servers
 * @param host where it runs; part of its name
 * @param slots how many jobs it does at a time
 * @param grace how long it lets them go on when it is stopped
 */
public record WorkerSettings(String kafka, String host, int slots, Duration grace) {
  public WorkerSettings {
    requireNonNull(kafka, "kafka is null");
    requireNonNull(host, "host is null");
    requireNonNull(grace, "grace is null");
    if (slots < 1) {
      throw new IllegalArgumentException("TIDEMARK_WORKER_SLOTS must be at least 1");
    }
  }
}
