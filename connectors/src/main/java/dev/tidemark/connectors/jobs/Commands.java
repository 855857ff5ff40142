package dev.tidemark.connectors.jobs;

import dev.tidemark.contract.Topics;
import dev.tidemark.contract.job.JobCommand;
import dev.tidemark.contract.job.JobLog;
import dev.tidemark.contract.job.Place;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the scheduler. Each partition hears what it is told in the order of the calls. */
final class Commands implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Commands.class);

  private final KafkaProducer<String, byte[]> producer;
  private final int partitions;

  Commands(String kafka, String worker) {
    producer =
        new KafkaProducer<>(
            Map.of(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                kafka,
                ProducerConfig.CLIENT_ID_CONFIG,
                "tidemark-worker-" + worker,
                ProducerConfig.ACKS_CONFIG,
                "all",
                // What ends at about the same time is said together; each request costs the broker
                // more than what is in it.
                ProducerConfig.LINGER_MS_CONFIG,
                5,
                ProducerConfig.BATCH_SIZE_CONFIG,
                65_536,
                // What came of an attempt is said until it is heard or the worker ends.
                ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                Integer.MAX_VALUE,
                ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG,
                5_000,
                ProducerConfig.MAX_BLOCK_MS_CONFIG,
                10_000L,
                ProducerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG,
                500L),
            new StringSerializer(),
            new ByteArraySerializer());
    partitions = producer.partitionsFor(Topics.JOB_COMMAND.name()).size();
  }

  int partitions() {
    return partitions;
  }

  /** The partition where a job lives: its id begins with its place. */
  int partition(String id) {
    return Place.ofId(id).orElseThrow().partition(partitions);
  }

  /**
   * Tells where the job lives.
   *
   * @param heard called when it is in the log
   */
  void tell(JobCommand.OfJob command, Runnable heard) {
    send(partition(command.id()), command.id(), command, _ -> heard.run());
  }

  /** Tells one partition of what concerns each. */
  void tell(int partition, String key, JobCommand command, Consumer<Long> heard) {
    send(partition, key, command, heard);
  }

  private void send(int partition, String key, JobCommand command, Consumer<Long> heard) {
    byte[] value =
        Topics.JOB_COMMAND.valueSerde().serializer().serialize(Topics.JOB_COMMAND.name(), command);
    send(new ProducerRecord<>(Topics.JOB_COMMAND.name(), partition, key, value), heard);
  }

  private void send(ProducerRecord<String, byte[]> record, Consumer<Long> heard) {
    try {
      var _ =
          producer.send(
              record,
              (metadata, failure) -> {
                if (failure == null) {
                  heard.accept(metadata.offset());
                } else {
                  LOG.warn("{} was not told of {}", record.topic(), record.key(), failure);
                }
              });
    } catch (KafkaException e) {
      LOG.warn("{} was not told of {}", record.topic(), record.key(), e);
    }
  }

  /** Writes down a line of an attempt. What cannot be written is lost, and so said. */
  void log(JobLog line) {
    send(
        new ProducerRecord<>(
            Topics.JOB_LOG.name(),
            line.id(),
            Topics.JOB_LOG.valueSerde().serializer().serialize(Topics.JOB_LOG.name(), line)),
        _ -> {});
  }

  void flush() {
    producer.flush();
  }

  @Override
  public void close() {
    producer.close(Duration.ofSeconds(5));
  }
}
