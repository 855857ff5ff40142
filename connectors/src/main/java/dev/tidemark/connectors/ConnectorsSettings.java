package dev.tidemark.connectors;

import static java.util.Objects.requireNonNull;

import dev.tidemark.connectors.capture.CaptureSettings;
import dev.tidemark.connectors.management.ManagementSettings;
import dev.tidemark.connectors.settings.Variables;
import dev.tidemark.connectors.write.WriterSettings;
import dev.tidemark.contract.catalog.Catalog;
import dev.tidemark.contract.catalog.CatalogReader;
import dev.tidemark.contract.catalog.CatalogReading;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * What the process of the edges is told.
 *
 * @param catalog what to capture and to write
 * @param partitions over how many partitions a topic about entities is spread, where it is missing
 * @param replication how many brokers hold each record of a topic that is missing
 */
public record ConnectorsSettings(
    CaptureSettings capture,
    WriterSettings writer,
    Catalog catalog,
    int partitions,
    int replication,
    ManagementSettings management) {
  public static final int DEFAULT_PARTITIONS = 4;
  public static final int DEFAULT_REPLICATION = 1;

  public ConnectorsSettings {
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
    return new ConnectorsSettings(
        CaptureSettings.fromEnvironment(given),
        WriterSettings.fromEnvironment(given),
        catalog(given),
        variables.number("TIDEMARK_PARTITIONS", DEFAULT_PARTITIONS),
        variables.number("TIDEMARK_REPLICATION", DEFAULT_REPLICATION),
        ManagementSettings.from(given));
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
