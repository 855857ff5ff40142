package dev.tidemark.connectors.capture;

import static java.util.Objects.requireNonNull;

import dev.tidemark.connectors.capture.position.Start.OnLoss;
import dev.tidemark.contract.postgres.PostgresUrl;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;

/**
 * How capture runs.
 *
 * @param postgres the source database
 * @param kafka bootstrap servers
 * @param slot the replication slot; also names the position and fences other captures
 * @param publication the publication
 * @param pollInterval how long Debezium rests when the log has nothing new: the price of latency
 * @param heartbeat how often a message goes through the log to move an idle slot and to prove life
 * @param batch how many changes may be in one Kafka transaction
 * @param snapshotTimeout how long the first snapshot may take; Kafka must allow it as {@code
 *     transaction.max.timeout.ms}
 * @param maxRecordBytes changes that are larger go to the dead-letter topic
 * @param onLoss what to do when changes were lost for good
 */
public record CaptureSettings(
    PostgresUrl postgres,
    String kafka,
    String slot,
    String publication,
    Duration pollInterval,
    Duration heartbeat,
    int batch,
    Duration snapshotTimeout,
    int maxRecordBytes,
    OnLoss onLoss) {
  public static final String DEFAULT_SLOT = "tidemark";
  public static final String DEFAULT_PUBLICATION = "tidemark";
  public static final Duration DEFAULT_POLL_INTERVAL = Duration.ofMillis(1);
  public static final Duration DEFAULT_HEARTBEAT = Duration.ofSeconds(1);
  public static final int DEFAULT_BATCH = 4096;
  public static final Duration DEFAULT_SNAPSHOT_TIMEOUT = Duration.ofMinutes(15);
  public static final int DEFAULT_MAX_RECORD_BYTES = 7 * 1024 * 1024;

  public CaptureSettings {
    requireNonNull(postgres, "postgres is null");
    requireNonNull(kafka, "kafka is null");
    requireNonNull(onLoss, "onLoss is null");
    requireName("TIDEMARK_CAPTURE_SLOT", slot);
    requireName("TIDEMARK_CAPTURE_PUBLICATION", publication);
    requirePositive("TIDEMARK_CAPTURE_POLL_INTERVAL", pollInterval.toMillis());
    requirePositive("TIDEMARK_CAPTURE_HEARTBEAT", heartbeat.toMillis());
    requirePositive("TIDEMARK_CAPTURE_BATCH", batch);
    requirePositive("TIDEMARK_CAPTURE_SNAPSHOT_TIMEOUT", snapshotTimeout.toMillis());
    requirePositive("TIDEMARK_CAPTURE_MAX_RECORD_BYTES", maxRecordBytes);
  }

  /** The settings with every default, for a database and a broker. */
  public static CaptureSettings of(String postgresUrl, String kafka) {
    return new CaptureSettings(
        PostgresUrl.parse(postgresUrl),
        kafka,
        DEFAULT_SLOT,
        DEFAULT_PUBLICATION,
        DEFAULT_POLL_INTERVAL,
        DEFAULT_HEARTBEAT,
        DEFAULT_BATCH,
        DEFAULT_SNAPSHOT_TIMEOUT,
        DEFAULT_MAX_RECORD_BYTES,
        OnLoss.STOP);
  }

  /** Reads {@code TIDEMARK_POSTGRES_URL}, {@code TIDEMARK_KAFKA} and {@code TIDEMARK_CAPTURE_*}. */
  public static CaptureSettings fromEnvironment(Map<String, String> environment) {
    return new CaptureSettings(
        PostgresUrl.parse(required(environment, "TIDEMARK_POSTGRES_URL")),
        required(environment, "TIDEMARK_KAFKA"),
        environment.getOrDefault("TIDEMARK_CAPTURE_SLOT", DEFAULT_SLOT),
        environment.getOrDefault("TIDEMARK_CAPTURE_PUBLICATION", DEFAULT_PUBLICATION),
        duration(environment, "TIDEMARK_CAPTURE_POLL_INTERVAL", DEFAULT_POLL_INTERVAL),
        duration(environment, "TIDEMARK_CAPTURE_HEARTBEAT", DEFAULT_HEARTBEAT),
        number(environment, "TIDEMARK_CAPTURE_BATCH", DEFAULT_BATCH),
        duration(environment, "TIDEMARK_CAPTURE_SNAPSHOT_TIMEOUT", DEFAULT_SNAPSHOT_TIMEOUT),
        number(environment, "TIDEMARK_CAPTURE_MAX_RECORD_BYTES", DEFAULT_MAX_RECORD_BYTES),
        onLoss(environment.getOrDefault("TIDEMARK_CAPTURE_ON_LOSS", "stop")));
  }

  public CaptureSettings withSlot(String newSlot) {
    return new CaptureSettings(
        postgres,
        kafka,
        newSlot,
        publication,
        pollInterval,
        heartbeat,
        batch,
        snapshotTimeout,
        maxRecordBytes,
        onLoss);
  }

  public CaptureSettings withOnLoss(OnLoss newOnLoss) {
    return new CaptureSettings(
        postgres,
        kafka,
        slot,
        publication,
        pollInterval,
        heartbeat,
        batch,
        snapshotTimeout,
        maxRecordBytes,
        newOnLoss);
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

  private static OnLoss onLoss(String value) {
    return switch (value) {
      case "stop" -> OnLoss.STOP;
      case "resnapshot" -> OnLoss.RESNAPSHOT;
      default ->
          throw new IllegalArgumentException(
              "TIDEMARK_CAPTURE_ON_LOSS is '" + value + "'; it takes stop or resnapshot");
    };
  }

  private static void requireName(String setting, String name) {
    if (!name.matches("[a-z_][a-z0-9_]{0,62}")) {
      throw new IllegalArgumentException(
          setting + " is '" + name + "'; it takes lower-case letters, digits and underscores");
    }
  }

  private static void requirePositive(String setting, long value) {
    if (value <= 0) {
      throw new IllegalArgumentException(setting + " must be greater than zero");
    }
  }
}
