package dev.tidemark.bench.cache;

import dev.tidemark.bench.cache.Trace.Station;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads a topic and does nothing with it but note when an item comes by. */
final class TopicWatch implements AutoCloseable {
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final Station station;
  private final Trace trace;
  private final Thread thread;

  /**
   * Reads from now on.
   *
   * @param isolation of the consumer
   */
  TopicWatch(String kafka, String topic, String isolation, Station station, Trace trace) {
    Properties properties = new Properties();
    properties.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, kafka);
    properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, isolation);
    properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    this.station = station;
    this.trace = trace;
    consumer =
        new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    List<TopicPartition> partitions =
        consumer.partitionsFor(topic).stream()
            .map(partition -> new TopicPartition(topic, partition.partition()))
            .toList();
    consumer.assign(partitions);
    consumer.seekToEnd(partitions);
    partitions.forEach(consumer::position);
    thread = Thread.ofPlatform().name("watch-" + topic).daemon().start(this::read);
  }

  private void read() {
    try (consumer) {
      while (true) {
        var records = consumer.poll(Duration.ofSeconds(1));
        long now = System.nanoTime();
        for (ConsumerRecord<byte[], byte[]> record : records) {
          byte[] key = record.key();
          if (key != null) {
            number(new String(key, StandardCharsets.UTF_8), now);
          }
        }
      }
    } catch (WakeupException _) {
      // closed
    }
  }

  /** The keys are {@code item/7} and {@code item:7}, or have the item within. */
  private void number(String key, long now) {
    int digits = key.length();
    while (digits > 0 && Character.isDigit(key.charAt(digits - 1))) {
      digits--;
    }
    if (key.startsWith("item") && digits < key.length()) {
      trace.seen(Integer.parseInt(key.substring(digits)), station, now);
    }
  }

  @Override
  public void close() {
    consumer.wakeup();
    try {
      thread.join();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
