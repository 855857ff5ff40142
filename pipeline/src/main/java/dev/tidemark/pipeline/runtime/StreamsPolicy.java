package dev.tidemark.pipeline.runtime;

import static org.apache.kafka.streams.StreamsConfig.consumerPrefix;
import static org.apache.kafka.streams.StreamsConfig.producerPrefix;

import dev.tidemark.contract.Topics;
import java.util.Properties;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.streams.StreamsConfig;

/**
 * The house's policy for Kafka Streams, in one place: exactly once, explicit names, nothing stops a
 * stream but an outage, failover within seconds, bounded memory. Choices of a deployment come from
 * {@link StreamsSettings} and nothing overrides the rest. Reasons: {@code docs/decisions/030} to
 * {@code 033}.
 */
public final class StreamsPolicy {
  private static final String PREFIX = "tidemark-";
  private static final long AT_LEAST_ONCE_COMMIT_MILLIS = 100;
  private static final int UNASKED_COMMIT = 4;
  private static final int BATCH_BYTES = 262_144;

  private StreamsPolicy() {}

  /** The application id of a feature: its consumer group, and the prefix of its changelogs. */
  public static String applicationId(String feature) {
    return PREFIX + feature;
  }

  /** The configuration of a feature's Streams client. */
  public static StreamsConfig config(StreamsFeature feature, StreamsSettings settings) {
    return new StreamsConfig(properties(feature.name(), feature.delivery(), settings));
  }

  /** The configuration of a feature that delivers exactly once. */
  public static StreamsConfig config(String feature, StreamsSettings settings) {
    return new StreamsConfig(properties(feature, Delivery.EXACTLY_ONCE, settings));
  }

  static Properties properties(String feature, Delivery delivery, StreamsSettings settings) {
    Properties properties = new Properties();
    identity(properties, feature, settings);
    records(properties);
    switch (delivery) {
      case EXACTLY_ONCE -> exactlyOnce(properties, settings, 1);
      case EXACTLY_ONCE_ON_REQUEST -> exactlyOnce(properties, settings, UNASKED_COMMIT);
      case AT_LEAST_ONCE -> atLeastOnce(properties);
    }
    names(properties);
    poison(properties);
    failover(properties, settings);
    memory(properties, settings);
    return properties;
  }

  private static void identity(Properties properties, String feature, StreamsSettings settings) {
    properties.put(StreamsConfig.APPLICATION_ID_CONFIG, applicationId(feature));
    properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, settings.kafka());
    properties.put(StreamsConfig.STATE_DIR_CONFIG, settings.stateDirectory().toString());
    if (settings.server() != null) {
      properties.put(StreamsConfig.APPLICATION_SERVER_CONFIG, settings.server());
    }
    properties.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, settings.threads());
    properties.put(StreamsConfig.REPLICATION_FACTOR_CONFIG, settings.replication());
    properties.put(StreamsConfig.ENABLE_METRICS_PUSH_CONFIG, false);
  }

  private static void exactlyOnce(Properties properties, StreamsSettings settings, int times) {
    properties.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
    long commit = settings.commitInterval().toMillis();
    // The broker gives up a transaction that is not committed in time.
    long unasked = Math.min(times * commit, settings.transactionTimeout().toMillis() / 2);
    properties.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, Math.max(commit, unasked));
    // A thread that waits for records does not commit: it must not wait longer than a commit may.
    properties.put(StreamsConfig.POLL_MS_CONFIG, commit);
    properties.put(
        producerPrefix(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG),
        Math.toIntExact(settings.transactionTimeout().toMillis()));
    // A commit flushes at once; until then records wait for each other, or each of them would wake
    // the sender and go in a request of its own, seen by nobody before the commit.
    properties.put(producerPrefix(ProducerConfig.LINGER_MS_CONFIG), 100);
    // A transaction that begins while the markers of the last one are being written is refused.
    properties.put(producerPrefix(ProducerConfig.RETRY_BACKOFF_MS_CONFIG), 5);
  }

  private static void atLeastOnce(Properties properties) {
    properties.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.AT_LEAST_ONCE);
    properties.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, AT_LEAST_ONCE_COMMIT_MILLIS);
    properties.put(StreamsConfig.POLL_MS_CONFIG, AT_LEAST_ONCE_COMMIT_MILLIS);
    // Nobody waits for a commit to see a result, so each goes as soon as the sender is free.
    properties.put(producerPrefix(ProducerConfig.LINGER_MS_CONFIG), 0);
    properties.put(producerPrefix(ProducerConfig.ACKS_CONFIG), "all");
    properties.put(producerPrefix(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG), true);
  }

  private static void records(Properties properties) {
    // A batch that is full goes in a request of its own; as large as it is for capture.
    properties.put(producerPrefix(ProducerConfig.BATCH_SIZE_CONFIG), BATCH_BYTES);
    properties.put(producerPrefix(ProducerConfig.COMPRESSION_TYPE_CONFIG), "lz4");
    // The largest change must fit as a state and as a dead letter, which has more headers.
    properties.put(
        producerPrefix(ProducerConfig.MAX_REQUEST_SIZE_CONFIG),
        Topics.DEAD_LETTER.maxRecordBytes());
    properties.put(consumerPrefix(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG), "earliest");
  }

  private static void names(Properties properties) {
    properties.put(StreamsConfig.ENSURE_EXPLICIT_INTERNAL_RESOURCE_NAMING_CONFIG, true);
  }

  @SuppressWarnings("deprecation") // the switch goes away once 5.0 makes it the only way
  private static void poison(Properties properties) {
    properties.put(
        StreamsConfig.ERRORS_DEAD_LETTER_QUEUE_TOPIC_NAME_CONFIG, Topics.DEAD_LETTER.name());
    properties.put(
        StreamsConfig.DESERIALIZATION_EXCEPTION_HANDLER_CLASS_CONFIG,
        UnreadableRecordHandler.class);
    properties.put(
        StreamsConfig.PROCESSING_EXCEPTION_HANDLER_CLASS_CONFIG, FailedRecordHandler.class);
    properties.put(
        StreamsConfig.PRODUCTION_EXCEPTION_HANDLER_CLASS_CONFIG, UnwritableRecordHandler.class);
    properties.put(StreamsConfig.PROCESSING_EXCEPTION_HANDLER_GLOBAL_ENABLED_CONFIG, true);
  }

  private static void failover(Properties properties, StreamsSettings settings) {
    int session = Math.toIntExact(settings.sessionTimeout().toMillis());
    properties.put(StreamsConfig.GROUP_PROTOCOL_CONFIG, "classic");
    properties.put(consumerPrefix(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG), session);
    properties.put(consumerPrefix(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG), session / 6);
    properties.put(consumerPrefix(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG), 60_000);
    properties.put(StreamsConfig.NUM_STANDBY_REPLICAS_CONFIG, settings.standbys());
    properties.put(StreamsConfig.ACCEPTABLE_RECOVERY_LAG_CONFIG, 10_000L);
    properties.put(StreamsConfig.PROBING_REBALANCE_INTERVAL_MS_CONFIG, 60_000L);
    properties.put(CommonClientConfigs.RECONNECT_BACKOFF_MAX_MS_CONFIG, 1_000L);
  }

  private static void memory(Properties properties, StreamsSettings settings) {
    properties.put(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, BoundedStoreMemory.class);
    properties.put(BoundedStoreMemory.BYTES, settings.storeMemory());
    // Every change must reach the changelog in its own transaction anyway: a cache saves nothing.
    properties.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 0L);
  }
}
