package dev.tidemark.pipeline.resolution;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.contract.EntityChange;
import dev.tidemark.contract.EntityKey;
import dev.tidemark.contract.Topic;
import dev.tidemark.contract.Topics;
import dev.tidemark.contract.Version;
import dev.tidemark.contract.catalog.Catalog;
import dev.tidemark.contract.catalog.EntityType;
import dev.tidemark.contract.catalog.FieldMerge;
import dev.tidemark.contract.catalog.MergePolicy;
import dev.tidemark.contract.catalog.TableName;
import dev.tidemark.contract.sync.OperationKind;
import dev.tidemark.contract.sync.Outcome;
import dev.tidemark.contract.sync.Permission;
import dev.tidemark.contract.sync.RowWrite;
import dev.tidemark.contract.sync.Strategy;
import dev.tidemark.contract.sync.Submission;
import dev.tidemark.contract.sync.SyncOperation;
import dev.tidemark.contract.sync.WriteAnswer;
import dev.tidemark.pipeline.entities.EntitiesTopology;
import dev.tidemark.pipeline.entities.core.EntityState;
import dev.tidemark.pipeline.runtime.StreamsPolicy;
import dev.tidemark.pipeline.runtime.StreamsSettings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Properties;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.jspecify.annotations.Nullable;

/** The topology as production builds it, with one entity type that has a counter. */
final class ResolverFixture implements AutoCloseable {
  static final EntityType VISIT =
      new EntityType(
          "visit",
          "",
          TableName.parse("visit"),
          List.of("id"),
          List.of(),
          List.of(),
          List.of(),
          Map.of(
              "visits", new FieldMerge(MergePolicy.COUNTER, null),
              "tags", new FieldMerge(MergePolicy.UNION, null)));
  static final Policies POLICIES = new Policies(new Catalog(List.of(VISIT)));

  private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");

  final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final TopologyTestDriver driver;
  private final TestInputTopic<EntityKey, Submission> operations;
  private final TestInputTopic<EntityKey, WriteAnswer> answers;
  private final TestInputTopic<EntityKey, Outcome> outcomes;
  private final TestInputTopic<EntityKey, EntityChange> changes;
  private final TestOutputTopic<EntityKey, RowWrite> writes;
  private final TestOutputTopic<byte[], byte[]> deadLetters;
  private Instant now = START;

  ResolverFixture(Path stateDirectory) {
    StreamsConfig config =
        StreamsPolicy.config(
            EntitiesTopology.NAME, StreamsSettings.of("127.0.0.1:1", stateDirectory));
    Properties properties = new Properties();
    properties.putAll(config.originals());
    properties.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.AT_LEAST_ONCE);
    driver =
        new TopologyTestDriver(
            new EntitiesTopology(new Catalog(List.of(VISIT)), registry).topology(config),
            properties,
            START);
    operations = input(Topics.OPERATION);
    answers = input(Topics.WRITE_ANSWER);
    outcomes = input(Topics.OUTCOME);
    changes = input(Topics.change(VISIT));
    writes =
        driver.createOutputTopic(
            Topics.WRITE.name(),
            Topics.WRITE.keySerde().deserializer(),
            Topics.WRITE.valueSerde().deserializer());
    deadLetters =
        driver.createOutputTopic(
            Topics.DEAD_LETTER.name(), new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  private <V> TestInputTopic<EntityKey, V> input(Topic<EntityKey, V> topic) {
    return driver.createInputTopic(
        topic.name(), topic.keySerde().serializer(), topic.valueSerde().serializer());
  }

  static ObjectNode row(EntityKey key, long visits) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("id", Long.parseLong(key.id()))
        .put("visits", visits)
        .put("title", "new");
  }

  Instant now() {
    return now;
  }

  void letTimePass(long millis) {
    now = now.plusMillis(millis);
    driver.advanceWallClockTime(Duration.ofMillis(millis));
  }

  Submission submission(
      String id,
      String device,
      EntityKey key,
      OperationKind kind,
      ObjectNode data,
      @Nullable Version base,
      Strategy strategy,
      @Nullable Long sequence) {
    SyncOperation operation =
        new SyncOperation(
            id,
            device,
            key,
            kind,
            data,
            base,
            now,
            now,
            strategy,
            sequence == null ? OptionalLong.empty() : OptionalLong.of(sequence));
    return new Submission(
        operation,
        id,
        "hash",
        "batch",
        0,
        now,
        Permission.ofEverything(),
        List.of(),
        null,
        null,
        null,
        "request");
  }

  void ask(Submission submission) {
    operations.pipeInput(submission.operation().key(), submission, now);
  }

  void answer(WriteAnswer answer) {
    answers.pipeInput(answer.key(), answer, now);
  }

  /** A change or an outcome. */
  void tell(Object told) {
    if (told instanceof EntityChange change) {
      changes.pipeInput(change.key(), change, now);
    } else if (told instanceof Outcome outcome) {
      outcomes.pipeInput(outcome.key(), outcome, now);
    }
  }

  List<RowWrite> writes() {
    return writes.readValuesToList();
  }

  List<byte[]> deadLetters() {
    return deadLetters.readValuesToList();
  }

  @Nullable EntityState state(EntityKey key) {
    return driver.<EntityKey, EntityState>getKeyValueStore(EntitiesTopology.ENTITIES).get(key);
  }

  /** Whether nothing is on its way. */
  boolean rests() {
    return isEmpty(Resolution.PENDING) && isEmpty(Resolution.QUEUE);
  }

  String onTheWay() {
    StringBuilder text = new StringBuilder();
    try (KeyValueIterator<Object, Object> all = driver.getKeyValueStore(Resolution.PENDING).all()) {
      all.forEachRemaining(entry -> text.append(entry.key).append(entry.value).append('\n'));
    }
    return text.toString();
  }

  private boolean isEmpty(String store) {
    try (KeyValueIterator<Object, Object> all = driver.getKeyValueStore(store).all()) {
      return !all.hasNext();
    }
  }

  @Override
  public void close() {
    driver.close();
  }
}
