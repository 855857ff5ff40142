package dev.tidemark.bench.verify;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.contract.ChangeKind;
import dev.tidemark.contract.EntityChange;
import dev.tidemark.contract.EntityKey;
import dev.tidemark.contract.Origin;
import dev.tidemark.contract.Topics;
import dev.tidemark.contract.WireSerdes;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/** Reads every committed record of every change topic, once. Not thread-safe. */
final class ChangeTopics implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(50);
  private static final String PREFIX = Topics.changeName("");

  private final KafkaConsumer<byte[], byte[]> consumer;
  private final List<TopicPartition> partitions = new ArrayList<>();

  /** A change and the partition it stands in. */
  interface Reader {
    void take(int partition, Change change);
  }

  ChangeTopics(String kafka, int partitionsOfEach) {
    consumer = new KafkaConsumer<>(Consumers.settings(kafka));
    for (VerifiedTable table : VerifiedTable.ALL) {
      for (int i = 0; i < partitionsOfEach; i++) {
        partitions.add(new TopicPartition(Topics.changeName(table.name()), i));
      }
    }
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
  }

  /** Where Kafka's own partitioner puts a key. */
  static int partitionOf(String key, int partitions) {
    return Utils.toPositive(Utils.murmur2(key.getBytes(UTF_8))) % partitions;
  }

  /** Reads what was committed since the last call. */
  void read(Reader reader) {
    Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
    while (ends.entrySet().stream()
        .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
        reader.take(record.partition(), change(record));
      }
    }
  }

  private static Change change(ConsumerRecord<byte[], byte[]> record) {
    EntityChange change =
        WireSerdes.entityChange().deserializer().deserialize(record.topic(), record.value());
    String type = record.topic().substring(PREFIX.length());
    VerifiedTable table =
        VerifiedTable.named(type).orElseThrow(() -> new IllegalArgumentException(type));
    EntityKey key = change.key();
    if (change.kind() == ChangeKind.READ) {
      boolean plain =
          change.snapshot()
              && change.transaction() == 0
              && change.version().lsn() == 0
              && change.before() == null;
      return Change.read(
          type, plain ? keyOf(record, key) : "misread " + key, row(table, change.after()));
    }
    Origin origin = change.origin();
    return new Change(
        type,
        change.kind(),
        keyOf(record, key),
        change.transaction(),
        change.version().lsn(),
        ordinal(record, change),
        change.sequence(),
        micros(change.committedAt()),
        optionalRow(table, change.before()),
        optionalRow(table, change.after()),
        change.changed(),
        origin == null ? null : origin.operation());
  }

  /** The record's key, if the change inside and the header say the same. */
  private static String keyOf(ConsumerRecord<byte[], byte[]> record, @Nullable EntityKey key) {
    String subject = header(record, "ce_subject");
    if (key == null) {
      String type = record.topic().substring(PREFIX.length());
      return record.key() == null && subject.equals(type) ? type : "truncate of " + subject;
    }
    String outer = record.key() == null ? "nothing" : new String(record.key(), UTF_8);
    return outer.equals(key.canonical()) && outer.equals(subject)
        ? outer
        : outer + " outside, " + key + " inside, " + subject + " in the header";
  }

  /** The last part of {@code ce_id}; -1 if the id does not belong to this change. */
  private static long ordinal(ConsumerRecord<byte[], byte[]> record, EntityChange change) {
    String id = header(record, "ce_id");
    String begin = change.version() + "-" + change.transaction() + "-";
    boolean right =
        id.startsWith(begin)
            && header(record, "ce_type")
                .equals("dev.tidemark.change." + change.kind().text() + ".v1")
            && header(record, "ce_time").equals(change.committedAt().toString())
            && !change.snapshot()
            && change.version().epoch() == 1;
    return right ? Long.parseLong(id.substring(begin.length())) : -1;
  }

  private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
    Header header = record.headers().lastHeader(name);
    return header == null ? "" : new String(header.value(), UTF_8);
  }

  private static long micros(Instant instant) {
    return instant.getEpochSecond() * 1_000_000 + instant.getNano() / 1000;
  }

  private static @Nullable Row optionalRow(VerifiedTable table, @Nullable ObjectNode json) {
    return json == null ? null : row(table, json);
  }

  private static Row row(VerifiedTable table, @Nullable ObjectNode json) {
    return json == null ? new Row(List.of()) : table.row(json);
  }

  /** The reasons of the dead letters, with how often each occurs. */
  static Map<String, Integer> deadLetters(String kafka) {
    Map<String, Integer> reasons = new HashMap<>();
    TopicPartition partition = new TopicPartition(Topics.DEAD_LETTER.name(), 0);
    try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(Consumers.settings(kafka))) {
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
      while (consumer.position(partition) < end) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
          reasons.merge(
              header(record, dev.tidemark.contract.DeadLetterHeaders.REASON), 1, Integer::sum);
        }
      }
    }
    return reasons;
  }

  @Override
  public void close() {
    consumer.close();
  }
}
