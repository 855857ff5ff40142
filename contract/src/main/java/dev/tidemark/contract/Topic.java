package dev.tidemark.contract;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Map;
import org.apache.kafka.common.serialization.Serde;

/**
 * One topic, said once: its name, what is in it, how long, who writes and who reads it.
 *
 * @param spread whether its records are spread over as many partitions as entities are, or all in
 *     one
 * @param key what the key says, in words for the reader of the catalogue
 * @param value what the value says, in words
 */
public record Topic<K, V>(
    String name,
    String purpose,
    Serde<K> keySerde,
    Serde<V> valueSerde,
    String key,
    String value,
    Spread spread,
    Retention retention,
    List<String> writtenBy,
    List<String> readBy) {

  /**
   * The most that one record, or one batch of a producer, may take. A producer sets its {@code
   * max.request.size} to this, and its {@code batch.size} below.
   */
  public static final int MAX_RECORD_BYTES = 8 * 1024 * 1024;

  private static final int ROOM_FOR_HEADERS = 64 * 1024;

  /** How the records of a topic are spread over partitions. */
  public enum Spread {
    /** By entity key, over as many partitions as the deployment sets. */
    BY_ENTITY,
    /** Everything in one partition, in one order. */
    SINGLE
  }

  /** How long records stay. */
  public enum Retention {
    /** For ever: the topic is history. */
    KEPT(Map.of("cleanup.policy", "delete", "retention.ms", "-1", "retention.bytes", "-1")),
    /** The latest record of each key stays. */
    LATEST_PER_KEY(
        Map.of(
            "cleanup.policy",
            "compact",
            "segment.ms",
            "3600000",
            "min.cleanable.dirty.ratio",
            "0.1")),
    /** For thirty days. */
    THIRTY_DAYS(Map.of("cleanup.policy", "delete", "retention.ms", "2592000000")),
    /** For seven days. */
    SEVEN_DAYS(Map.of("cleanup.policy", "delete", "retention.ms", "604800000")),
    /** For a day. */
    ONE_DAY(Map.of("cleanup.policy", "delete", "retention.ms", "86400000")),
    /** For a day; a record's time is when the broker took it, so that all have one clock. */
    ONE_DAY_AS_LOGGED(
        Map.of(
            "cleanup.policy",
            "delete",
            "retention.ms",
            "86400000",
            "message.timestamp.type",
            "LogAppendTime"));

    @SuppressWarnings("ImmutableEnumChecker") // Map.of is immutable, its type cannot say so
    private final Map<String, String> configuration;

    Retention(Map<String, String> configuration) {
      this.configuration = configuration;
    }

    public Map<String, String> configuration() {
      return configuration;
    }
  }

  public Topic {
    requireNonNull(name, "name is null");
    requireNonNull(purpose, "purpose is null");
    requireNonNull(keySerde, "keySerde is null");
    requireNonNull(valueSerde, "valueSerde is null");
    requireNonNull(key, "key is null");
    requireNonNull(value, "value is null");
    requireNonNull(spread, "spread is null");
    requireNonNull(retention, "retention is null");
    writtenBy = List.copyOf(writtenBy);
    readBy = List.copyOf(readBy);
  }

  /** How many partitions the topic has in a deployment that spreads entities over so many. */
  public int partitions(int entityPartitions) {
    return switch (spread) {
      case BY_ENTITY -> entityPartitions;
      case SINGLE -> 1;
    };
  }

  /** What the topic's {@code max.message.bytes} must be at least. */
  public int maxRecordBytes() {
    // A batch on the wire is a little larger than the records in it, and a dead letter carries
    // headers on top of a record that may itself be of full size.
    return MAX_RECORD_BYTES + ROOM_FOR_HEADERS;
  }

  @Override
  public String toString() {
    return name;
  }
}
