package dev.tidemark.pipeline.cache;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.contract.CloudEventHeaders;
import dev.tidemark.contract.DeadLetterHeaders;
import dev.tidemark.contract.EntityChange;
import dev.tidemark.contract.EntityKey;
import dev.tidemark.contract.Invalidation;
import dev.tidemark.contract.Invalidation.Reason;
import dev.tidemark.contract.Topics;
import dev.tidemark.contract.WireSerdes;
import dev.tidemark.pipeline.cache.core.CacheViews;
import dev.tidemark.pipeline.entities.core.Changes;
import dev.tidemark.pipeline.runtime.StreamsPolicy;
import dev.tidemark.pipeline.runtime.StreamsSettings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Properties;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CacheTopologyTest {
  @TempDir Path stateDirectory;
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private TopologyTestDriver driver;
  private TestOutputTopic<String, Invalidation> invalidations;

  @BeforeEach
  void start() {
    CacheTopology topology = new CacheTopology(CacheViews.CATALOG, registry);
    StreamsConfig config =
        StreamsPolicy.config(topology, StreamsSettings.of("127.0.0.1:1", stateDirectory));
    Properties properties = new Properties();
    properties.putAll(config.originals());
    driver = new TopologyTestDriver(topology.topology(config), properties, Instant.EPOCH);
    invalidations =
        driver.createOutputTopic(
            Topics.INVALIDATION.name(),
            Topics.INVALIDATION.keySerde().deserializer(),
            Topics.INVALIDATION.valueSerde().deserializer());
  }

  @AfterEach
  void stop() {
    driver.close();
  }

  @Test
  void aChangeIsToldByEachOfItsTargets() {
    EntityChange change =
        Changes.insert(
            "visit/1", Changes.v(1, 20), Changes.row("user_id", "7", "on_date", "2026-01-05"));
    receive("visit", change.key(), change);
    assertThat(invalidations.readValuesToList())
        .containsExactlyInAnyOrder(
            new Invalidation(
                "agenda:7:2026-01-05",
                20,
                Changes.v(1, 20),
                Changes.NOON,
                Invalidation.Cause.of(change)),
            new Invalidation(
                "week:7", 20, Changes.v(1, 20), Changes.NOON, Invalidation.Cause.of(change)));
    assertThat(registry.get("tidemark.cache.derived").counter().count()).isEqualTo(2);
  }

  @Test
  void aChangeThatWasPutAsideMakesAllUntrueThatCouldDependOnIt() {
    putAside(Topics.changeName("service"), "service/3", "0001-00000000016B3748-755-41");
    List<Invalidation> told = invalidations.readValuesToList();
    assertThat(told)
        .extracting(Invalidation::target)
        .containsExactlyInAnyOrder("agenda:*:*", "week:*");
    assertThat(told).extracting(Invalidation::transaction).containsOnly(755L);
    assertThat(told).extracting(one -> one.cause().reason()).containsOnly(Reason.LOST);
    assertThat(told).extracting(one -> one.cause().subject()).containsOnly("service/3");
  }

  @Test
  void whatElseIsPutAsideIsPassedOver() {
    putAside(Topics.OPERATION.name(), "service/3", "x");
    putAside("", "", "");
    putAside(Topics.changeName("service"), "", "without a transaction");
    assertThat(invalidations.readValuesToList())
        .extracting(Invalidation::transaction)
        .as("only the last is a change, of an unknown transaction")
        .containsOnly(0L);
  }

  @Test
  void anUnreadableChangeBecomesADeadLetterAndSoIsHeardOf() {
    driver
        .createInputTopic(
            Topics.changeName("visit"), new ByteArraySerializer(), new ByteArraySerializer())
        .pipeInput("visit/1".getBytes(UTF_8), "no change".getBytes(UTF_8));
    TestOutputTopic<byte[], byte[]> letters =
        driver.createOutputTopic(
            Topics.DEAD_LETTER.name(), new ByteArrayDeserializer(), new ByteArrayDeserializer());
    TestRecord<byte[], byte[]> letter = letters.readRecord();
    assertThat(new String(letter.headers().lastHeader(DeadLetterHeaders.TOPIC).value(), UTF_8))
        .isEqualTo(Topics.changeName("visit"));
    assertThat(invalidations.readValuesToList())
        .extracting(Invalidation::target)
        .containsExactlyInAnyOrder("agenda:*:*", "week:*");
  }

  @Test
  void theTopologyDidNotChangeByAccident() throws IOException {
    CacheTopology topology = new CacheTopology(CacheViews.CATALOG, registry);
    StreamsConfig config =
        StreamsPolicy.config(topology, StreamsSettings.of("127.0.0.1:1", stateDirectory));
    String described = topology.topology(config).describe().toString();
    try (InputStream file = CacheTopologyTest.class.getResourceAsStream("/cache/topology.txt")) {
      assertThat(file).as("the checked-in description").isNotNull();
      assertThat(described.strip()).isEqualTo(new String(file.readAllBytes(), UTF_8).strip());
    }
  }

  private void receive(String type, @Nullable EntityKey key, EntityChange change) {
    TestInputTopic<@Nullable EntityKey, @Nullable EntityChange> topic =
        driver.createInputTopic(
            Topics.changeName(type),
            WireSerdes.entityKey().serializer(),
            WireSerdes.entityChange().serializer());
    topic.pipeInput(key, change);
  }

  private void putAside(String topic, String subject, String id) {
    RecordHeaders headers = new RecordHeaders();
    headers.add(DeadLetterHeaders.TOPIC, topic.getBytes(UTF_8));
    headers.add(CloudEventHeaders.SUBJECT, subject.getBytes(UTF_8));
    headers.add(CloudEventHeaders.ID, id.getBytes(UTF_8));
    driver
        .createInputTopic(
            Topics.DEAD_LETTER.name(), new ByteArraySerializer(), new ByteArraySerializer())
        .pipeInput(new TestRecord<>(new byte[0], new byte[0], headers, Instant.EPOCH));
  }
}
