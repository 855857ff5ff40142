package dev.tidemark.api.node;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tidemark.api.cache.InvalidationSink;
import dev.tidemark.api.problem.AwayException;
import dev.tidemark.api.sync.OperationSink;
import dev.tidemark.contract.DeadLetterHeaders;
import dev.tidemark.contract.Invalidation;
import dev.tidemark.contract.Topic;
import dev.tidemark.contract.Topics;
import dev.tidemark.contract.job.JobCommand;
import dev.tidemark.contract.job.JobLog;
import dev.tidemark.contract.job.Place;
import dev.tidemark.contract.sync.Submission;
import dev.tidemark.contract.sync.SubmittedBatch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Produces operations and what operators call untrue, and waits until the brokers have them. */
final class KafkaOperations implements OperationSink, InvalidationSink, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(KafkaOperations.class);
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final Duration REQUEST = Duration.ofSeconds(3);
  private static final int LARGEST_RECORD = 2 << 20;

  private final KafkaProducer<byte[], byte[]> producer;

  KafkaOperations(String kafka) {
    Properties properties = new Properties();
    properties.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, kafka);
    properties.put(ProducerConfig.CLIENT_ID_CONFIG, "tidemark-api-operations");
    properties.put(ProducerConfig.ACKS_CONFIG, "all");
    properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    properties.put(ProducerConfig.LINGER_MS_CONFIG, 1);
    properties.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
    properties.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, LARGEST_RECORD);
    properties.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, Math.toIntExact(REQUEST.toMillis()));
    properties.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, Math.toIntExact(PATIENCE.toMillis()));
    properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, PATIENCE.toMillis());
    producer =
        new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
  }

  /** The batch goes first: whoever reads of an operation may then know what it belongs to. */
  @Override
  public void hand(SubmittedBatch batch, List<Submission> operations) {
    List<Future<RecordMetadata>> sent = new ArrayList<>(operations.size() + 1);
    try {
      sent.add(send(record(Topics.BATCH, batch.device(), batch)));
      for (Submission operation : operations) {
        sent.add(send(record(Topics.OPERATION, operation.operation().key(), operation)));
      }
      for (Future<RecordMetadata> one : sent) {
        var _ = one.get();
      }
    } catch (ExecutionException | KafkaException | IllegalStateException e) {
      throw new AwayException("the brokers do not take operations", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AwayException("this node is stopping", e);
    }
  }

  /**
   * A first failure ends it: to fail may take seconds, and each of the others would take as long.
   */
  private Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> record)
      throws ExecutionException, InterruptedException {
    Future<RecordMetadata> sent = producer.send(record);
    if (sent.isDone()) {
      var _ = sent.get();
    }
    return sent;
  }

  @Override
  public void tell(SubmittedBatch batch) {
    try {
      var _ =
          producer.send(
              record(Topics.BATCH, batch.device(), batch),
              (_, failure) -> {
                if (failure != null) {
                  LOG.debug("The batch {} of {} was not told", batch.id(), batch.device(), failure);
                }
              });
    } catch (KafkaException | IllegalStateException e) {
      LOG.debug("The batch {} of {} was not told", batch.id(), batch.device(), e);
    }
  }

  @Override
  public void send(List<Invalidation> invalidations) {
    try {
      List<Future<RecordMetadata>> sent = new ArrayList<>(invalidations.size());
      for (Invalidation invalidation : invalidations) {
        sent.add(send(record(Topics.INVALIDATION, invalidation.target(), invalidation)));
      }
      for (Future<RecordMetadata> one : sent) {
        var _ = one.get();
      }
    } catch (ExecutionException | KafkaException | IllegalStateException e) {
      throw new AwayException("the brokers do not take invalidations", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AwayException("this node is stopping", e);
    }
  }

  /**
   * Tells the scheduler of jobs.
   *
   * @param partitions how many it has
   */
  void say(List<? extends JobCommand> commands, int partitions) {
    try {
      List<Future<RecordMetadata>> sent = new ArrayList<>(commands.size());
      for (JobCommand command : commands) {
        for (int partition : partitionsOf(command, partitions)) {
          sent.add(send(record(partition, command)));
        }
      }
      for (Future<RecordMetadata> one : sent) {
        var _ = one.get();
      }
    } catch (ExecutionException | KafkaException | IllegalStateException e) {
      throw new AwayException("the brokers do not take what is wanted of jobs", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AwayException("this node is stopping", e);
    }
  }

  /** Says to each partition of the scheduler that a worker is there. */
  void say(Map<Integer, JobCommand.Alive> alive) {
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>(alive.size());
    alive.forEach((partition, command) -> records.add(record(partition, command)));
    send(records, "the brokers do not take what is said of workers");
  }

  /** Writes down what attempts have to say. */
  void log(List<JobLog> lines) {
    send(
        lines.stream().map(line -> record(Topics.JOB_LOG, line.id(), line)).toList(),
        "the brokers do not take lines of jobs");
  }

  private void send(List<ProducerRecord<byte[], byte[]>> records, String complaint) {
    try {
      List<Future<RecordMetadata>> sent = new ArrayList<>(records.size());
      for (ProducerRecord<byte[], byte[]> record : records) {
        sent.add(send(record));
      }
      for (Future<RecordMetadata> one : sent) {
        var _ = one.get();
      }
    } catch (ExecutionException | KafkaException | IllegalStateException e) {
      throw new AwayException(complaint, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AwayException("this node is stopping", e);
    }
  }

  /** Where a job or a schedule lives; what concerns all is said to each. */
  private static List<Integer> partitionsOf(JobCommand command, int partitions) {
    return switch (command) {
      case JobCommand.OfJob ofJob ->
          List.of(Place.ofId(ofJob.id()).orElseThrow().partition(partitions));
      case JobCommand.OfSchedule ofSchedule ->
          List.of(Place.ofSchedule(ofSchedule.name()).partition(partitions));
      default -> IntStream.range(0, partitions).boxed().toList();
    };
  }

  private static ProducerRecord<byte[], byte[]> record(int partition, JobCommand command) {
    ProducerRecord<byte[], byte[]> plain = record(Topics.JOB_COMMAND, command.key(), command);
    return new ProducerRecord<>(plain.topic(), partition, plain.key(), plain.value());
  }

  /**
   * Puts a record that this node cannot read into the dead-letter topic. Every node does so, since
   * none knows whether another could read it.
   */
  void putAside(ConsumerRecord<byte[], byte[]> record, String why) {
    byte[] value = record.value();
    ProducerRecord<byte[], byte[]> letter =
        new ProducerRecord<>(
            Topics.DEAD_LETTER.name(),
            record.key(),
            value == null || value.length > LARGEST_RECORD / 2 ? new byte[0] : value);
    letter.headers().add(DeadLetterHeaders.REASON, why.getBytes(UTF_8));
    letter.headers().add(DeadLetterHeaders.TOPIC, record.topic().getBytes(UTF_8));
    try {
      var _ =
          producer.send(
              letter,
              (_, failure) -> {
                if (failure != null) {
                  LOG.error(
                      "The record at {} of {} could not be put aside",
                      record.offset(),
                      record.topic(),
                      failure);
                }
              });
    } catch (KafkaException | IllegalStateException e) {
      LOG.error(
          "The record at {} of {} could not be put aside", record.offset(), record.topic(), e);
    }
  }

  @Override
  public void close() {
    producer.close(PATIENCE);
  }

  private static <K, V> ProducerRecord<byte[], byte[]> record(Topic<K, V> topic, K key, V value) {
    return new ProducerRecord<>(
        topic.name(),
        topic.keySerde().serializer().serialize(topic.name(), key),
        topic.valueSerde().serializer().serialize(topic.name(), value));
  }
}
