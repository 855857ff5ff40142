package dev.tidemark.connectors.write;

import dev.tidemark.contract.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes writes and batches from Kafka and holds them until they are done. What belongs to a
 * partition that another writer gets is let go: that writer takes it again. One thread, but for
 * {@link #wakeup()}.
 */
final class Intake implements AutoCloseable, ConsumerRebalanceListener {
  static final String GROUP = "tidemark-writer";
  private static final Logger LOG = LoggerFactory.getLogger(Intake.class);
  private static final Duration COMMIT_LIMIT = Duration.ofSeconds(5);

  /**
   * What was done and not told by then is taken again after a kill, and the ledger knows it: a
   * writer that waited for every commit would stand still a third of its time.
   */
  private static final Duration COMMIT_INTERVAL = Duration.ofMillis(100);

  private final KafkaConsumer<byte[], byte[]> consumer;
  private final List<Held> held = new ArrayList<>();
  private final Map<TopicPartition, OffsetAndMetadata> uncommitted = new HashMap<>();
  private boolean again = true;
  private long toldNanos = System.nanoTime() - COMMIT_INTERVAL.toNanos();

  Intake(WriterSettings settings) {
    consumer =
        new KafkaConsumer<>(
            configuration(settings), new ByteArrayDeserializer(), new ByteArrayDeserializer());
    consumer.subscribe(List.of(Topics.WRITE.name(), Topics.BATCH.name()), this);
  }

  private static Properties configuration(WriterSettings settings) {
    Properties properties = new Properties();
    properties.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, settings.kafka());
    properties.put(ConsumerConfig.GROUP_ID_CONFIG, GROUP);
    properties.put(ConsumerConfig.GROUP_PROTOCOL_CONFIG, "classic");
    properties.put(
        ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
        CooperativeStickyAssignor.class.getName());
    properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, settings.batch());
    properties.put(ConsumerConfig.FETCH_MIN_BYTES_CONFIG, 1);
    properties.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, 6_000);
    properties.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, 1_000);
    properties.put(ConsumerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, 500);
    return properties;
  }

  /** What is held, in the order in which it came. */
  List<Held> held() {
    return List.copyOf(held);
  }

  /** Whether some of what is held may have been written before. */
  boolean again() {
    return again;
  }

  void mayBeWritten() {
    again = true;
  }

  boolean assigned() {
    return !consumer.assignment().isEmpty();
  }

  /** Takes more. */
  void take(Duration patience) {
    consumer.resume(consumer.paused());
    poll(patience);
  }

  /** Takes nothing, but stays a member of the group. */
  void rest(Duration pause) {
    consumer.pause(consumer.assignment());
    poll(pause);
  }

  private void poll(Duration patience) {
    for (ConsumerRecord<byte[], byte[]> record : consumer.poll(patience)) {
      held.add(Held.of(record));
    }
  }

  /** Lets go of these: they are done. What another writer has by now is not ours to tell. */
  void done(List<Held> done) {
    Set<Held> gone = Collections.newSetFromMap(new IdentityHashMap<>());
    gone.addAll(done);
    for (Held one : held) {
      if (gone.contains(one)) {
        uncommitted.put(
            one.partition(),
            new OffsetAndMetadata(one.record().offset() + 1, one.record().leaderEpoch(), ""));
      }
    }
    held.removeIf(gone::contains);
    commit();
  }

  /** Tells Kafka what is done, now and then; what it does not take, it is told again. */
  void commit() {
    if (uncommitted.isEmpty() || System.nanoTime() - toldNanos < COMMIT_INTERVAL.toNanos()) {
      return;
    }
    toldNanos = System.nanoTime();
    Map<TopicPartition, OffsetAndMetadata> told = Map.copyOf(uncommitted);
    consumer.commitAsync(told, this::told);
  }

  private void told(Map<TopicPartition, OffsetAndMetadata> told, @Nullable Exception failure) {
    if (failure == null) {
      told.forEach(uncommitted::remove);
      again = false;
    } else {
      LOG.debug("offsets are committed later", failure);
      again = true;
    }
  }

  private void commitAtOnce() {
    if (uncommitted.isEmpty()) {
      return;
    }
    try {
      consumer.commitSync(Map.copyOf(uncommitted), COMMIT_LIMIT);
      uncommitted.clear();
    } catch (KafkaException e) {
      LOG.debug("offsets stay uncommitted; the ledger knows what was done", e);
    }
  }

  @Override
  public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
    if (!partitions.isEmpty()) {
      again = true;
    }
  }

  @Override
  public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
    commitAtOnce();
    forget(partitions);
  }

  @Override
  public void onPartitionsLost(Collection<TopicPartition> partitions) {
    forget(partitions);
  }

  private void forget(Collection<TopicPartition> partitions) {
    held.removeIf(one -> partitions.contains(one.partition()));
    uncommitted.keySet().removeAll(partitions);
  }

  void wakeup() {
    consumer.wakeup();
  }

  @Override
  public void close() {
    commitAtOnce();
    consumer.close();
  }
}
