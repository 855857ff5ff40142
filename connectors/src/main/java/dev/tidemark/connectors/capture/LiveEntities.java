package dev.tidemark.connectors.capture;

import dev.tidemark.contract.EntityChange;
import dev.tidemark.contract.EntityKey;
import dev.tidemark.contract.Topic;
import dev.tidemark.contract.Topics;
import dev.tidemark.contract.catalog.EntityType;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/**
 * The entities that the change topics say exist. After changes were lost, those that a new snapshot
 * does not find have been deleted unseen, and readers must be told.
 */
final class LiveEntities {
  private final String kafka;

  LiveEntities(String kafka) {
    this.kafka = kafka;
  }

  Set<EntityKey> keys(List<EntityType> types) {
    Set<EntityKey> live = new HashSet<>();
    for (EntityType type : types) {
      read(Topics.change(type), live);
    }
    return live;
  }

  private void read(Topic<EntityKey, EntityChange> topic, Set<EntityKey> live) {
    Properties properties = new Properties();
    properties.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, kafka);
    properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    try (KafkaConsumer<EntityKey, EntityChange> consumer =
        new KafkaConsumer<>(
            properties, topic.keySerde().deserializer(), topic.valueSerde().deserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic.name()).stream()
              .map(info -> new TopicPartition(info.topic(), info.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      // Partitions are read in no order among each other, and each has truncates of its own.
      Map<Integer, Set<EntityKey>> byPartition = new HashMap<>();
      while (ends.entrySet().stream()
          .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
        for (ConsumerRecord<EntityKey, EntityChange> record :
            consumer.poll(Duration.ofMillis(200))) {
          apply(record, byPartition.computeIfAbsent(record.partition(), number -> new HashSet<>()));
        }
      }
      byPartition.values().forEach(live::addAll);
    }
  }

  private static void apply(ConsumerRecord<EntityKey, EntityChange> record, Set<EntityKey> live) {
    EntityChange change = record.value();
    EntityKey key = record.key();
    switch (change.kind()) {
      case READ, INSERT, UPDATE -> live.add(key);
      case DELETE -> live.remove(key);
      case TRUNCATE -> live.clear();
    }
  }
}
