package dev.tidemark.connectors.write;

import static java.util.Objects.requireNonNull;

import dev.tidemark.contract.postgres.PostgresUrl;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;

/**
 * How the writer runs.
 *
 * @param postgres the database
 * @param kafka bootstrap servers
 * @param batch how many records may be taken from Kafka, and so written in a transaction, at once
 * @param lockTimeout how long a write waits for somebody else's lock
 */
public record WriterSettings(PostgresUrl postgres, String kafka, int batch, Duration lockTimeout) {
  public static final int DEFAULT_BATCH = 500;
  public static final Duration DEFAULT_LOCK_TIMEOUT = Duration.ofMillis(500);

  public WriterSettings {
    requireNonNull(postgres, "postgres is null");
    requireNonNull(kafka, "kafka is null");
    requireNonNull(lockTimeout, "lockTimeout is null");
    requirePositive("TIDEMARK_WRITER_BATCH", batch);
    requirePositive("TIDEMARK_WRITER_LOCK_TIMEOUT", lockTimeout.toMillis());
  }

  /** The settings with every default, for a database and a broker. */
  public static WriterSettings of(String postgresUrl, String kafka) {
    return new WriterSettings(
        PostgresUrl.parse(postgresUrl), kafka, DEFAULT_BATCH, DEFAULT_LOCK_TIMEOUT);
  }

  /** Reads {@code TIDEMARK_POSTGRES_URL}, {@code TIDEMARK_KAFKA} and {@code TIDEMARK_WRITER_*}. */
  public static WriterSettings fromEnvironment(Map<String, String> environment) {
    return new WriterSettings(
        PostgresUrl.parse(required(environment, "TIDEMARK_POSTGRES_URL")),
        required(environment, "TIDEMARK_KAFKA"),
        number(environment, "TIDEMARK_WRITER_BATCH", DEFAULT_BATCH),
        duration(environment, "TIDEMARK_WRITER_LOCK_TIMEOUT", DEFAULT_LOCK_TIMEOUT));
  }

  private static String required(Map<String, String> environment, String name) {
    String value = environment.get(name);
    if (value == null || value.isBlank()) {
      throw new IllegalArgumentException(name + " is not set");
    }
    return value;
  }

  private static Duration duration(
      Map<String, String> environment, String name, Duration otherwise) {
    String value = environment.get(name);
    if (value == null) {
      return otherwise;
    }
    try {
      return value.endsWith("ms")
          ? Duration.ofMillis(Long.parseLong(value.substring(0, value.length() - 2)))
          : Duration.parse("PT" + value.toUpperCase(Locale.ROOT));
    } catch (NumberFormatException | java.time.DateTimeException e) {
      throw new IllegalArgumentException(
          name + " is '" + value + "'; it takes a duration such as 5ms, 2s or 15m", e);
    }
  }

  private static int number(Map<String, String> environment, String name, int otherwise) {
    String value = environment.get(name);
    if (value == null) {
      return otherwise;
    }
    try {
      return Integer.parseInt(value);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(name + " is '" + value + "'; it takes a number", e);
    }
  }

  private static void requirePositive(String setting, long value) {
    if (value <= 0) {
      throw new IllegalArgumentException(setting + " must be greater than zero");
    }
  }
}
