package dev.tidemark.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.contract.EntityKey;
import dev.tidemark.contract.Topics;
import dev.tidemark.contract.Version;
import dev.tidemark.contract.WireSerdes;
import dev.tidemark.contract.postgres.PostgresUrl;
import dev.tidemark.contract.sync.ConflictType;
import dev.tidemark.contract.sync.Outcome;
import dev.tidemark.contract.sync.Result;
import dev.tidemark.contract.sync.Ruling;
import dev.tidemark.contract.sync.Strategy;
import dev.tidemark.contract.sync.Submission;
import dev.tidemark.contract.sync.SubmittedBatch;
import dev.tidemark.contract.sync.SyncOperation;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * All that follows the api, in short: writes operations into the ledger and tells their outcomes. A
 * manual operation is an open conflict; every other is applied.
 */
final class FakeResolver implements AutoCloseable {
  private final String kafka;
  private final PostgresUrl postgres;
  private final Thread thread;
  private volatile boolean stopped;
  private volatile boolean paused;

  FakeResolver(String kafka, PostgresUrl postgres) {
    this.kafka = kafka;
    this.postgres = postgres;
    this.thread = Thread.ofPlatform().name("fake-resolver").start(this::run);
  }

  /** Whether operations are left lying. */
  void pause(boolean pause) {
    paused = pause;
  }

  private void run() {
    try (KafkaConsumer<byte[], byte[]> consumer =
            new KafkaConsumer<>(
                Map.of("bootstrap.servers", kafka, "auto.offset.reset", "earliest"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        KafkaProducer<byte[], byte[]> producer =
            new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        Connection connection = postgres.connect("fake-resolver")) {
      List<TopicPartition> partitions =
          List.of(Topics.OPERATION.name(), Topics.BATCH.name()).stream()
              .flatMap(topic -> consumer.partitionsFor(topic).stream())
              .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      while (!stopped) {
        List<TopicPartition> operations =
            partitions.stream().filter(p -> p.topic().equals(Topics.OPERATION.name())).toList();
        if (paused) {
          consumer.pause(operations);
        } else {
          consumer.resume(operations);
        }
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(20))) {
          take(record, connection, producer);
        }
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void take(
      ConsumerRecord<byte[], byte[]> record,
      Connection connection,
      KafkaProducer<byte[], byte[]> producer)
      throws SQLException {
    if (record.topic().equals(Topics.BATCH.name())) {
      write(
          connection,
          Topics.BATCH.valueSerde().deserializer().deserialize(record.topic(), record.value()));
      return;
    }
    Submission submission =
        Topics.OPERATION.valueSerde().deserializer().deserialize(record.topic(), record.value());
    Outcome outcome = outcome(submission);
    write(connection, submission, outcome);
    String topic = Topics.OUTCOME.name();
    EntityKey key = outcome.key();
    var _ =
        producer.send(
            new ProducerRecord<>(
                topic,
                key.bytes(),
                Topics.OUTCOME.valueSerde().serializer().serialize(topic, outcome)));
  }

  private static Outcome outcome(Submission submission) {
    SyncOperation operation = submission.operation();
    boolean open = operation.strategy() == Strategy.MANUAL;
    ObjectNode server = WireSerdes.exactJson().createObjectNode().put("name", "ours");
    Version version = new Version(1, 77);
    Ruling ruling =
        new Ruling(
            open ? Result.OPEN : Result.APPLIED,
            open ? ConflictType.UPDATE_UPDATE : null,
            open ? List.of("name") : List.of(),
            open ? "open" : null,
            open ? "left_to_a_person" : "no_conflict",
            null,
            WireSerdes.exactJson().createObjectNode(),
            open ? version : null,
            open ? server : null,
            null);
    return Outcome.of(submission, ruling, Instant.now())
        .with(open ? null : version, open ? null : operation.data());
  }

  private static void write(Connection connection, Submission submission, Outcome outcome)
      throws SQLException {
    SyncOperation operation = submission.operation();
    try (PreparedStatement statement =
        connection.prepareStatement(
            """
            insert into tidemark.ledger (id, device_id, idempotency_key, request_hash, batch_id,
              batch_index, entity_type, entity_id, kind, data, sequence, strategy,
              client_timestamp, corrected_timestamp, received_at, result, conflict_type,
              conflict_fields, resolution, reason, decision, server_version, server_row,
              resolves, undoes, request_id)
            values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?::jsonb, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?::jsonb, ?,
              ?::jsonb, ?, ?, ?) on conflict do nothing
            """)) {
      String conflict = outcome.conflict() == null ? null : outcome.conflict().text();
      set(
          statement,
          UUID.fromString(operation.id()),
          operation.device(),
          submission.idempotencyKey(),
          submission.hash(),
          submission.batch(),
          submission.index(),
          operation.key().type(),
          operation.key().id(),
          operation.kind().text(),
          operation.data().toString(),
          operation.sequence().isPresent() ? operation.sequence().getAsLong() : null,
          operation.strategy().text(),
          operation.clientTime().atOffset(ZoneOffset.UTC),
          operation.time().atOffset(ZoneOffset.UTC),
          submission.received().atOffset(ZoneOffset.UTC),
          outcome.result().text(),
          conflict,
          connection.createArrayOf("text", outcome.fields().toArray()),
          outcome.resolution(),
          outcome.reason(),
          """
          {"fields": [{"field": "name", "winner": "client", "rule": "uncontested",
            "client": "x", "server": "before", "result": "x"}],
           "question": {"row": {"name": "before", "secret": "of others"}}}""",
          outcome.serverVersion() == null ? null : outcome.serverVersion().toString(),
          outcome.serverRow() == null ? null : outcome.serverRow().toString(),
          outcome.resolves() == null ? null : UUID.fromString(outcome.resolves()),
          outcome.undoes() == null ? null : UUID.fromString(outcome.undoes()),
          submission.request());
      statement.executeUpdate();
    }
  }

  private static void write(Connection connection, SubmittedBatch batch) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            """
            insert into tidemark.batch (device_id, batch_id, received_at, ahead_ms, request_id,
              operations, indexes, errors)
            values (?, ?, ?, ?, ?, ?, ?, ?::jsonb) on conflict (device_id, batch_id) do nothing
            """)) {
      StringBuilder errors = new StringBuilder("[");
      for (SubmittedBatch.Invalid invalid : batch.errors()) {
        errors.append(errors.length() > 1 ? "," : "");
        errors.append("{\"index\":").append(invalid.index()).append(",\"problem\":");
        errors.append(invalid.problem()).append('}');
      }
      set(
          statement,
          batch.device(),
          batch.id(),
          batch.received().atOffset(ZoneOffset.UTC),
          batch.ahead().toMillis(),
          batch.request(),
          connection.createArrayOf(
              "uuid",
              batch.operations().stream().map(one -> UUID.fromString(one.operation())).toArray()),
          connection.createArrayOf(
              "integer", batch.operations().stream().map(SubmittedBatch.Accepted::index).toArray()),
          errors.append(']').toString());
      statement.executeUpdate();
    }
    try (PreparedStatement statement =
        connection.prepareStatement(
            """
            insert into tidemark.device values (?, now(), now(), ?, ?, 1)
            on conflict (device_id) do update set last_seen = now(),
              last_batch = excluded.last_batch, batches = device.batches + 1
            """)) {
      set(statement, batch.device(), batch.id(), batch.ahead().toMillis());
      statement.executeUpdate();
    }
  }

  private static void set(PreparedStatement statement, @Nullable Object... values)
      throws SQLException {
    for (int i = 0; i < values.length; i++) {
      statement.setObject(i + 1, values[i]);
    }
  }

  static void createTables(PostgresUrl postgres, String sql) throws SQLException {
    try (Connection connection = postgres.connect("fake-resolver");
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  @Override
  public void close() {
    stopped = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
