package dev.tidemark.pipeline.runtime;

import dev.tidemark.contract.Topic;
import dev.tidemark.contract.Topics;
import dev.tidemark.pipeline.runtime.ProgressWatch.Position;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.FinalizedVersionRange;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** What a topology asks of the brokers about itself. */
final class Cluster implements AutoCloseable {
  private static final String TRANSACTIONS = "transaction.version";
  private static final short FENCED_TRANSACTIONS = 2;
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final String kafka;
  private final Admin admin;

  Cluster(String kafka) {
    this.kafka = kafka;
    Properties properties = new Properties();
    properties.put(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, kafka);
    properties.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) PATIENCE.toMillis());
    properties.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) PATIENCE.toMillis());
    admin = Admin.create(properties);
  }

  /** Refuses a cluster on which the feature would lose its guarantees, or hang. */
  void assertReadyFor(StreamsFeature feature) {
    try {
      assertTransactionsAreFenced();
      assertTopicsExist(feature.reads());
    } catch (ExecutionException | TimeoutException e) {
      throw new CannotStart(
          feature.name() + " cannot start: the brokers do not answer (" + e.getMessage() + ")", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CannotStart(feature.name() + " was interrupted while it asked the brokers", e);
    }
  }

  /** How far the group has come in these partitions. */
  List<Position> positions(String group, Collection<TopicPartition> partitions)
      throws ExecutionException, InterruptedException, TimeoutException {
    Map<TopicPartition, OffsetAndMetadata> committed =
        result(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata());
    Map<TopicPartition, ListOffsetsResultInfo> ends =
        result(
            admin
                .listOffsets(
                    partitions.stream().collect(Collectors.toMap(p -> p, _ -> OffsetSpec.latest())),
                    new ListOffsetsOptions(IsolationLevel.READ_COMMITTED))
                .all());
    List<Position> positions = new ArrayList<>();
    ends.forEach(
        (partition, end) -> {
          OffsetAndMetadata offset = committed.get(partition);
          positions.add(
              new Position(partition, offset == null ? 0 : offset.offset(), end.offset()));
        });
    return positions;
  }

  /**
   * Whether a reader that stands there has a record to read. Offsets cannot tell: the markers that
   * end transactions, and records of aborted ones, have offsets too, and where a partition has
   * given nothing else yet, Streams commits no position.
   */
  boolean hasRecords(Position position) {
    try (KafkaConsumer<byte[], byte[]> probe =
        new KafkaConsumer<>(
            Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                kafka,
                ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                "read_committed",
                ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                1,
                ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                (int) PATIENCE.toMillis()),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      probe.assign(List.of(position.partition()));
      probe.seek(position.partition(), position.committed());
      Instant enough = Instant.now().plus(PATIENCE);
      while (probe.position(position.partition()) < position.end()
          && Instant.now().isBefore(enough)) {
        if (!probe.poll(Duration.ofMillis(100)).isEmpty()) {
          return true;
        }
      }
      return false;
    }
  }

  @Override
  public void close() {
    admin.close(PATIENCE);
  }

  private void assertTransactionsAreFenced()
      throws ExecutionException, InterruptedException, TimeoutException {
    FinalizedVersionRange version =
        result(admin.describeFeatures().featureMetadata()).finalizedFeatures().get(TRANSACTIONS);
    short level = version == null ? 0 : version.maxVersionLevel();
    if (level < FENCED_TRANSACTIONS) {
      throw new CannotStart(
          "the brokers' "
              + TRANSACTIONS
              + " is "
              + level
              + ", and below 2 a late commit of a dead producer can tear a transaction: run"
              + " kafka-features.sh upgrade --feature transaction.version=2");
    }
  }

  private void assertTopicsExist(List<Topic<?, ?>> reads)
      throws ExecutionException, InterruptedException, TimeoutException {
    List<String> names = new ArrayList<>(reads.stream().map(Topic::name).toList());
    names.add(Topics.DEAD_LETTER.name());
    Map<String, KafkaFuture<TopicDescription>> answers =
        admin.describeTopics(names).topicNameValues();
    Map<String, Integer> partitions = new TreeMap<>();
    List<String> missing = new ArrayList<>();
    for (Map.Entry<String, KafkaFuture<TopicDescription>> answer : answers.entrySet()) {
      try {
        partitions.put(answer.getKey(), result(answer.getValue()).partitions().size());
      } catch (ExecutionException e) {
        if (!(e.getCause() instanceof UnknownTopicOrPartitionException)) {
          throw e;
        }
        missing.add(answer.getKey());
      }
    }
    if (!missing.isEmpty()) {
      missing.sort(null);
      throw new CannotStart(
          "these topics do not exist: "
              + String.join(", ", missing)
              + ". Create them first; a topology that starts without them hangs.");
    }
    assertEquallyManyPartitions(reads, partitions);
  }

  private static void assertEquallyManyPartitions(
      List<Topic<?, ?>> reads, Map<String, Integer> partitions) {
    Map<Integer, List<String>> byCount = new HashMap<>();
    for (Topic<?, ?> topic : reads) {
      if (topic.spread() == Topic.Spread.SINGLE) {
        continue;
      }
      Integer count = partitions.get(topic.name());
      byCount.computeIfAbsent(count, _ -> new ArrayList<>()).add(topic.name());
    }
    if (byCount.size() > 1) {
      throw new CannotStart(
          "topics that are read together have different numbers of partitions, so an entity would"
              + " not be found where its key is: "
              + byCount);
    }
  }

  private static <T> T result(KafkaFuture<T> future)
      throws ExecutionException, InterruptedException, TimeoutException {
    return future.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
  }
}
