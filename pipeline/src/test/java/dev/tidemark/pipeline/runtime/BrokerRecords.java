package dev.tidemark.pipeline.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.toMap;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;

/** What a test writes to a broker and reads from it, always in transactions. */
final class BrokerRecords implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final String kafka;
  private final Admin admin;
  private final KafkaProducer<byte[], byte[]> producer;
  private final Set<String> created = new HashSet<>();

  BrokerRecords(String kafka) {
    this.kafka = kafka;
    admin = Admin.create(Map.of("bootstrap.servers", kafka));
    producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", kafka, "transactional.id", UUID.randomUUID().toString()),
            new ByteArraySerializer(),
            new ByteArraySerializer());
    producer.initTransactions();
  }

  BrokerRecords create(String topic, int partitions) {
    return create(new NewTopic(topic, Optional.of(partitions), Optional.empty()));
  }

  BrokerRecords createWithLimit(String topic, int partitions, int maxBytes) {
    return create(
        new NewTopic(topic, Optional.of(partitions), Optional.empty())
            .configs(Map.of("max.message.bytes", Integer.toString(maxBytes))));
  }

  void delete() {
    get(admin.deleteTopics(created).all());
  }

  void commit(String topic, String... words) {
    producer.beginTransaction();
    send(topic, words);
    producer.commitTransaction();
  }

  void commitBytes(String topic, byte[] value) {
    producer.beginTransaction();
    send(topic, value);
    producer.commitTransaction();
  }

  void abort(String topic, String... words) {
    producer.beginTransaction();
    send(topic, words);
    producer.flush();
    producer.abortTransaction();
  }

  List<String> await(String topic, int count) {
    return awaitRecords(topic, count).stream()
        .map(record -> new String(record.value(), UTF_8))
        .toList();
  }

  List<ConsumerRecord<byte[], byte[]>> awaitRecords(String topic, int count) {
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    Instant end = Instant.now().plus(PATIENCE);
    try (KafkaConsumer<byte[], byte[]> consumer = consumer()) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic).stream()
              .map(info -> new TopicPartition(topic, info.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      while (records.size() < count && Instant.now().isBefore(end)) {
        consumer.poll(Duration.ofMillis(50)).forEach(records::add);
      }
    }
    return records;
  }

  long count(String topic) {
    TopicPartition partition = new TopicPartition(topic, 0);
    return get(admin.listOffsets(Map.of(partition, OffsetSpec.latest())).partitionResult(partition))
        .offset();
  }

  long lag(String group, String topic, int partitions) {
    Map<TopicPartition, OffsetSpec> all =
        IntStream.range(0, partitions)
            .mapToObj(i -> new TopicPartition(topic, i))
            .collect(toMap(p -> p, _ -> OffsetSpec.latest()));
    var ends =
        get(admin.listOffsets(all, new ListOffsetsOptions(IsolationLevel.READ_COMMITTED)).all());
    var committed = get(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata());
    return ends.entrySet().stream()
        .mapToLong(
            end -> {
              var offset = committed.get(end.getKey());
              return end.getValue().offset() - (offset == null ? 0 : offset.offset());
            })
        .sum();
  }

  int members(String group) {
    return requireNonNull(get(admin.describeConsumerGroups(List.of(group)).all()).get(group))
        .members()
        .size();
  }

  @Override
  public void close() {
    producer.close();
    admin.close();
  }

  private BrokerRecords create(NewTopic topic) {
    get(admin.createTopics(List.of(topic)).all());
    created.add(topic.name());
    Awaitility.await("the broker knows the new topic")
        .atMost(PATIENCE)
        .ignoreException(AssertionError.class)
        .until(() -> !get(admin.describeTopics(List.of(topic.name())).allTopicNames()).isEmpty());
    return this;
  }

  private void send(String topic, String... words) {
    for (String word : words) {
      send(topic, word.getBytes(UTF_8));
    }
  }

  private void send(String topic, byte[] value) {
    ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(topic, value, value);
    record.headers().add("ce_type", "test".getBytes(UTF_8));
    Future<RecordMetadata> _ = producer.send(record);
  }

  private KafkaConsumer<byte[], byte[]> consumer() {
    return new KafkaConsumer<>(
        Map.of("bootstrap.servers", kafka, "isolation.level", "read_committed"),
        new ByteArrayDeserializer(),
        new ByteArrayDeserializer());
  }

  private static <T> T get(KafkaFuture<T> future) {
    try {
      return future.get();
    } catch (ExecutionException e) {
      throw new AssertionError(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }
}
