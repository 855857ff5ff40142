package dev.tidemark.connectors.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.connectors.capture.position.Start.OnLoss;
import dev.tidemark.contract.CaptureCommand;
import dev.tidemark.contract.CapturedTable;
import dev.tidemark.contract.EntityChange;
import dev.tidemark.contract.EntityKey;
import dev.tidemark.contract.ScopedChange;
import dev.tidemark.contract.Topic;
import dev.tidemark.contract.TopicProvisioner;
import dev.tidemark.contract.Topics;
import dev.tidemark.contract.WireSerdes;
import dev.tidemark.contract.catalog.Catalog;
import dev.tidemark.contract.catalog.EntityType;
import dev.tidemark.contract.catalog.ScopeTemplate;
import dev.tidemark.contract.catalog.TableName;
import dev.tidemark.contract.postgres.PostgresUrl;
import dev.tidemark.servers.Servers;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * A database, a broker and captures between them. Each rig has names of its own, so that many share
 * the servers.
 */
final class CaptureRig implements AutoCloseable {
  static final Duration PATIENCE = Duration.ofSeconds(60);
  static final int PARTITIONS = 2;
  private static final AtomicInteger RIGS = new AtomicInteger();

  private final Servers servers;
  private final String name = "rig" + RIGS.incrementAndGet();
  private final Connection connection;
  private final List<EntityType> types = new ArrayList<>();
  private final List<Capture> captures = new ArrayList<>();
  private OnLoss onLoss = OnLoss.STOP;

  CaptureRig(Servers servers) throws SQLException {
    this.servers = servers;
    this.connection = connect();
  }

  Connection connect() throws SQLException {
    return PostgresUrl.parse(servers.postgresUrl()).connect("test");
  }

  String name() {
    return name;
  }

  String slot() {
    return name;
  }

  /** Drops the slot, once Postgres has noticed that its last reader is gone. */
  void dropSlot() throws SQLException {
    await("nobody reads the slot")
        .atMost(PATIENCE)
        .until(
            () ->
                value(
                        "SELECT count(*) FROM pg_replication_slots WHERE active AND slot_name = '"
                            + slot()
                            + "'")
                    .equals("0"));
    sql("SELECT pg_drop_replication_slot('" + slot() + "')");
  }

  /** Makes a table of this rig and an entity type for it; returns the type. */
  EntityType table(String suffix, String columns, String... key) throws SQLException {
    return scopedTable(suffix, columns, List.of("public"), key);
  }

  /** The same, with scopes of its own. */
  EntityType scopedTable(String suffix, String columns, List<String> scopes, String... key)
      throws SQLException {
    String table = name + "_" + suffix;
    sql("CREATE TABLE public." + table + " (" + columns + ")");
    return typeOf(table, scopes, key);
  }

  /** An entity type for a table that is there. */
  EntityType typeOf(String table, List<String> scopes, String... key) {
    EntityType type =
        new EntityType(
            table,
            "",
            new TableName("public", table),
            List.of(key),
            List.of(),
            scopes.stream().map(ScopeTemplate::new).toList(),
            List.of(),
            Map.of());
    types.add(type);
    return type;
  }

  /** Writes other scopes into the catalog; who captures already does not notice. */
  EntityType rescope(EntityType type, String... scopes) {
    types.remove(type);
    return typeOf(type.name(), List.of(scopes), type.key().toArray(String[]::new));
  }

  void sql(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** Makes a database of that name beside the captured one and runs a statement in it. */
  void sqlInAnother(String database, String sql) throws SQLException {
    sql("CREATE DATABASE " + database);
    PostgresUrl url = PostgresUrl.parse(servers.postgresUrl());
    PostgresUrl other =
        new PostgresUrl(
            url.host(), url.port(), database, url.user(), url.password(), url.parameters());
    try (Connection there = other.connect("test");
        Statement statement = there.createStatement()) {
      statement.execute(sql);
    }
  }

  /** The one value that a query gives. */
  String value(String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getString(1);
    }
  }

  void onLoss(OnLoss answer) {
    onLoss = answer;
  }

  CaptureSettings settings() {
    CaptureSettings all = CaptureSettings.of(servers.postgresUrl(), servers.kafka());
    return new CaptureSettings(
        all.postgres(),
        all.kafka(),
        name,
        name,
        all.pollInterval(),
        Duration.ofMillis(200),
        all.batch(),
        all.snapshotTimeout(),
        all.maxRecordBytes(),
        onLoss);
  }

  Capture start() {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", servers.kafka()))) {
      assertThat(new TopicProvisioner(admin, PARTITIONS, 1).provision(Topics.of(catalog())))
          .isNotNull();
    }
    Capture capture = new Capture(settings(), catalog(), new SimpleMeterRegistry());
    captures.add(capture);
    capture.start();
    return capture;
  }

  Capture startStreaming() {
    Capture capture = start();
    awaitState(capture, CaptureHealth.State.STREAMING);
    return capture;
  }

  static void awaitState(Capture capture, CaptureHealth.State state) {
    await("capture is " + state)
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(capture.health().state()).isEqualTo(state));
  }

  Catalog catalog() {
    return new Catalog(types);
  }

  /** Waits until the topic of a type holds so many changes and returns them, by partition. */
  List<EntityChange> changes(EntityType type, int count) {
    return changes(type, changes -> changes.size() >= count);
  }

  List<EntityChange> changes(EntityType type, Predicate<List<EntityChange>> until) {
    return await("changes of " + type.name())
        .atMost(PATIENCE)
        .until(() -> read(Topics.change(type)).stream().map(ConsumerRecord::value).toList(), until);
  }

  /** All committed records of a topic. */
  <K, V> List<ConsumerRecord<K, V>> read(Topic<K, V> topic) {
    return read(topic, 0);
  }

  /** The offset behind the last record of a topic of one partition. */
  long end(Topic<?, ?> topic) {
    return read(topic).stream().mapToLong(ConsumerRecord::offset).max().orElse(-1) + 1;
  }

  /** The committed records from an offset on. */
  <K, V> List<ConsumerRecord<K, V>> read(Topic<K, V> topic, long from) {
    Properties properties = new Properties();
    properties.put("bootstrap.servers", servers.kafka());
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
      partitions.forEach(partition -> consumer.seek(partition, from));
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (ends.entrySet().stream().anyMatch(e -> consumer.position(e.getKey()) < e.getValue())) {
        consumer.poll(Duration.ofMillis(100)).forEach(records::add);
      }
    }
    return records;
  }

  /** What scopes were told of a type, once it is so much. */
  List<ConsumerRecord<String, ScopedChange>> scoped(
      EntityType type, Predicate<List<ConsumerRecord<String, ScopedChange>>> until) {
    return await("what is told of " + type.name())
        .atMost(PATIENCE)
        .until(
            () ->
                read(Topics.SCOPED_CHANGE).stream()
                    .filter(told -> told.value().type().equals(type.name()))
                    .toList(),
            until);
  }

  /** What scopes were told of a type up to the row of this id, which is told last. */
  List<String> told(EntityType type, int last) {
    List<String> all =
        scoped(
                type,
                told ->
                    !told.isEmpty() && Integer.toString(last).equals(told.getLast().value().id()))
            .stream()
            .map(told -> line(told.value()))
            .toList();
    return all.stream().filter(line -> !line.contains(" " + last + " ")).toList();
  }

  /** A scoped change in a line: {@code put a/1 7 [a/1, b/2]}. */
  static String line(ScopedChange told) {
    return told.kind().text() + " " + told.scope() + " " + told.id() + " " + told.scopes();
  }

  /**
   * The rows that devices hold which follow everything, as {@code scope id}, after all that was
   * told of a type.
   */
  Set<String> held(EntityType type) {
    Map<String, Set<String>> held = new HashMap<>();
    for (ConsumerRecord<String, ScopedChange> record : read(Topics.SCOPED_CHANGE)) {
      ScopedChange told = record.value();
      if (!told.type().equals(type.name())) {
        continue;
      }
      String scope = told.scope();
      switch (told.kind()) {
        case PUT -> held.computeIfAbsent(scope, _ -> new HashSet<>()).add(told.id());
        case REMOVE -> {
          if (scope != null) {
            held.getOrDefault(scope, new HashSet<>()).remove(told.id());
          } else {
            held.forEach(
                (other, rows) -> {
                  if (!told.scopes().contains(other)) {
                    rows.remove(told.id());
                  }
                });
          }
        }
        case TRUNCATE -> held.clear();
      }
    }
    Set<String> rows = new TreeSet<>();
    held.forEach((scope, ids) -> ids.forEach(id -> rows.add(scope + " " + id)));
    return rows;
  }

  /** Waits until capture has told all rows of a type by these scopes. */
  void awaitTold(EntityType type) {
    await("all of " + type.name() + " is told")
        .atMost(PATIENCE)
        .untilAsserted(
            () -> {
              CapturedTable table = captured(type);
              assertThat(table.state()).isEqualTo(CapturedTable.State.LIVE);
              assertThat(table.telling()).isFalse();
              assertThat(table.scopes())
                  .isEqualTo(type.scopes().stream().map(ScopeTemplate::text).toList());
            });
  }

  /** How capture knows a table. */
  CapturedTable captured(EntityType type) {
    return read(Topics.CAPTURED_TABLE).stream()
        .filter(record -> record.key().equals(type.name()))
        .reduce((former, latter) -> latter)
        .orElseThrow()
        .value();
  }

  /** Sends what an operator would send. */
  void command(CaptureCommand command) throws Exception {
    Topic<String, CaptureCommand> topic = Topics.CAPTURE_COMMAND;
    try (KafkaProducer<String, CaptureCommand> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", servers.kafka()),
            topic.keySerde().serializer(),
            topic.valueSerde().serializer())) {
      producer.send(new ProducerRecord<>(topic.name(), command.type(), command)).get();
    }
  }

  /** The id of the changed row; empty for a change of a whole table. */
  static String id(EntityChange change) {
    EntityKey key = change.key();
    return key == null ? "" : key.id();
  }

  static ObjectNode json(String text) {
    try {
      return (ObjectNode) WireSerdes.exactJson().readTree(text);
    } catch (IOException e) {
      throw new IllegalArgumentException(e);
    }
  }

  @Override
  public void close() throws SQLException {
    captures.forEach(Capture::close);
    try (Statement statement = connection.createStatement()) {
      statement.execute(
          "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = '"
              + name
              + "' AND NOT active");
      statement.execute("DROP PUBLICATION IF EXISTS " + name);
    }
    connection.close();
  }
}
