package dev.tidemark.connectors.write;

import static java.util.Objects.requireNonNull;

import dev.tidemark.connectors.settings.Variables;
import dev.tidemark.contract.postgres.PostgresUrl;
import java.time.Duration;
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
    Variables.requirePositive("TIDEMARK_WRITER_BATCH", batch);
    Variables.requirePositive("TIDEMARK_WRITER_LOCK_TIMEOUT", lockTimeout.toMillis());
  }

  /** The settings with every default, for a database and a broker. */
  public static WriterSettings of(String postgresUrl, String kafka) {
    return new WriterSettings(
        PostgresUrl.parse(postgresUrl), kafka, DEFAULT_BATCH, DEFAULT_LOCK_TIMEOUT);
  }

  /** Reads {@code TIDEMARK_POSTGRES_URL}, {@code TIDEMARK_KAFKA} and {@code TIDEMARK_WRITER_*}. */
  public static WriterSettings fromEnvironment(Map<String, String> environment) {
    Variables variables = Variables.of(environment);
    return new WriterSettings(
        PostgresUrl.parse(variables.required("TIDEMARK_POSTGRES_URL")),
        variables.required("TIDEMARK_KAFKA"),
        variables.number("TIDEMARK_WRITER_BATCH", DEFAULT_BATCH),
        variables.duration("TIDEMARK_WRITER_LOCK_TIMEOUT", DEFAULT_LOCK_TIMEOUT));
  }
}
