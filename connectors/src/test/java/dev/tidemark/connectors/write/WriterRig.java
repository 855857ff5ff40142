package dev.tidemark.connectors.write;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.connectors.schema.OwnTables;
import dev.tidemark.contract.EntityKey;
import dev.tidemark.contract.Topic;
import dev.tidemark.contract.TopicProvisioner;
import dev.tidemark.contract.Topics;
import dev.tidemark.contract.WireSerdes;
import dev.tidemark.contract.catalog.Catalog;
import dev.tidemark.contract.catalog.EntityType;
import dev.tidemark.contract.catalog.Reference;
import dev.tidemark.contract.catalog.ScopeTemplate;
import dev.tidemark.contract.catalog.TableName;
import dev.tidemark.contract.postgres.PostgresUrl;
import dev.tidemark.contract.sync.Expected;
import dev.tidemark.contract.sync.OperationKind;
import dev.tidemark.contract.sync.Permission;
import dev.tidemark.contract.sync.Result;
import dev.tidemark.contract.sync.RowEffect;
import dev.tidemark.contract.sync.RowWrite;
import dev.tidemark.contract.sync.Ruling;
import dev.tidemark.contract.sync.Strategy;
import dev.tidemark.contract.sync.Submission;
import dev.tidemark.contract.sync.SubmittedBatch;
import dev.tidemark.contract.sync.SyncOperation;
import dev.tidemark.contract.sync.WriteAnswer;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** A database, a broker and writers between them; each rig has tables of its own. */
final class WriterRig implements AutoCloseable {
  static final Duration PATIENCE = Duration.ofSeconds(60);
  static final int PARTITIONS = 2;
  private static final AtomicInteger RIGS = new AtomicInteger();

  private final String postgresUrl;
  private final String kafka;
  private final String name = "writer" + RIGS.incrementAndGet();
  private final List<EntityType> types = new ArrayList<>();
  private final List<Writer> writers = new ArrayList<>();
  private final KafkaProducer<byte[], byte[]> producer;
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

  WriterRig(String postgresUrl, String kafka) throws SQLException {
    this.postgresUrl = postgresUrl;
    this.kafka = kafka;
    try (Connection connection = connect()) {
      OwnTables.prepare(connection);
    }
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka))) {
      assertThat(new TopicProvisioner(admin, PARTITIONS, 1).provision(Topics.of(catalog())))
          .isNotNull();
    }
    producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", kafka),
            new ByteArraySerializer(),
            new ByteArraySerializer());
  }

  Connection connect() throws SQLException {
    return PostgresUrl.parse(postgresUrl).connect("test");
  }

  String table(String suffix) {
    return name + "_" + suffix;
  }

  /** Makes a table of this rig and an entity type for it; {@code %s} stands for its name. */
  EntityType type(String suffix, String columns, List<Reference> references, String... key)
      throws SQLException {
    sql("CREATE TABLE " + new TableName("public", table(suffix)).quoted() + " (" + columns + ")");
    EntityType type =
        new EntityType(
            table(suffix).replaceAll("[^a-z0-9_]", "_"),
            "",
            new TableName("public", table(suffix)),
            List.of(key),
            List.of(),
            List.of(new ScopeTemplate("public")),
            references,
            Map.of());
    types.add(type);
    return type;
  }

  EntityType type(String suffix, String columns) throws SQLException {
    return type(suffix, columns, List.of(), "id");
  }

  Catalog catalog() {
    return new Catalog(types);
  }

  void sql(String sql) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** The one value that a query gives; null if it gives none. */
  @Nullable String value(String sql) {
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      return row.next() ? row.getString(1) : null;
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  List<String> values(String sql) throws SQLException {
    List<String> values = new ArrayList<>();
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      while (row.next()) {
        values.add(row.getString(1));
      }
    }
    return values;
  }

  double count(String metric, String result) {
    return registry.find(metric).tag("result", result).counters().stream()
        .mapToDouble(Counter::count)
        .sum();
  }

  Writer start() {
    Writer writer = new Writer(WriterSettings.of(postgresUrl, kafka), catalog(), registry);
    writers.add(writer);
    writer.start();
    return writer;
  }

  void send(RowWrite... writes) {
    deliver(Stream.of(writes).map(write -> record(write, null)).toList());
  }

  /** So that a writer that starts later takes them all at once. */
  void sendToOnePartition(RowWrite... writes) {
    deliver(Stream.of(writes).map(write -> record(write, 0)).toList());
  }

  private static ProducerRecord<byte[], byte[]> record(
      RowWrite write, @Nullable Integer partition) {
    String topic = Topics.WRITE.name();
    return new ProducerRecord<>(
        topic,
        partition,
        write.key().bytes(),
        Topics.WRITE.valueSerde().serializer().serialize(topic, write));
  }

  void send(SubmittedBatch... batches) {
    String topic = Topics.BATCH.name();
    deliver(
        Stream.of(batches)
            .map(
                batch ->
                    new ProducerRecord<>(
                        topic,
                        batch.device().getBytes(UTF_8),
                        Topics.BATCH.valueSerde().serializer().serialize(topic, batch)))
            .toList());
  }

  void sendRaw(String topic, byte[] key, byte[] value) {
    deliver(List.of(new ProducerRecord<>(topic, key, value)));
  }

  private void deliver(List<ProducerRecord<byte[], byte[]>> records) {
    List<Future<RecordMetadata>> sent = new ArrayList<>();
    records.forEach(record -> sent.add(producer.send(record)));
    producer.flush();
    assertThat(sent).allSatisfy(one -> assertThat(one.get().hasOffset()).isTrue());
  }

  /** Lets the group begin again, as after a crash before its offsets were committed. */
  void forgetOffsets() throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka))) {
      Map<TopicPartition, OffsetAndMetadata> beginnings = new HashMap<>();
      for (int partition = 0; partition < PARTITIONS; partition++) {
        beginnings.put(
            new TopicPartition(Topics.WRITE.name(), partition), new OffsetAndMetadata(0));
        beginnings.put(
            new TopicPartition(Topics.BATCH.name(), partition), new OffsetAndMetadata(0));
      }
      admin.alterConsumerGroupOffsets(Intake.GROUP, beginnings).all().get();
    }
  }

  /** Waits for the ledger's row of the write's last operation. */
  ObjectNode ledger(RowWrite write) {
    String id = write.entries().getLast().submission().operation().id();
    String row =
        await("the ledger has " + write.key())
            .atMost(PATIENCE)
            .until(
                () -> value("SELECT to_jsonb(l) FROM tidemark.ledger l WHERE id = '" + id + "'"),
                found -> found != null);
    return parse(String.valueOf(row));
  }

  String result(RowWrite write) {
    return ledger(write).get("result").textValue();
  }

  /** Waits until the ledger says that the database would not take it; the error. */
  ObjectNode rejection(RowWrite write) {
    ObjectNode row = ledger(write);
    assertThat(row.get("result").textValue()).isEqualTo("rejected");
    assertThat(row.get("reason").textValue()).isEqualTo("rejected");
    return (ObjectNode) row.get("error");
  }

  WriteAnswer answer(RowWrite write) {
    return answers(write, 1).getFirst();
  }

  /** Waits until a write has so many answers. */
  List<WriteAnswer> answers(RowWrite write, int count) {
    return await("answer to " + write.key())
        .atMost(PATIENCE)
        .until(
            () ->
                read(Topics.WRITE_ANSWER).stream()
                    .map(ConsumerRecord::value)
                    .filter(answer -> answer.write().equals(write.id()))
                    .toList(),
            answers -> answers.size() >= count);
  }

  /** All committed records of a topic. */
  <K, V> List<ConsumerRecord<K, V>> read(Topic<K, V> topic) {
    Properties properties = new Properties();
    properties.put("bootstrap.servers", kafka);
    properties.put("isolation.level", "read_committed");
    properties.put("enable.auto.commit", "false");
    List<ConsumerRecord<K, V>> records = new ArrayList<>();
    try (KafkaConsumer<K, V> consumer =
        new KafkaConsumer<>(
            properties, topic.keySerde().deserializer(), topic.valueSerde().deserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic.name()).stream()
              .map(info -> new TopicPartition(info.topic(), info.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (ends.entrySet().stream().anyMatch(e -> consumer.position(e.getKey()) < e.getValue())) {
        consumer.poll(Duration.ofMillis(100)).forEach(records::add);
      }
    }
    return records;
  }

  /** Reads an object whose quotes are single ones. */
  static ObjectNode json(String text) {
    return parse(text.replace('\'', '"'));
  }

  private static ObjectNode parse(String text) {
    try {
      return (ObjectNode) WireSerdes.exactJson().readTree(text);
    } catch (IOException e) {
      throw new IllegalArgumentException(text, e);
    }
  }

  static RowWrite insert(EntityType type, String id, String row) {
    return write(
        type, id, new RowEffect.Insert(json(row)), new Expected.Absent(), OperationKind.CREATE);
  }

  static RowWrite update(EntityType type, String id, String patch, String expected) {
    return write(
        type,
        id,
        new RowEffect.Update(json(patch)),
        new Expected.Present(json(expected)),
        OperationKind.UPDATE);
  }

  static RowWrite delete(EntityType type, String id, String expected) {
    return write(
        type,
        id,
        new RowEffect.Delete(),
        new Expected.Present(json(expected)),
        OperationKind.DELETE);
  }

  static RowWrite none(EntityType type, String id, Expected expected) {
    return write(type, id, new RowEffect.None(), expected, OperationKind.UPDATE);
  }

  static RowWrite write(
      EntityType type, String id, RowEffect effect, Expected expected, OperationKind kind) {
    EntityKey key = new EntityKey(type.name(), id);
    return new RowWrite(
        key,
        UUID.randomUUID().toString(),
        effect,
        expected,
        List.of(entry(key, kind, data(effect))),
        null,
        false);
  }

  private static ObjectNode data(RowEffect effect) {
    return switch (effect) {
      case RowEffect.Insert(ObjectNode row) -> row;
      case RowEffect.Update(ObjectNode patch) -> patch;
      case RowEffect.Delete _, RowEffect.None _ -> json("{}");
    };
  }

  /** The same write of several operations. */
  static RowWrite together(RowWrite write) {
    List<RowWrite.Entry> entries = new ArrayList<>(write.entries());
    entries.addFirst(entry(write.key(), OperationKind.UPDATE, json("{}")));
    return new RowWrite(
        write.key(),
        write.id(),
        write.effect(),
        write.expected(),
        entries,
        write.sent(),
        write.patient());
  }

  /** The same write, for which a parent may still come. */
  static RowWrite patient(RowWrite write) {
    return new RowWrite(
        write.key(),
        write.id(),
        write.effect(),
        write.expected(),
        write.entries(),
        write.sent(),
        true);
  }

  /** The same write, all of whose operations resolve one operation or take one back. */
  static RowWrite following(RowWrite write, @Nullable String resolves, @Nullable String undoes) {
    return new RowWrite(
        write.key(),
        write.id(),
        write.effect(),
        write.expected(),
        write.entries().stream()
            .map(
                entry ->
                    new RowWrite.Entry(with(entry.submission(), resolves, undoes), entry.ruling()))
            .toList(),
        write.sent(),
        write.patient());
  }

  private static Submission with(
      Submission submission, @Nullable String resolves, @Nullable String undoes) {
    return new Submission(
        submission.operation(),
        submission.idempotencyKey(),
        submission.hash(),
        submission.batch(),
        submission.index(),
        submission.received(),
        submission.permission(),
        submission.parents(),
        submission.baseData(),
        resolves,
        undoes,
        submission.request());
  }

  static RowWrite.Entry entry(EntityKey key, OperationKind kind, ObjectNode data) {
    Instant now = Instant.parse("2026-01-20T10:15:30.123456Z");
    UUID id = UUID.randomUUID();
    SyncOperation operation =
        new SyncOperation(
            id.toString(),
            "tablet-1",
            key,
            kind,
            data,
            null,
            now,
            now,
            Strategy.MERGE,
            OptionalLong.of(7));
    Submission submission =
        new Submission(
            operation,
            "key-" + id,
            "hash",
            "batch-1",
            0,
            now,
            Permission.ofEverything(),
            List.of(),
            null,
            null,
            null,
            "request-1");
    Ruling ruling =
        new Ruling(
            Result.APPLIED,
            null,
            List.of(),
            null,
            "applied",
            null,
            json("{'why': 'test'}"),
            null,
            null,
            null);
    return new RowWrite.Entry(submission, ruling);
  }

  @Override
  public void close() {
    writers.forEach(Writer::close);
    producer.close(Duration.ZERO);
  }
}
