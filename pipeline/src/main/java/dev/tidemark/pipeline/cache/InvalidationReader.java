package dev.tidemark.pipeline.cache;

import dev.tidemark.contract.Invalidation;
import dev.tidemark.contract.Topics;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads invalidations from where it is told to, all partitions of them, and knows when some were
 * missed. For one thread; {@link #wakeUp} may come from another.
 */
public final class InvalidationReader implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(InvalidationReader.class);
  private static final String TOPIC = Topics.INVALIDATION.name();
  private static final int PATIENCE_MILLIS = 3_000;

  private final KafkaConsumer<byte[], byte[]> consumer;
  private final Deserializer<Invalidation> values = Topics.INVALIDATION.valueSerde().deserializer();

  /**
   * What a poll brought of one partition.
   *
   * @param from the first offset that it covers
   * @param to the offset behind the last
   * @param whole whether all of it could be read: if not, nobody knows what it said
   */
  public record Batch(int partition, long from, long to, boolean whole, List<Told> told) {
    public Batch {
      told = List.copyOf(told);
    }
  }

  /** An invalidation and where it stands. */
  public record Told(long offset, Invalidation invalidation) {}

  /** Records that were to be read are not there any more. */
  public static final class Missed extends Exception {
    private static final long serialVersionUID = 1L;

    Missed(String why, Throwable cause) {
      super(why, cause);
    }
  }

  public InvalidationReader(String kafka, String name) {
    Properties properties = new Properties();
    properties.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, kafka);
    properties.put(ConsumerConfig.CLIENT_ID_CONFIG, name);
    // Not written in transactions, so there are none to wait for.
    properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_uncommitted");
    properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
    properties.put(ConsumerConfig.FETCH_MIN_BYTES_CONFIG, 1);
    properties.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 100);
    properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 2_000);
    properties.put(ConsumerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, 500);
    properties.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, PATIENCE_MILLIS);
    properties.put(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, PATIENCE_MILLIS);
    consumer =
        new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  /**
   * Names the topic: positions of another one mean nothing here.
   *
   * @throws KafkaException if the brokers do not tell
   */
  public static String topicId(Admin admin) {
    try {
      return admin
          .describeTopics(List.of(TOPIC))
          .allTopicNames()
          .get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)
          .values()
          .iterator()
          .next()
          .topicId()
          .toString();
    } catch (ExecutionException | TimeoutException e) {
      throw new KafkaException("the brokers do not tell of " + TOPIC, e);
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    }
  }

  /**
   * Where each partition was at a moment: what has come since stands there or behind.
   *
   * @throws KafkaException if the brokers do not tell
   */
  public Map<Integer, Long> at(Instant moment) {
    List<TopicPartition> partitions = partitions();
    Map<TopicPartition, Long> asked = new HashMap<>();
    partitions.forEach(partition -> asked.put(partition, moment.toEpochMilli()));
    Map<TopicPartition, OffsetAndTimestamp> found = consumer.offsetsForTimes(asked);
    Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
    Map<Integer, Long> positions = new HashMap<>();
    for (TopicPartition partition : partitions) {
      OffsetAndTimestamp first = found.get(partition);
      positions.put(
          partition.partition(), first == null ? ends.getOrDefault(partition, 0L) : first.offset());
    }
    return positions;
  }

  /** Goes to these positions. A partition without one begins at its first record. */
  public void begin(Map<Integer, Long> positions) {
    List<TopicPartition> partitions = partitions();
    consumer.assign(partitions);
    for (TopicPartition partition : partitions) {
      consumer.seek(partition, positions.getOrDefault(partition.partition(), 0L));
    }
  }

  /** The offset behind the last record read, by partition. */
  public Map<Integer, Long> positions() {
    Map<Integer, Long> positions = new HashMap<>();
    for (TopicPartition partition : consumer.assignment()) {
      positions.put(partition.partition(), consumer.position(partition));
    }
    return positions;
  }

  /**
   * What has come, a batch per partition that had something; nothing if woken.
   *
   * @throws Missed if records that had not been read are gone
   * @throws KafkaException if the brokers cannot be asked
   */
  public List<Batch> poll(Duration atMost) throws Missed {
    ConsumerRecords<byte[], byte[]> records;
    Map<Integer, Long> before = positions();
    try {
      records = consumer.poll(atMost);
    } catch (OffsetOutOfRangeException e) {
      throw new Missed("records were deleted before they were read", e);
    } catch (WakeupException e) {
      LOG.debug("Woken", e);
      return List.of();
    }
    List<Batch> batches = new ArrayList<>();
    for (TopicPartition partition : records.partitions()) {
      batches.add(
          batch(
              partition.partition(),
              before.getOrDefault(partition.partition(), 0L),
              records.records(partition)));
    }
    return batches;
  }

  private Batch batch(int partition, long from, List<ConsumerRecord<byte[], byte[]>> records) {
    List<Told> told = new ArrayList<>(records.size());
    boolean whole = true;
    for (ConsumerRecord<byte[], byte[]> record : records) {
      try {
        Invalidation invalidation = values.deserialize(TOPIC, record.value());
        if (invalidation != null) {
          told.add(new Told(record.offset(), invalidation));
        }
      } catch (SerializationException e) {
        LOG.error("The invalidation {}-{}@{} cannot be read", TOPIC, partition, record.offset(), e);
        whole = false;
      }
    }
    return new Batch(partition, from, records.getLast().offset() + 1, whole, told);
  }

  private List<TopicPartition> partitions() {
    return consumer.partitionsFor(TOPIC).stream()
        .map(partition -> new TopicPartition(TOPIC, partition.partition()))
        .collect(Collectors.toList());
  }

  /** Ends a poll that is waiting. */
  public void wakeUp() {
    consumer.wakeup();
  }

  @Override
  public void close() {
    consumer.close();
  }
}
