package dev.tidemark.pipeline.scopelog;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/**
 * What the scope log of a node runs with.
 *
 * @param kafka the bootstrap servers
 * @param directory where its store is
 * @param memory how much native memory its cache may use, in bytes
 * @param horizon how long a removal is remembered: a device that was away longer starts anew
 */
public record ScopeLogSettings(String kafka, Path directory, long memory, Duration horizon) {
  private static final long MEBIBYTE = 1024 * 1024;
  private static final long MEMORY = 64;
  private static final long HORIZON_DAYS = 90;

  public ScopeLogSettings {
    requireNonNull(kafka, "kafka is null");
    requireNonNull(directory, "directory is null");
    if (memory < MEBIBYTE) {
      throw new IllegalArgumentException("TIDEMARK_SCOPE_LOG_MEMORY_MIB must be at least 1");
    }
    if (!horizon.isPositive()) {
      throw new IllegalArgumentException("TIDEMARK_SCOPE_LOG_HORIZON_DAYS must be at least 1");
    }
  }

  /** The defaults. */
  public static ScopeLogSettings of(String kafka, Path stateDirectory) {
    return new ScopeLogSettings(
        kafka,
        stateDirectory.resolve("scope-log"),
        MEMORY * MEBIBYTE,
        Duration.ofDays(HORIZON_DAYS));
  }

  /** Reads the environment. */
  public static ScopeLogSettings from(
      Map<String, String> environment, String kafka, Path stateDirectory) {
    ScopeLogSettings defaults = of(kafka, stateDirectory);
    return new ScopeLogSettings(
        kafka,
        defaults.directory,
        number(environment, "TIDEMARK_SCOPE_LOG_MEMORY_MIB", MEMORY) * MEBIBYTE,
        Duration.ofDays(number(environment, "TIDEMARK_SCOPE_LOG_HORIZON_DAYS", HORIZON_DAYS)));
  }

  private static long number(Map<String, String> environment, String name, long otherwise) {
    String text = environment.get(name);
    if (text == null || text.isBlank()) {
      return otherwise;
    }
    try {
      return Long.parseLong(text.strip());
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(name + " must be a whole number", e);
    }
  }
}
