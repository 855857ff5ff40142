package dev.tidemark.api.node;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tidemark.api.cache.CacheRig;
import dev.tidemark.api.cache.Truth;
import dev.tidemark.api.cache.redis.RedisTier;
import dev.tidemark.contract.Invalidation;
import dev.tidemark.contract.Topic;
import dev.tidemark.contract.TopicProvisioner;
import dev.tidemark.contract.Topics;
import dev.tidemark.pipeline.cache.CacheBeginning;
import dev.tidemark.pipeline.cache.CacheTopology;
import dev.tidemark.pipeline.cache.InvalidationReader;
import dev.tidemark.pipeline.runtime.StreamsPolicy;
import dev.tidemark.servers.EmbeddedKafka;
import dev.tidemark.servers.EmbeddedRedis;
import dev.tidemark.servers.ServerConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.RedisClient;

/** How a node is told, and how it tells Redis, over a real broker and a real Redis. */
class CacheFeedsTest {
  private static final EmbeddedKafka KAFKA = new EmbeddedKafka(ServerConfig.temporary());
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final int PARTITIONS = 2;
  private static Admin admin;
  private static KafkaProducer<byte[], byte[]> producer;

  private final Truth truth = new Truth();
  private EmbeddedRedis server;
  private RedisTier redis;
  private CacheRig rig;
  private MemoryFeed memory;
  private SharedFeed shared;
  private volatile String history = "system/1";

  @BeforeAll
  static void startKafka() {
    KAFKA.start();
    admin = Admin.create(Map.of("bootstrap.servers", KAFKA.bootstrapServers()));
    new TopicProvisioner(admin, PARTITIONS, 1).provision(Topics.of(CacheRig.CATALOG));
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
  void start(@TempDir Path directory) {
    server = new EmbeddedRedis(ServerConfig.in(directory));
    server.start();
    redis = CacheRig.redis(server.url());
    rig = new CacheRig(truth, redis);
    memory = new MemoryFeed(KAFKA.bootstrapServers(), rig.cache, InstantSource.system());
    memory.start();
    shared =
        new SharedFeed(
            KAFKA.bootstrapServers(),
            InvalidationReader.topicId(admin),
            redis,
            memory,
            rig.freshness,
            () -> history,
            InstantSource.system());
    shared.start();
    await().atMost(SOON).until(redis::trusted);
  }

  @AfterEach
  void stop() {
    shared.close();
    memory.close();
    rig.close();
    redis.close();
    server.close();
  }

  @Test
  void aChangeDropsTheAnswerInMemoryAndInRedis() {
    truth.change("thing:1", "old");
    assertThat(ask()).isEqualTo("old from postgres");
    assertThat(redis.peek("thing:1")).isPresent();
    say(Truth.of("thing:1", truth.change("thing:1", "new")));
    await().atMost(SOON).until(() -> rig.memory.get("thing:1") == null);
    await().atMost(SOON).until(() -> redis.peek("thing:1").isEmpty());
    assertThat(ask()).isEqualTo("new from postgres");
  }

  @Test
  void aRedisThatIsReplacedByAnEmptyOneIsAskedAgainAndKnowsNothing() {
    truth.change("thing:1", "old");
    ask();
    server.kill();
    say(Truth.of("thing:1", truth.change("thing:1", "new")));
    await().atMost(SOON).until(() -> !redis.trusted());
    await().atMost(SOON).until(() -> rig.memory.get("thing:1") == null);
    assertThat(ask()).as("without Redis").isEqualTo("new from postgres");
    server.start();
    await().atMost(SOON).until(redis::trusted);
    assertThat(redis.peek("thing:1")).isEmpty();
  }

  @Test
  void aRedisThatWasPausedIsToldWhatItMissedBeforeItIsAsked() {
    truth.change("thing:1", "old");
    ask();
    server.freeze();
    say(Truth.of("thing:1", truth.change("thing:1", "new")));
    await().atMost(SOON).until(() -> !redis.trusted());
    server.thaw();
    await().atMost(SOON).until(redis::trusted);
    assertThat(redis.peek("thing:1").map(kept -> new String(kept.body(), UTF_8)))
        .isNotEqualTo(Optional.of("old"));
  }

  @Test
  void aRedisThatIsFlushedBeginsAnew() {
    truth.change("thing:1", "a");
    ask();
    try (RedisClient bare = RedisClient.create(URI.create(server.url()))) {
      bare.flushAll();
    }
    rig.memory.evict("thing:1");
    await()
        .atMost(SOON)
        .untilAsserted(
            () -> {
              rig.memory.evict("thing:1");
              rig.prove();
              ask();
              assertThat(redis.peek("thing:1")).isPresent();
            });
  }

  @Test
  void withAnotherHistoryRedisBeginsAnew() {
    truth.change("thing:1", "a");
    ask();
    assertThat(redis.peek("thing:1")).isPresent();
    history = "system/2";
    await().atMost(SOON).until(() -> redis.trusted() && redis.peek("thing:1").isEmpty());
  }

  @Test
  void anInvalidationThatNobodyCanReadDropsAll() throws Exception {
    truth.change("thing:1", "a");
    ask();
    producer
        .send(new ProducerRecord<>(Topics.INVALIDATION.name(), bytes("x"), bytes("no such thing")))
        .get();
    await().atMost(SOON).until(() -> rig.memory.get("thing:1") == null);
    await().atMost(SOON).until(() -> redis.peek("thing:1").isEmpty());
  }

  @Test
  void whoMissesRecordsThatWereDeletedIsTold() throws Exception {
    for (int i = 0; i < 20; i++) {
      say(Truth.of("thing:" + i, truth.change("thing:" + i, "a")));
    }
    Map<TopicPartition, RecordsToDelete> all = new HashMap<>();
    Map<Integer, Long> beginning = new HashMap<>();
    for (int partition = 0; partition < PARTITIONS; partition++) {
      beginning.put(partition, 0L);
      all.put(
          new TopicPartition(Topics.INVALIDATION.name(), partition),
          RecordsToDelete.beforeOffset(-1));
    }
    admin.deleteRecords(all).all().get();
    try (InvalidationReader reader = new InvalidationReader(KAFKA.bootstrapServers(), "late")) {
      reader.begin(beginning);
      await()
          .atMost(SOON)
          .untilAsserted(
              () ->
                  assertThatThrownBy(() -> reader.poll(Duration.ofMillis(100)))
                      .isInstanceOf(InvalidationReader.Missed.class));
    }
  }

  @Test
  void atItsFirstStartTheTopologyHasAPlaceInEveryPartition() throws Exception {
    CacheTopology topology = new CacheTopology(CacheRig.CATALOG, new SimpleMeterRegistry());
    CacheBeginning.prepare(admin, topology, Instant.now());
    Map<TopicPartition, OffsetAndMetadata> places = places(topology);
    assertThat(places).hasSize(PARTITIONS + 1);
    CacheBeginning.prepare(admin, topology, Instant.now());
    assertThat(places(topology)).as("what is known stays").isEqualTo(places);
  }

  private static Map<TopicPartition, OffsetAndMetadata> places(CacheTopology topology)
      throws ExecutionException, InterruptedException {
    return admin
        .listConsumerGroupOffsets(StreamsPolicy.applicationId(topology.name()))
        .partitionsToOffsetAndMetadata()
        .get();
  }

  private String ask() {
    rig.prove();
    return rig.ask("1");
  }

  private static void say(Invalidation invalidation) {
    try {
      Topic<String, Invalidation> topic = Topics.INVALIDATION;
      producer
          .send(
              new ProducerRecord<>(
                  topic.name(),
                  bytes(invalidation.target()),
                  topic.valueSerde().serializer().serialize(topic.name(), invalidation)))
          .get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }
}
