package dev.tidemark.connectors.capture;

import dev.tidemark.contract.CaptureCommand;
import dev.tidemark.contract.Topics;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.Queue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hands operators' commands to the capture that leads, while it leads. */
final class CommandReader implements Runnable, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(CommandReader.class);
  private static final Duration REST = Duration.ofSeconds(1);

  private final CaptureSettings settings;
  private final Queue<CaptureCommand> commands;
  private final CountDownLatch closing = new CountDownLatch(1);
  private volatile @Nullable KafkaConsumer<String, CaptureCommand> current;

  CommandReader(CaptureSettings settings, Queue<CaptureCommand> commands) {
    this.settings = settings;
    this.commands = commands;
  }

  @Override
  public void run() {
    try {
      while (closing.getCount() > 0) {
        try {
          read();
        } catch (WakeupException e) {
          return;
        } catch (KafkaException e) {
          LOG.warn("commands cannot be read at the moment: {}", e.getMessage());
          if (closing.await(REST.toMillis(), TimeUnit.MILLISECONDS)) {
            return;
          }
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void read() {
    TopicPartition partition = new TopicPartition(Topics.CAPTURE_COMMAND.name(), 0);
    try (KafkaConsumer<String, CaptureCommand> consumer =
        new KafkaConsumer<>(
            configuration(),
            Topics.CAPTURE_COMMAND.keySerde().deserializer(),
            Topics.CAPTURE_COMMAND.valueSerde().deserializer())) {
      current = consumer;
      // Each command once: the group's offset says which were handed over, whoever leads.
      consumer.assign(List.of(partition));
      while (closing.getCount() > 0) {
        ConsumerRecords<String, CaptureCommand> records = consumer.poll(REST);
        for (ConsumerRecord<String, CaptureCommand> record : records) {
          LOG.info("command: {} {}", record.value().action(), record.value().type());
          commands.add(record.value());
        }
        if (!records.isEmpty()) {
          consumer.commitSync();
        }
      }
    } finally {
      current = null;
    }
  }

  @Override
  public void close() {
    closing.countDown();
    KafkaConsumer<String, CaptureCommand> consumer = current;
    if (consumer != null) {
      consumer.wakeup();
    }
  }

  private Properties configuration() {
    Properties properties = new Properties();
    properties.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, settings.kafka());
    properties.put(ConsumerConfig.GROUP_ID_CONFIG, "tidemark-capture-" + settings.slot());
    properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    return properties;
  }
}
