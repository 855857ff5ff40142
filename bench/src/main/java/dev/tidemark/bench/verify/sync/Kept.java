package dev.tidemark.bench.verify.sync;

import dev.tidemark.bench.verify.Consumers;
import dev.tidemark.contract.Topic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/** What a topic holds. */
final class Kept {
  private static final Duration POLL = Duration.ofMillis(50);

  private Kept() {}

  /** Every committed record, in each partition's order. */
  static <K, V> List<ConsumerRecord<K, V>> records(String kafka, Topic<K, V> topic) {
    List<ConsumerRecord<K, V>> records = new ArrayList<>();
    var settings = Consumers.settings(kafka);
    settings.remove("key.deserializer");
    settings.remove("value.deserializer");
    try (KafkaConsumer<K, V> consumer =
        new KafkaConsumer<>(
            settings, topic.keySerde().deserializer(), topic.valueSerde().deserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic.name()).stream()
              .map(info -> new TopicPartition(info.topic(), info.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (ends.entrySet().stream()
          .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
        consumer.poll(POLL).forEach(records::add);
      }
    }
    return records;
  }
}
