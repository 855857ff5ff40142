package dev.tidemark.api.node;

import static java.util.Objects.requireNonNull;

import dev.tidemark.api.cache.Freshness;
import dev.tidemark.api.cache.ViewCache;
import dev.tidemark.api.cache.ViewSource;
import dev.tidemark.api.problem.AwayException;
import dev.tidemark.contract.CapturePosition;
import dev.tidemark.contract.Topic;
import dev.tidemark.contract.Topics;
import dev.tidemark.pipeline.cache.CacheTopology;
import dev.tidemark.pipeline.runtime.StreamsPolicy;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Proves again and again that this node has heard of everything. It asks Postgres where its log
 * ends, waits until capture has passed that place, until the topology has passed what capture had
 * sent by then, and until this node has heard what the topology had said by then. Whatever part of
 * the way stands still, no proof comes, and the cache stands aside.
 */
final class FreshnessLoop implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(FreshnessLoop.class);
  private static final Duration PAUSE = Duration.ofMillis(100);
  private static final Duration GLANCE = Duration.ofMillis(20);
  private static final Duration PATIENCE = Duration.ofSeconds(3);
  private static final Duration LAST = Duration.ofSeconds(5);
  private static final Duration SAID_AGAIN = Duration.ofMinutes(1);
  private static final TopicPartition POSITION = new TopicPartition(Topics.POSITION.name(), 0);

  private final ViewCache cache;
  private final ViewSource source;
  private final Freshness freshness;
  private final Admin admin;
  private final MemoryFeed memory;
  private final CapturedTables tables;
  private final CacheTopology topology;
  private final KafkaConsumer<String, CapturePosition> positions;
  private final Thread thread;
  private final Set<TopicPartition> changes = new HashSet<>();
  private final Set<TopicPartition> invalidations = new HashSet<>();
  private volatile boolean closed;
  private volatile @Nullable String history;
  private @Nullable CapturePosition captured;
  private boolean proven;
  private long saidNanos;

  /** The way stands still somewhere. */
  private static final class Hindered extends Exception {
    private static final long serialVersionUID = 1L;

    Hindered(String why, @Nullable Throwable cause) {
      super(why, cause);
    }
  }

  FreshnessLoop(
      String kafka,
      ViewCache cache,
      Admin admin,
      MemoryFeed memory,
      CapturedTables tables,
      CacheTopology topology) {
    this.cache = cache;
    this.source = cache.source();
    this.freshness = cache.freshness();
    this.admin = admin;
    this.memory = memory;
    this.tables = tables;
    this.topology = topology;
    Properties properties = new Properties();
    properties.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, kafka);
    properties.put(ConsumerConfig.CLIENT_ID_CONFIG, "tidemark-cache-positions");
    properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    properties.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 100);
    properties.put(ConsumerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, 500);
    positions =
        new KafkaConsumer<>(
            properties,
            Topics.POSITION.keySerde().deserializer(),
            Topics.POSITION.valueSerde().deserializer());
    positions.assign(List.of(POSITION));
    positions.seekToBeginning(List.of(POSITION));
    thread = Thread.ofPlatform().name("tidemark-cache-freshness").daemon().unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  /** Names the history of the database that capture follows; null while it is not known. */
  @Nullable String history() {
    return history;
  }

  private void run() {
    try (positions) {
      while (!closed) {
        try {
          prove();
          said(null);
        } catch (Hindered e) {
          freshness.hindered(String.valueOf(e.getMessage()));
          said(e);
        } catch (InterruptException e) {
          closed = true;
        } catch (KafkaException e) {
          freshness.hindered("the brokers do not answer: " + e.getMessage());
          said(e);
        } catch (RuntimeException e) {
          LOG.error("It cannot be proven how fresh the cache is; it is tried again", e);
          freshness.hindered("an error: " + e);
        }
        LockSupport.parkNanos(PAUSE.toNanos());
      }
    }
  }

  private void said(@Nullable Exception hindrance) {
    if (hindrance == null) {
      if (!proven) {
        LOG.info("The cache is told of every change");
      }
      proven = true;
    } else if (!freshness.isFresh()
        && (proven || freshness.now() - saidNanos > SAID_AGAIN.toNanos())) {
      LOG.warn("The cache stands aside: {}", hindrance.getMessage());
      saidNanos = freshness.now();
      proven = false;
    }
  }

  private void prove() throws Hindered {
    long asOf = freshness.now();
    ViewSource.Now now;
    try {
      now = source.now();
    } catch (AwayException e) {
      throw new Hindered("Postgres does not say where its log ends", e);
    }
    long taken = freshness.now();
    awaitCapture(now);
    awaitTopology();
    Map<Integer, Long> said = ends(invalidations(), IsolationLevel.READ_UNCOMMITTED);
    await("this node has not heard all that has become untrue", () -> memory.hasPassed(said));
    Set<String> unfollowed = new HashSet<>(cache.types());
    unfollowed.removeIf(type -> tables.columns(type).isPresent());
    cache.unfollowed(unfollowed);
    freshness.prove(asOf, now.sight(), taken);
    cache.tidy();
  }

  private void awaitCapture(ViewSource.Now now) throws Hindered {
    await(
        "capture is behind the database, or follows another history of it",
        () -> {
          for (ConsumerRecord<String, CapturePosition> record : positions.poll(GLANCE)) {
            if (record.value() != null) {
              take(record.value());
            }
          }
          CapturePosition last = captured;
          return last != null
              && last.phase() == CapturePosition.Phase.STREAMING
              && last.system().equals(now.history())
              && last.passed() >= now.position();
        });
  }

  private void take(CapturePosition position) {
    captured = position;
    String named = position.system() + "/" + position.epoch();
    String before = history;
    if (!named.equals(before)) {
      history = named;
      if (before != null) {
        freshness.forget("the database has another history now");
        cache.missed("the database has another history now: " + named + " after " + before);
      }
    }
  }

  private void awaitTopology() throws Hindered {
    Map<TopicPartition, Long> ends = endsOf(changes(), IsolationLevel.READ_UNCOMMITTED);
    String group = StreamsPolicy.applicationId(topology.name());
    await(
        "the topology is behind what has changed",
        () -> {
          Map<TopicPartition, Long> committed = new HashMap<>();
          result(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata())
              .forEach(
                  (partition, offset) -> {
                    if (offset != null) {
                      committed.put(partition, offset.offset());
                    }
                  });
          return ends.entrySet().stream()
              .allMatch(
                  end ->
                      end.getValue() == 0
                          || committed.getOrDefault(end.getKey(), -1L) >= end.getValue());
        });
  }

  /** A part of the way, and whether it is behind us. */
  private interface Passed {
    boolean ask() throws Hindered;
  }

  private void await(String otherwise, Passed passed) throws Hindered {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!passed.ask()) {
      if (closed || System.nanoTime() > deadline) {
        throw new Hindered(otherwise, null);
      }
      LockSupport.parkNanos(GLANCE.toNanos());
    }
  }

  private Set<TopicPartition> changes() throws Hindered {
    if (changes.isEmpty()) {
      changes.addAll(partitions(topology.reads().stream().map(Topic::name).toList()));
    }
    return changes;
  }

  private Set<TopicPartition> invalidations() throws Hindered {
    if (invalidations.isEmpty()) {
      invalidations.addAll(partitions(List.of(Topics.INVALIDATION.name())));
    }
    return invalidations;
  }

  private Set<TopicPartition> partitions(List<String> topics) throws Hindered {
    Set<TopicPartition> partitions = new HashSet<>();
    for (TopicDescription topic : result(admin.describeTopics(topics).allTopicNames()).values()) {
      topic
          .partitions()
          .forEach(
              partition -> partitions.add(new TopicPartition(topic.name(), partition.partition())));
    }
    return partitions;
  }

  private Map<Integer, Long> ends(Set<TopicPartition> partitions, IsolationLevel isolation)
      throws Hindered {
    Map<Integer, Long> ends = new HashMap<>();
    endsOf(partitions, isolation).forEach((partition, end) -> ends.put(partition.partition(), end));
    return ends;
  }

  private Map<TopicPartition, Long> endsOf(Set<TopicPartition> partitions, IsolationLevel isolation)
      throws Hindered {
    Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
    partitions.forEach(partition -> latest.put(partition, OffsetSpec.latest()));
    Map<TopicPartition, Long> ends = new HashMap<>();
    result(admin.listOffsets(latest, new ListOffsetsOptions(isolation)).all())
        .forEach((partition, end) -> ends.put(partition, end.offset()));
    return ends;
  }

  private static <T> T result(KafkaFuture<T> future) throws Hindered {
    try {
      return requireNonNull(
          future.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS), "an answer without a value");
    } catch (ExecutionException | TimeoutException e) {
      throw new Hindered("the brokers do not answer: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    }
  }

  @Override
  public void close() {
    closed = true;
    try {
      if (thread.isAlive() && !thread.join(LAST)) {
        LOG.warn("The freshness of the cache is still being proven");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
