package dev.tidemark.connectors.capture;

import dev.tidemark.contract.CaptureCommand;
import dev.tidemark.contract.Topics;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.Queue;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hands operators' commands to the capture that leads, while it leads. */
final class CommandReader implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(CommandReader.class);
  private static final Duration REST = Duration.ofSeconds(1);

  private final CaptureSettings settings;
  private final Queue<CaptureCommand> commands;

  CommandReader(CaptureSettings settings, Queue<CaptureCommand> commands) {
    this.settings = settings;
    this.commands = commands;
  }

  @Override
  public void run() {
    while (!Thread.currentThread().isInterrupted()) {
      try {
        read();
      } catch (InterruptException e) {
        Thread.currentThread().interrupt();
      } catch (KafkaException e) {
        LOG.warn("commands cannot be read at the moment: {}", e.getMessage());
        pause();
      }
    }
  }

  private void read() {
    TopicPartition partition = new TopicPartition(Topics.CAPTURE_COMMAND.name(), 0);
    try (KafkaConsumer<String, CaptureCommand> consumer =
        new KafkaConsumer<>(
            configuration(),
            Topics.CAPTURE_COMMAND.keySerde().deserializer(),
            Topics.CAPTURE_COMMAND.valueSerde().deserializer())) {
      // Each command once: the group's offset says which were handed over, whoever leads.
      consumer.assign(List.of(partition));
      while (!Thread.currentThread().isInterrupted()) {
        for (ConsumerRecord<String, CaptureCommand> record : consumer.poll(REST)) {
          LOG.info("command: {} {}", record.value().action(), record.value().type());
          commands.add(record.value());
        }
        consumer.commitSync();
      }
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

  private static void pause() {
    try {
      Thread.sleep(REST);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
