package dev.tidemark.connectors.jobs;

import static java.util.Objects.requireNonNull;

/**
 * How a worker is.
 *
 * @param up whether it does jobs
 * @param detail in words
 */
public record WorkerHealth(boolean up, String detail) {
  public WorkerHealth {
    requireNonNull(detail, "detail is null");
  }
}
