package dev.tidemark.api.node;

import dev.tidemark.contract.Topics;
import dev.tidemark.contract.catalog.Catalog;
import dev.tidemark.contract.catalog.EntityType;
import dev.tidemark.pipeline.entities.EntitiesTopology;
import dev.tidemark.pipeline.runtime.StreamsPolicy;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;

/** Asks the brokers where the change topics end and how far they have been read. */
class TopicEnds {
  private static final long PATIENCE_MILLIS = 2_000;

  private final Admin admin;
  private final List<String> topics;

  TopicEnds(Admin admin, Catalog catalog) {
    this.admin = admin;
    this.topics = catalog.types().stream().map(EntityType::name).map(Topics::changeName).toList();
  }

  /** Where one partition of all change topics ends, as a reader of committed records sees it. */
  Map<TopicPartition, Long> ends(int partition)
      throws ExecutionException, InterruptedException, TimeoutException {
    Map<TopicPartition, OffsetSpec> latest =
        topics.stream()
            .collect(
                Collectors.toMap(
                    topic -> new TopicPartition(topic, partition), _ -> OffsetSpec.latest()));
    Map<TopicPartition, Long> ends = new HashMap<>();
    await(admin.listOffsets(latest, new ListOffsetsOptions(IsolationLevel.READ_COMMITTED)).all())
        .forEach((topicPartition, end) -> ends.put(topicPartition, end.offset()));
    return ends;
  }

  /** How far the topology has come, whichever node has brought it there. */
  Map<TopicPartition, Long> committed(Collection<TopicPartition> partitions)
      throws ExecutionException, InterruptedException, TimeoutException {
    Map<TopicPartition, Long> committed = new HashMap<>();
    await(
            admin
                .listConsumerGroupOffsets(StreamsPolicy.applicationId(EntitiesTopology.NAME))
                .partitionsToOffsetAndMetadata())
        .forEach(
            (topicPartition, offset) -> {
              if (offset != null && partitions.contains(topicPartition)) {
                committed.put(topicPartition, offset.offset());
              }
            });
    return committed;
  }

  private static <T> T await(KafkaFuture<T> future)
      throws ExecutionException, InterruptedException, TimeoutException {
    return future.get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
  }
}
