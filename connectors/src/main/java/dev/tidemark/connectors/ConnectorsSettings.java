package dev.tidemark.connectors;

import static java.util.Objects.requireNonNull;

import dev.tidemark.connectors.capture.CaptureSettings;
import dev.tidemark.connectors.jobs.WorkerSettings;
import dev.tidemark.connectors.management.ManagementSettings;
import dev.tidemark.connectors.settings.Variables;
import dev.tidemark.connectors.work.WorkSettings;
import dev.tidemark.connectors.write.WriterSettings;
import dev.tidemark.contract.catalog.Catalog;
import dev.tidemark.contract.catalog.CatalogReader;
import dev.tidemark.contract.catalog.CatalogReading;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What the process of the edges is told.
 *
 * @param work what a worker and its handlers are told; empty if the catalog declares no jobs, or
 *     this process does none
 * @param catalog what to capture and to write
 * @param partitions over how many partitions a topic about entities is spread, where it is missing
 * @param replication how many brokers hold each record of a topic that is missing
 */
public record ConnectorsSettings(
    CaptureSettings capture,
    WriterSettings writer,
    Optional<Work> work,
    Catalog catalog,
    int partitions,
    int replication,
    ManagementSettings management) {
  public static final int DEFAULT_PARTITIONS = 4;
  public static final int DEFAULT_REPLICATION = 1;

  /** What a worker and its handlers are told. */
  public record Work(WorkerSettings worker, WorkSettings handlers) {
    public Work {
      requireNonNull(worker, "worker is null");
      requireNonNull(handlers, "handlers is null");
    }
  }

  public ConnectorsSettings {
    requireNonNull(work, "work is null");
    requireNonNull(capture, "capture is null");
    requireNonNull(writer, "writer is null");
    requireNonNull(catalog, "catalog is null");
    requireNonNull(management, "management is null");
    requirePositive("TIDEMARK_PARTITIONS", partitions);
    requirePositive("TIDEMARK_REPLICATION", replication);
  }

  /**
   * Reads {@code TIDEMARK_*} and the catalog. An empty variable counts as absent, because compose
   * files pass {@code NAME=} for what the operator left out.
   *
   * @throws IllegalArgumentException with a sentence that says what to set
   */
  public static ConnectorsSettings from(Map<String, String> environment) {
    Map<String, String> given = new HashMap<>(environment);
    given.values().removeIf(String::isBlank);
    Variables variables = Variables.of(given);
    CaptureSettings capture = CaptureSettings.fromEnvironment(given);
    Catalog catalog = catalog(given);
    return new ConnectorsSettings(
        capture,
        WriterSettings.fromEnvironment(given),
        work(given, capture.kafka(), catalog),
        catalog,
        variables.number("TIDEMARK_PARTITIONS", DEFAULT_PARTITIONS),
        variables.number("TIDEMARK_REPLICATION", DEFAULT_REPLICATION),
        ManagementSettings.from(given));
  }

  /** A process with no slots does no jobs. */
  private static Optional<Work> work(Map<String, String> given, String kafka, Catalog catalog) {
    if (catalog.jobs().types().isEmpty() || "0".equals(given.get("TIDEMARK_WORKER_SLOTS"))) {
      return Optional.empty();
    }
    return Optional.of(
        new Work(WorkerSettings.from(given, kafka, catalog.jobs()), WorkSettings.from(given)));
  }

  private static Catalog catalog(Map<String, String> environment) {
    String file = environment.get("TIDEMARK_CATALOG");
    if (file == null) {
      throw new IllegalArgumentException("TIDEMARK_CATALOG is not set: the catalog file");
    }
    return switch (CatalogReader.read(Path.of(file))) {
      case CatalogReading.Valid(Catalog catalog) -> catalog;
      case CatalogReading.Invalid invalid ->
          throw new IllegalArgumentException(
              "TIDEMARK_CATALOG cannot be used: " + String.join("\n", invalid.sentences()));
    };
  }

  private static void requirePositive(String setting, int value) {
    if (value < 1 || value > Short.MAX_VALUE) {
      throw new IllegalArgumentException(
          setting + " is " + value + "; it takes a number from 1 to " + Short.MAX_VALUE);
    }
  }
}
