package dev.tidemark.bench.cache;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.bench.system.SyncSystem;
import dev.tidemark.contract.ChangeKind;
import dev.tidemark.contract.EntityChange;
import dev.tidemark.contract.EntityKey;
import dev.tidemark.contract.Topics;
import dev.tidemark.contract.Version;
import dev.tidemark.contract.WireSerdes;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import redis.clients.jedis.Jedis;

/** More changes at once than anything can follow: how fast invalidations come through then. */
final class Flood {
  private static final Duration LOOK = Duration.ofMillis(100);
  private static final Duration LONGEST = Duration.ofMinutes(5);

  private static final String[] PLACES =
      IntStream.range(0, 64).mapToObj(partition -> "p" + partition).toArray(String[]::new);

  /** A transaction that every snapshot shows. */
  private static final long LONG_AGO = 3;

  private final SyncSystem system;

  /**
   * How it went, in invalidations a second.
   *
   * @param topology until all stood in their topic
   * @param redis until Redis had been told of all
   * @param cores how many each part kept busy meanwhile, by its name
   */
  record Result(int changes, double topology, double redis, Map<String, Double> cores) {
    Result {
      cores = Map.copyOf(cores);
    }
  }

  Flood(SyncSystem system) {
    this.system = system;
  }

  Result run(int changes) throws Exception {
    try (Admin admin = Admin.create(Map.<String, Object>of("bootstrap.servers", system.kafka()));
        Jedis redis = new Jedis(URI.create(system.redis().url()))) {
      long before = ends(admin);
      Map<String, Duration> busy = system.busy();
      long begun = System.nanoTime();
      produce(changes);
      long all = before + changes;
      double topology = 0;
      while (told(redis) < all) {
        if (topology == 0 && ends(admin) >= all) {
          topology = changes / seconds(begun);
        }
        if (System.nanoTime() - begun > LONGEST.toNanos()) {
          throw new IllegalStateException(
              "%d of %d have come after %s".formatted(told(redis) - before, changes, LONGEST));
        }
        Thread.sleep(LOOK);
      }
      double took = seconds(begun);
      Map<String, Double> cores = new HashMap<>();
      system
          .busy()
          .forEach(
              (part, now) ->
                  cores.put(
                      part,
                      now.minus(busy.getOrDefault(part, Duration.ZERO)).toNanos() / 1e9 / took));
      return new Result(changes, topology == 0 ? changes / took : topology, changes / took, cores);
    }
  }

  private static double seconds(long since) {
    return (System.nanoTime() - since) / 1e9;
  }

  private void produce(int changes) {
    ObjectNode row =
        JsonNodeFactory.instance.objectNode().put("mark", 1).put("note", "x".repeat(200));
    try (KafkaProducer<EntityKey, EntityChange> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", system.kafka(), "linger.ms", 5, "batch.size", 256 << 10),
            WireSerdes.entityKey().serializer(),
            WireSerdes.entityChange().serializer())) {
      for (int i = 0; i < changes; i++) {
        int id = i % Clinic.ITEMS;
        ObjectNode here = row.deepCopy().put("id", id);
        var _ =
            producer.send(
                new ProducerRecord<>(
                    Topics.changeName("item"),
                    EntityKey.parse("item/" + id),
                    new EntityChange(
                        "item",
                        EntityKey.parse("item/" + id),
                        ChangeKind.UPDATE,
                        new Version(1, i + 1L),
                        LONG_AGO,
                        0,
                        Instant.now(),
                        here,
                        here,
                        List.of("mark"),
                        null,
                        false)));
      }
      producer.flush();
    }
  }

  /** How many invalidations there are. */
  private static long ends(Admin admin) throws Exception {
    String topic = Topics.INVALIDATION.name();
    Map<TopicPartition, OffsetSpec> asked =
        admin
            .describeTopics(List.of(topic))
            .allTopicNames()
            .get()
            .values()
            .iterator()
            .next()
            .partitions()
            .stream()
            .collect(
                Collectors.toMap(
                    partition -> new TopicPartition(topic, partition.partition()),
                    _ -> OffsetSpec.latest()));
    return admin.listOffsets(asked).all().get().values().stream()
        .mapToLong(end -> end.offset())
        .sum();
  }

  /** How many of them Redis knows of. */
  private static long told(Jedis redis) {
    return redis.hmget("{tidemark}:state", PLACES).stream()
        .mapToLong(place -> place == null ? 0 : Long.parseLong(place))
        .sum();
  }
}
