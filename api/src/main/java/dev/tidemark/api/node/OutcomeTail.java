package dev.tidemark.api.node;

import dev.tidemark.contract.EntityKey;
import dev.tidemark.contract.Topics;
import dev.tidemark.contract.sync.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RecordDeserializationException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads every outcome as it comes, from the moment of its start. Every node reads all of them:
 * which one a device asked is not known to those who decide.
 */
final class OutcomeTail implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(OutcomeTail.class);
  private static final Duration STEP = Duration.ofMillis(500);
  private static final Duration PAUSE = Duration.ofMillis(200);
  private static final Duration LAST = Duration.ofSeconds(5);

  private final KafkaConsumer<EntityKey, Outcome> consumer;
  private final Consumer<Outcome> taker;
  private @Nullable Thread thread;
  private volatile boolean closed;
  private volatile long polledNanos = System.nanoTime();

  OutcomeTail(String kafka, Consumer<Outcome> taker) {
    this.taker = taker;
    Properties properties = new Properties();
    properties.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, kafka);
    properties.put(ConsumerConfig.CLIENT_ID_CONFIG, "tidemark-api-outcomes");
    properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "latest");
    properties.put(ConsumerConfig.FETCH_MIN_BYTES_CONFIG, 1);
    properties.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 100);
    properties.put(ConsumerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, 500);
    consumer =
        new KafkaConsumer<>(
            properties,
            Topics.OUTCOME.keySerde().deserializer(),
            Topics.OUTCOME.valueSerde().deserializer());
  }

  /**
   * Takes its place at the end of every partition; what is written from now on is seen.
   *
   * @throws KafkaException if the brokers do not say where that is
   */
  void start() {
    List<TopicPartition> partitions =
        consumer.partitionsFor(Topics.OUTCOME.name()).stream()
            .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
            .toList();
    consumer.assign(partitions);
    consumer.endOffsets(partitions).forEach(consumer::seek);
    polledNanos = System.nanoTime();
    thread = Thread.ofPlatform().name("tidemark-outcomes").daemon().start(this::run);
  }

  /** How long ago the brokers were last asked. */
  Duration sincePoll() {
    return Duration.ofNanos(System.nanoTime() - polledNanos);
  }

  private void run() {
    try (consumer) {
      while (!closed) {
        poll();
      }
    }
  }

  private void poll() {
    try {
      for (ConsumerRecord<EntityKey, Outcome> outcome : consumer.poll(STEP)) {
        if (outcome.value() != null) {
          taker.accept(outcome.value());
        }
      }
      polledNanos = System.nanoTime();
    } catch (WakeupException e) {
      LOG.debug("Woken to stop", e);
    } catch (RecordDeserializationException e) {
      LOG.warn("An outcome in {} at {} cannot be read", e.topicPartition(), e.offset(), e);
      consumer.seek(e.topicPartition(), e.offset() + 1);
    } catch (InterruptException e) {
      closed = true;
    } catch (KafkaException e) {
      LOG.warn("Outcomes cannot be read right now", e);
      LockSupport.parkNanos(PAUSE.toNanos());
    }
  }

  @Override
  public void close() {
    closed = true;
    Thread running = thread;
    if (running == null) {
      consumer.close();
      return;
    }
    consumer.wakeup();
    try {
      if (!running.join(LAST)) {
        LOG.warn("Outcomes are still being read");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
