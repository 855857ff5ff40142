package dev.tidemark.pipeline.cache;

import dev.tidemark.contract.Topic;
import dev.tidemark.pipeline.runtime.StreamsPolicy;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupNotEmptyException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.UnknownMemberIdException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the topology begins when it has never run. Change topics are kept for ever, and no answer
 * is older than a day or two: what happened before is of no concern.
 *
 * <p>The place is written down as if the topology had come so far. So there is a committed position
 * for every partition, also for those in which nothing ever happens, and everybody can see how far
 * it is.
 */
public final class CacheBeginning {
  private static final Logger LOG = LoggerFactory.getLogger(CacheBeginning.class);
  private static final Duration LOOK_BACK = Duration.ofDays(2);
  private static final long PATIENCE_MILLIS = 5_000;

  private CacheBeginning() {}

  /**
   * Writes the place down for partitions that have none. While the topology runs somewhere its
   * positions are its own, and nothing is done.
   *
   * @throws KafkaException if the brokers do not answer
   */
  public static void prepare(Admin admin, CacheTopology topology, Instant now) {
    String group = StreamsPolicy.applicationId(topology.name());
    try {
      List<String> topics = topology.reads().stream().map(Topic::name).toList();
      Map<TopicPartition, OffsetSpec> moment = new HashMap<>();
      Map<TopicPartition, OffsetSpec> end = new HashMap<>();
      for (TopicDescription topic :
          admin
              .describeTopics(topics)
              .allTopicNames()
              .get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)
              .values()) {
        topic
            .partitions()
            .forEach(
                partition -> {
                  TopicPartition place = new TopicPartition(topic.name(), partition.partition());
                  moment.put(place, OffsetSpec.forTimestamp(now.minus(LOOK_BACK).toEpochMilli()));
                  end.put(place, OffsetSpec.latest());
                });
      }
      Map<TopicPartition, OffsetAndMetadata> known =
          admin
              .listConsumerGroupOffsets(group)
              .partitionsToOffsetAndMetadata()
              .get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
      known.forEach(
          (partition, offset) -> {
            if (offset != null) {
              moment.remove(partition);
              end.remove(partition);
            }
          });
      if (!moment.isEmpty()) {
        admin
            .alterConsumerGroupOffsets(group, begin(admin, moment, end))
            .all()
            .get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
      }
    } catch (ExecutionException e) {
      if (!(e.getCause() instanceof UnknownMemberIdException)
          && !(e.getCause() instanceof GroupNotEmptyException)) {
        throw new KafkaException("the brokers do not take a position of " + group, e.getCause());
      }
      LOG.info("The topology runs elsewhere, the group {} keeps its positions", group);
    } catch (TimeoutException e) {
      throw new KafkaException("the brokers do not tell how far " + group + " is", e);
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    }
  }

  private static Map<TopicPartition, OffsetAndMetadata> begin(
      Admin admin, Map<TopicPartition, OffsetSpec> moment, Map<TopicPartition, OffsetSpec> end)
      throws ExecutionException, InterruptedException, TimeoutException {
    // The ends first: a record that comes in between is looked at, not passed over.
    Map<TopicPartition, ListOffsetsResultInfo> ends =
        admin.listOffsets(end).all().get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
    Map<TopicPartition, ListOffsetsResultInfo> moments =
        admin.listOffsets(moment).all().get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
    Map<TopicPartition, OffsetAndMetadata> begin = new HashMap<>();
    ends.forEach(
        (partition, last) -> {
          ListOffsetsResultInfo first = moments.get(partition);
          begin.put(
              partition,
              new OffsetAndMetadata(
                  first == null || first.offset() < 0 ? last.offset() : first.offset()));
        });
    return begin;
  }
}
