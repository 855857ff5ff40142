package dev.tidemark.pipeline.entities;

import static java.util.Objects.requireNonNull;

import dev.tidemark.contract.EntityChange;
import dev.tidemark.contract.EntityKey;
import dev.tidemark.contract.Topics;
import dev.tidemark.contract.WireSerdes;
import dev.tidemark.contract.catalog.Catalog;
import dev.tidemark.contract.catalog.EntityType;
import dev.tidemark.contract.catalog.TableName;
import dev.tidemark.pipeline.entities.core.EntityState;
import dev.tidemark.pipeline.runtime.StreamsPolicy;
import dev.tidemark.pipeline.runtime.StreamsSettings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.internals.WrappedStateStore;
import org.jspecify.annotations.Nullable;

/** The topology as production builds it, with two entity types, on a test driver. */
final class EntitiesFixture implements AutoCloseable {
  static final Catalog CATALOG = new Catalog(List.of(type("ticket"), type("product")));

  final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  final TopologyTestDriver driver;
  final TestOutputTopic<byte[], byte[]> deadLetters;
  private final TestInputTopic<@Nullable EntityKey, @Nullable EntityChange> tickets;
  private final TestInputTopic<@Nullable EntityKey, @Nullable EntityChange> products;

  EntitiesFixture(Path stateDirectory) {
    StreamsConfig config =
        StreamsPolicy.config(
            EntitiesTopology.NAME, StreamsSettings.of("127.0.0.1:1", stateDirectory));
    Properties properties = new Properties();
    properties.putAll(config.originals());
    // The driver forgets dead letters that a transaction has not committed when it polls, which
    // real clients do not: the runtime's tests on a broker look at exactly once.
    properties.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.AT_LEAST_ONCE);
    driver = new TopologyTestDriver(topology(config), properties, Instant.EPOCH);
    tickets = changes("ticket");
    products = changes("product");
    deadLetters =
        driver.createOutputTopic(
            Topics.DEAD_LETTER.name(), new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  Topology topology(StreamsConfig config) {
    return new EntitiesTopology(CATALOG, registry).topology(config);
  }

  void receive(EntityChange change) {
    receive(change.key(), change);
  }

  void receive(@Nullable EntityKey key, EntityChange change) {
    (change.type().equals("ticket") ? tickets : products).pipeInput(key, change);
  }

  void receiveBytes(byte @Nullable [] key, byte @Nullable [] value) {
    driver
        .createInputTopic(
            Topics.changeName("ticket"), new ByteArraySerializer(), new ByteArraySerializer())
        .pipeInput(key, value);
  }

  @Nullable EntityState state(String key) {
    return driver
        .<EntityKey, EntityState>getKeyValueStore(EntitiesTopology.ENTITIES)
        .get(EntityKey.parse(key));
  }

  /** Puts bytes into the store that no program of this version wrote. */
  void damage(String key) {
    @SuppressWarnings("unchecked") // bytes are what every persistent store holds inside
    KeyValueStore<Bytes, byte[]> bytes =
        (KeyValueStore<Bytes, byte[]>)
            requireNonNull(
                    (WrappedStateStore<?, ?, ?>)
                        driver.getAllStateStores().get(EntitiesTopology.ENTITIES))
                .wrapped();
    bytes.put(Bytes.wrap(EntityKey.parse(key).bytes()), new byte[] {99});
  }

  <K, V> KeyValueStore<K, V> store(String name) {
    return driver.getKeyValueStore(name);
  }

  void letTimePass(Duration time) {
    driver.advanceWallClockTime(time);
  }

  double counted(String result, String reason) {
    return registry
        .get("tidemark.entities.changes")
        .tags("result", result, "reason", reason)
        .counter()
        .count();
  }

  @Override
  public void close() {
    driver.close();
  }

  private TestInputTopic<@Nullable EntityKey, @Nullable EntityChange> changes(String type) {
    return driver.createInputTopic(
        Topics.changeName(type),
        WireSerdes.entityKey().serializer(),
        WireSerdes.entityChange().serializer());
  }

  private static EntityType type(String name) {
    return new EntityType(
        name, "", TableName.parse(name), List.of("id"), List.of(), List.of(), List.of(), Map.of());
  }
}
