package dev.tidemark.connectors.capture;

import static java.util.Objects.requireNonNull;

import dev.tidemark.connectors.capture.position.Start.OnLoss;
import dev.tidemark.connectors.settings.Variables;
import dev.tidemark.contract.postgres.PostgresUrl;
import java.time.Duration;
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
    Variables.requirePositive("TIDEMARK_CAPTURE_POLL_INTERVAL", pollInterval.toMillis());
    Variables.requirePositive("TIDEMARK_CAPTURE_HEARTBEAT", heartbeat.toMillis());
    Variables.requirePositive("TIDEMARK_CAPTURE_BATCH", batch);
    Variables.requirePositive("TIDEMARK_CAPTURE_SNAPSHOT_TIMEOUT", snapshotTimeout.toMillis());
    Variables.requirePositive("TIDEMARK_CAPTURE_MAX_RECORD_BYTES", maxRecordBytes);
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
    Variables variables = Variables.of(environment);
    return new CaptureSettings(
        PostgresUrl.parse(variables.required("TIDEMARK_POSTGRES_URL")),
        variables.required("TIDEMARK_KAFKA"),
        variables.text("TIDEMARK_CAPTURE_SLOT", DEFAULT_SLOT),
        variables.text("TIDEMARK_CAPTURE_PUBLICATION", DEFAULT_PUBLICATION),
        variables.duration("TIDEMARK_CAPTURE_POLL_INTERVAL", DEFAULT_POLL_INTERVAL),
        variables.duration("TIDEMARK_CAPTURE_HEARTBEAT", DEFAULT_HEARTBEAT),
        variables.number("TIDEMARK_CAPTURE_BATCH", DEFAULT_BATCH),
        variables.duration("TIDEMARK_CAPTURE_SNAPSHOT_TIMEOUT", DEFAULT_SNAPSHOT_TIMEOUT),
        variables.number("TIDEMARK_CAPTURE_MAX_RECORD_BYTES", DEFAULT_MAX_RECORD_BYTES),
        onLoss(variables.text("TIDEMARK_CAPTURE_ON_LOSS", "stop")));
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
}
