package dev.tidemark.api.node;

import dev.tidemark.contract.CapturedTable;
import dev.tidemark.contract.CapturedTable.State;
import dev.tidemark.contract.Topics;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Properties;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which tables capture has read whole and follows. Of any other table, topics that are read to
 * their end still do not tell what is not there: before the first snapshot they are empty, and all
 * rows exist. Also knows the columns of each.
 */
final class CapturedTables implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(CapturedTables.class);
  private static final Duration FRESH = Duration.ofSeconds(1);
  private static final Duration PATIENCE = Duration.ofMillis(500);
  private static final Duration STEP = Duration.ofMillis(20);

  private final TopicPartition partition = new TopicPartition(Topics.CAPTURED_TABLE.name(), 0);
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<String, Long> followedSince = new HashMap<>();
  private final Map<String, Map<String, String>> columns = new HashMap<>();
  private final KafkaConsumer<String, CapturedTable> consumer;
  private long readNanos = System.nanoTime() - FRESH.toNanos();
  private long askedNanos = readNanos;
  private boolean closed;

  CapturedTables(String kafka) {
    Properties properties = new Properties();
    properties.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, kafka);
    properties.put(ConsumerConfig.CLIENT_ID_CONFIG, "tidemark-api-captured-tables");
    properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    properties.put(
        ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, Math.toIntExact(PATIENCE.toMillis()));
    properties.put(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, Math.toIntExact(PATIENCE.toMillis()));
    consumer =
        new KafkaConsumer<>(
            properties,
            Topics.CAPTURED_TABLE.keySerde().deserializer(),
            Topics.CAPTURED_TABLE.valueSerde().deserializer());
    consumer.assign(List.of(partition));
    consumer.seekToBeginning(List.of(partition));
  }

  /**
   * Since when this node knows that the table of a type was read whole and is followed, as {@link
   * System#nanoTime}; empty if it is not, or if the brokers do not tell.
   */
  OptionalLong followedSince(String type) {
    lock.lock();
    try {
      if (closed || (System.nanoTime() - readNanos >= FRESH.toNanos() && !read())) {
        return OptionalLong.empty();
      }
      Long since = followedSince.get(type);
      return since == null ? OptionalLong.empty() : OptionalLong.of(since);
    } finally {
      lock.unlock();
    }
  }

  /**
   * The columns of a type's table with their types, as last read; empty if capture has not told of
   * them. While the brokers are away what was known before still holds.
   */
  Optional<Map<String, String>> columns(String type) {
    lock.lock();
    try {
      if (!closed && System.nanoTime() - askedNanos >= FRESH.toNanos()) {
        askedNanos = System.nanoTime();
        var _ = read();
      }
      return Optional.ofNullable(columns.get(type));
    } finally {
      lock.unlock();
    }
  }

  private boolean read() {
    long asked = System.nanoTime();
    try {
      long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
      while (consumer.position(partition) < end) {
        if (System.nanoTime() - asked > PATIENCE.toNanos()) {
          return false;
        }
        for (ConsumerRecord<String, CapturedTable> table : consumer.poll(STEP)) {
          take(table.key(), table.value());
        }
      }
    } catch (KafkaException e) {
      LOG.debug("The brokers do not say which tables are captured", e);
      return false;
    }
    readNanos = asked;
    return true;
  }

  private void take(String type, @Nullable CapturedTable table) {
    if (table != null && table.state() == State.LIVE) {
      followedSince.putIfAbsent(type, System.nanoTime());
    } else {
      followedSince.remove(type);
    }
    if (table == null || table.columns().isEmpty()) {
      columns.remove(type);
    } else {
      columns.put(type, table.columns());
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      consumer.close();
    } finally {
      lock.unlock();
    }
  }
}
