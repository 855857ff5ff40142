package dev.tidemark.connectors.capture;

import dev.tidemark.contract.Topic;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

/** Reads the latest committed record of each key from a topic of one partition. */
final class LatestRecords {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final long FIRST_STEP = 256;

  private final String kafka;

  LatestRecords(String kafka) {
    this.kafka = kafka;
  }

  /** All keys and their latest values. */
  <K, V> Map<K, V> all(Topic<K, V> topic) {
    try (KafkaConsumer<K, V> consumer = consumer(topic)) {
      TopicPartition partition = assign(consumer, topic);
      return read(consumer, partition, 0, end(consumer, partition));
    }
  }

  /**
   * The latest values, read from the end backwards until something is found: a position is written
   * with every commit, so the last records tell.
   */
  <K, V> Map<K, V> recent(Topic<K, V> topic) {
    try (KafkaConsumer<K, V> consumer = consumer(topic)) {
      TopicPartition partition = assign(consumer, topic);
      long end = end(consumer, partition);
      long beginning = consumer.beginningOffsets(List.of(partition)).getOrDefault(partition, 0L);
      for (long step = FIRST_STEP; ; step *= 8) {
        long from = Math.max(beginning, end - step);
        Map<K, V> found = read(consumer, partition, from, end);
        if (!found.isEmpty() || from == beginning) {
          return found;
        }
      }
    }
  }

  private static <K, V> Map<K, V> read(
      KafkaConsumer<K, V> consumer, TopicPartition partition, long from, long end) {
    Map<K, V> latest = new LinkedHashMap<>();
    consumer.seek(partition, from);
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (consumer.position(partition) < end) {
      for (ConsumerRecord<K, V> record : consumer.poll(Duration.ofMillis(100))) {
        if (record.value() == null) {
          latest.remove(record.key());
        } else {
          latest.put(record.key(), record.value());
        }
      }
      if (System.nanoTime() > deadline) {
        throw new TimeoutException(
            "topic " + partition.topic() + " could not be read to its end in " + PATIENCE);
      }
    }
    return latest;
  }

  private static <K, V> long end(KafkaConsumer<K, V> consumer, TopicPartition partition) {
    return consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
  }

  private static <K, V> TopicPartition assign(KafkaConsumer<K, V> consumer, Topic<K, V> topic) {
    TopicPartition partition = new TopicPartition(topic.name(), 0);
    consumer.assign(List.of(partition));
    return partition;
  }

  private <K, V> KafkaConsumer<K, V> consumer(Topic<K, V> topic) {
    Properties properties = new Properties();
    properties.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, kafka);
    properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    properties.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, 10_000);
    return new KafkaConsumer<>(
        properties, topic.keySerde().deserializer(), topic.valueSerde().deserializer());
  }
}
