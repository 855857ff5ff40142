package dev.tidemark.api.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tidemark.api.cache.CacheRig;
import dev.tidemark.api.cache.Truth;
import dev.tidemark.contract.CapturePosition;
import dev.tidemark.contract.CapturePosition.Phase;
import dev.tidemark.contract.Topic;
import dev.tidemark.contract.TopicProvisioner;
import dev.tidemark.contract.Topics;
import dev.tidemark.pipeline.cache.CacheBeginning;
import dev.tidemark.pipeline.cache.CacheTopology;
import dev.tidemark.pipeline.runtime.StreamsPolicy;
import dev.tidemark.servers.EmbeddedKafka;
import dev.tidemark.servers.ServerConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What must have come through before a node says that it has heard of everything. */
class FreshnessLoopTest {
  private static final EmbeddedKafka KAFKA = new EmbeddedKafka(ServerConfig.temporary());
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final CacheTopology TOPOLOGY =
      new CacheTopology(CacheRig.CATALOG, new SimpleMeterRegistry());
  private static Admin admin;
  private static KafkaProducer<byte[], byte[]> producer;

  private final Truth truth = new Truth();
  private CacheRig rig;
  private MemoryFeed memory;
  private CapturedTables tables;
  private FreshnessLoop loop;

  @BeforeAll
  static void startKafka() {
    KAFKA.start();
    admin = Admin.create(Map.of("bootstrap.servers", KAFKA.bootstrapServers()));
    new TopicProvisioner(admin, 1, 1).provision(Topics.of(CacheRig.CATALOG));
    CacheBeginning.prepare(admin, TOPOLOGY, Instant.now());
    producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", KAFKA.bootstrapServers()),
            new ByteArraySerializer(),
            new ByteArraySerializer());
  }

  @AfterAll
  static void stopKafka() {
    producer.close();
    admin.close();
    KAFKA.close();
  }

  @BeforeEach
  void start() {
    rig = new CacheRig(truth);
    rig.freshness.forget("nothing has been proven yet");
    memory = new MemoryFeed(KAFKA.bootstrapServers(), rig.cache, InstantSource.system());
    tables = new CapturedTables(KAFKA.bootstrapServers());
    loop = new FreshnessLoop(KAFKA.bootstrapServers(), rig.cache, admin, memory, tables, TOPOLOGY);
  }

  @AfterEach
  void stop() {
    loop.close();
    memory.close();
    tables.close();
    rig.close();
  }

  @Test
  void isFreshWhenAllThatIsCommittedHasComeThrough() {
    captured(1, Phase.STREAMING, truth.history, truth.now().position());
    memory.start();
    loop.start();
    awaitFresh();
    assertThat(loop.history()).isEqualTo(truth.history + "/1");
  }

  @Test
  void isNotFreshWhileCaptureIsBehindTheDatabase() {
    captured(1, Phase.STREAMING, truth.history, truth.now().position() - 1);
    memory.start();
    loop.start();
    awaitObstacle("capture is behind the database");
    captured(1, Phase.STREAMING, truth.history, truth.now().position());
    awaitFresh();
  }

  @Test
  void isNotFreshWhileCaptureReadsTheFirstSnapshot() {
    captured(1, Phase.SNAPSHOT, truth.history, truth.now().position());
    memory.start();
    loop.start();
    awaitObstacle("capture is behind the database");
  }

  @Test
  void aPositionInAnotherHistoryOfTheDatabaseSaysNothing() {
    captured(1, Phase.STREAMING, "before the restore/1", truth.now().position() + 1_000_000);
    memory.start();
    loop.start();
    awaitObstacle("another history");
    captured(2, Phase.STREAMING, truth.history, truth.now().position());
    awaitFresh();
  }

  @Test
  void isNotFreshWhileTheTopologyIsBehindWhatHasChanged() {
    captured(1, Phase.STREAMING, truth.history, truth.now().position());
    RecordMetadata change = send(TOPOLOGY.reads().getFirst(), new byte[] {1}, new byte[] {1});
    memory.start();
    loop.start();
    awaitObstacle("the topology is behind");
    passed(change);
    awaitFresh();
  }

  @Test
  void isNotFreshWhileThisNodeHasNotHeardWhatWasSaid() {
    captured(1, Phase.STREAMING, truth.history, truth.now().position());
    loop.start();
    awaitObstacle("this node has not heard");
    memory.start();
    awaitFresh();
  }

  @Test
  void withANewHistoryNothingThatWasKeptIsTrue() {
    captured(1, Phase.STREAMING, truth.history, truth.now().position());
    memory.start();
    loop.start();
    awaitFresh();
    rig.cache.unfollowed(Set.of());
    truth.change("thing:1", "of the first history");
    rig.ask("1");
    captured(2, Phase.STREAMING, truth.history, truth.now().position());
    await().atMost(SOON).until(() -> rig.memory.get("thing:1") == null);
    awaitFresh();
  }

  private void awaitFresh() {
    await().atMost(SOON).until(rig.freshness::isFresh);
  }

  private void awaitObstacle(String why) {
    await().atMost(SOON).until(() -> rig.freshness.obstacle().contains(why));
    assertThat(rig.freshness.isFresh()).isFalse();
  }

  private static void captured(int epoch, Phase phase, String system, long passed) {
    send(
        Topics.POSITION,
        "slot",
        new CapturePosition(epoch, phase, system, 1, passed, 0, 0, 0, 0, passed));
  }

  /** The topology has taken it in. */
  private static void passed(RecordMetadata record) {
    try {
      admin
          .alterConsumerGroupOffsets(
              StreamsPolicy.applicationId(TOPOLOGY.name()),
              Map.of(
                  new TopicPartition(record.topic(), record.partition()),
                  new OffsetAndMetadata(record.offset() + 1)))
          .all()
          .get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static <K, V> RecordMetadata send(Topic<K, V> topic, K key, V value) {
    return send(
        topic,
        topic.keySerde().serializer().serialize(topic.name(), key),
        topic.valueSerde().serializer().serialize(topic.name(), value));
  }

  private static RecordMetadata send(Topic<?, ?> topic, byte[] key, byte[] value) {
    try {
      return producer.send(new ProducerRecord<>(topic.name(), key, value)).get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
