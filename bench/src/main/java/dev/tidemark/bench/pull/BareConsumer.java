package dev.tidemark.bench.pull;

import dev.tidemark.contract.Topics;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * The limit of a live connection: whoever reads the topic of scoped changes and does nothing with
 * it. What it costs to get there is capture's, and not the node's.
 */
final class BareConsumer implements AutoCloseable {
  private static final TopicPartition TOPIC = new TopicPartition(Topics.SCOPED_CHANGE.name(), 0);

  private final KafkaConsumer<byte[], byte[]> consumer;
  private final LiveListeners.Heard heard;
  private final Thread thread;

  BareConsumer(String kafka, LiveListeners.Heard heard) {
    Properties properties = new Properties();
    properties.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, kafka);
    properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    this.heard = heard;
    consumer =
        new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    consumer.assign(List.of(TOPIC));
    consumer.seekToEnd(List.of(TOPIC));
    // The end is asked for now, and not at the first poll, which may come after the first change.
    consumer.position(TOPIC);
    thread = Thread.ofPlatform().name("bare-consumer").daemon().start(this::read);
  }

  private void read() {
    try (consumer) {
      while (true) {
        var records = consumer.poll(Duration.ofSeconds(1));
        long now = System.nanoTime();
        for (ConsumerRecord<byte[], byte[]> record : records) {
          byte[] value = record.value();
          if (value != null) {
            Marks.find(value, 0, value.length, number -> heard.mark(number, now));
          }
        }
      }
    } catch (WakeupException _) {
      // closed
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
