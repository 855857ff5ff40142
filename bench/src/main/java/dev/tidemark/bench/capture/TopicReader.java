package dev.tidemark.bench.capture;

import java.time.Duration;
import java.util.List;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** A consumer of committed records: what a row has to reach to be readable. */
final class TopicReader implements AutoCloseable {
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final Sightings sightings;
  private final Thread thread;

  TopicReader(String kafka, String topic, Sightings sightings) {
    Properties properties = new Properties();
    properties.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, kafka);
    properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 10_000);
    this.sightings = sightings;
    this.consumer =
        new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    List<TopicPartition> partitions =
        consumer.partitionsFor(topic).stream()
            .map(info -> new TopicPartition(topic, info.partition()))
            .toList();
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
    this.thread = Thread.ofPlatform().name("read-" + topic).daemon().start(this::read);
  }

  private void read() {
    try (consumer) {
      while (true) {
        var records = consumer.poll(Duration.ofSeconds(1));
        long now = System.nanoTime();
        for (ConsumerRecord<byte[], byte[]> record : records) {
          if (record.key() != null) {
            sightings.saw(id(record.key()), now);
          }
        }
      }
    } catch (WakeupException _) {
      // closed
    }
  }

  /** The number in a key such as {@code type/42} or {@code {"id":42}}. */
  static long id(byte[] key) {
    long id = 0;
    long power = 1;
    int at = key.length - 1;
    while (at >= 0 && (key[at] < '0' || key[at] > '9')) {
      at--;
    }
    for (; at >= 0 && key[at] >= '0' && key[at] <= '9'; at--) {
      id += power * (key[at] - '0');
      power *= 10;
    }
    return id;
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
