package dev.tidemark.connectors.capture;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tidemark.connectors.capture.encoding.ChangeEncoder;
import dev.tidemark.connectors.capture.encoding.ChangeEncoder.Place;
import dev.tidemark.connectors.capture.encoding.EncodedChange;
import dev.tidemark.connectors.capture.encoding.OutcomeEncoder;
import dev.tidemark.connectors.capture.encoding.TablePlan;
import dev.tidemark.connectors.capture.position.Progress;
import dev.tidemark.connectors.schema.OwnTables;
import dev.tidemark.contract.ChangeKind;
import dev.tidemark.contract.EntityKey;
import dev.tidemark.contract.Version;
import dev.tidemark.contract.catalog.EntityType;
import dev.tidemark.contract.catalog.TableName;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads Debezium's records one by one: changes go out once and in order, heartbeats and
 * notifications are noted. Not thread-safe.
 */
final class ChangeStream {
  private static final Logger LOG = LoggerFactory.getLogger(ChangeStream.class);
  private static final String COMMIT_LSN = "lsn_commit";

  private final Tables tables;
  private final Progress progress;
  private final ChangeProducer producer;
  private final CaptureMetrics metrics;
  private final ChangeEncoder encoder = new ChangeEncoder();
  private final ScopeTeller scopes;

  private int epoch;
  // Rows that a snapshot reads share a version; what tells their records apart must not come again
  // when another snapshot reads them in the same epoch.
  private long reads = System.currentTimeMillis() * 1000;
  private final Announced announced = new Announced();
  private final ReusedKeys reused = new ReusedKeys();
  private final OutcomeEncoder outcomes = new OutcomeEncoder();
  private Instant heartbeat = Instant.MIN;
  private Instant committedAt = Instant.MIN;
  private int amid;
  private Consumer<EntityKey> onRead = key -> {};

  ChangeStream(
      int epoch,
      Tables tables,
      Progress progress,
      ChangeProducer producer,
      CaptureMetrics metrics) {
    this.epoch = epoch;
    this.tables = tables;
    this.progress = progress;
    this.producer = producer;
    this.metrics = metrics;
    this.scopes = new ScopeTeller(tables, producer, metrics);
  }

  /** What the caller has to know of a record. */
  enum Seen {
    /** A change that was sent. */
    SENT,
    /** A change that had been sent before, or nothing that is sent at all. */
    PASSED
  }

  /** Takes a record of the stream. */
  Seen take(SourceRecord record) {
    // Whatever comes last is confirmed to Postgres, a row that was read or a notification as well:
    // the position must not be behind it.
    progress.confirm(committedBefore(record));
    if (!(record.value() instanceof Struct value)) {
      return Seen.PASSED;
    }
    if (record.topic().equals(DebeziumTask.NOTIFICATIONS)) {
      notification(value);
      return Seen.PASSED;
    }
    if (record.topic().equals(DebeziumTask.TRANSACTIONS)) {
      amid = 0;
      return Seen.PASSED;
    }
    if (value.schema().field("message") != null) {
      message(value);
      return Seen.PASSED;
    }
    return change(record, value);
  }

  /** How many of these come before the begin of a transaction whose end they do not bring. */
  static int whole(List<SourceRecord> records) {
    for (int i = records.size() - 1; i >= 0; i--) {
      SourceRecord record = records.get(i);
      if (record.topic().equals(DebeziumTask.TRANSACTIONS)
          && record.value() instanceof Struct value) {
        return value.getString("status").equals("BEGIN") ? i : records.size();
      }
    }
    return records.size();
  }

  /** How much was sent of a database transaction whose end has not come yet; 0 if it has. */
  int amidTransaction() {
    return amid;
  }

  /** When the latest heartbeat that has come through the log was sent. */
  Instant heartbeat() {
    return heartbeat;
  }

  /** When the change that was taken last was committed. */
  Instant committedAt() {
    return committedAt;
  }

  /** Tells of each entity that a snapshot reads. */
  void onRead(Consumer<EntityKey> listener) {
    onRead = listener;
  }

  void enterEpoch(int newEpoch) {
    epoch = newEpoch;
  }

  /** Ends an entity that was there before changes were lost and is gone since. */
  void vanished(EntityKey key, Instant now) {
    Place place = new Place(new Version(epoch, 0), 0, 0, reads++, now, null, true);
    EncodedChange change = ChangeEncoder.vanished(key, place);
    if (producer.send(change)) {
      metrics.sent(ChangeKind.DELETE);
      tables.type(key.type()).ifPresent(type -> scopes.vanished(type, change));
    }
  }

  private Seen change(SourceRecord record, Struct value) {
    Struct source = value.getStruct("source");
    String schema = source.getString("schema");
    String table = source.getString("table");
    if (table.equals(OwnTables.LEDGER.name()) && schema.equals(OwnTables.LEDGER.schema())) {
      return ledger(record, value, source);
    }
    Optional<EntityType> type = tables.type(schema, table);
    if (type.isEmpty()) {
      return Seen.PASSED;
    }
    String operation = value.getString("op");
    committedAt = committedAt(source);
    if (operation.equals("r")) {
      Place place = new Place(new Version(epoch, 0), 0, 0, reads++, committedAt, null, true);
      send(type.get(), ChangeKind.READ, value, place);
      return Seen.SENT;
    }
    long transaction = source.getInt64("txId");
    long lsn = source.getInt64("lsn");
    boolean isNew = progress.advance(transaction, lsn, committedBefore(record));
    TablePlan plan = plan(type.get(), value);
    EntityKey key = announced.isAbout(transaction) ? key(plan, value) : null;
    Version version = version(plan, kind(operation), value, new Version(epoch, lsn));
    if (!isNew) {
      metrics.replayed();
      touch(plan, key, transaction, version, value);
      return Seen.PASSED;
    }
    Place place =
        new Place(
            version,
            transaction,
            progress.sequence(),
            progress.ordinal(),
            committedAt,
            announced.origin(transaction, key),
            false);
    send(type.get(), kind(operation), value, place);
    amid++;
    touch(plan, key, transaction, version, value);
    return Seen.SENT;
  }

  private Version version(TablePlan plan, ChangeKind kind, Struct value, Version position) {
    EntityKey key =
        kind == ChangeKind.DELETE || (kind == ChangeKind.INSERT && reused.mayBeBefore(position))
            ? key(plan, value)
            : null;
    if (key == null) {
      return position;
    }
    if (kind == ChangeKind.DELETE) {
      reused.deleted(key, position);
      return position;
    }
    return reused.version(key, position);
  }

  private TablePlan plan(EntityType type, Struct value) {
    return tables.plan(type, value.schema().field("after").schema());
  }

  private static @Nullable EntityKey key(TablePlan plan, Struct value) {
    Struct after = value.getStruct("after");
    Struct row = after != null ? after : value.getStruct("before");
    return row == null ? null : plan.key(row);
  }

  private void touch(
      TablePlan plan, @Nullable EntityKey key, long transaction, Version version, Struct value) {
    if (key != null && announced.isAwaited(transaction, key)) {
      Struct after = value.getStruct("after");
      announced.touch(key, version, after == null ? null : encoder.rowAlone(plan, after));
    }
  }

  /**
   * A row of the ledger: what became of an operation. The ledger's own life is nobody's concern.
   */
  private Seen ledger(SourceRecord record, Struct value, Struct source) {
    if (!value.getString("op").equals("c")) {
      return Seen.PASSED;
    }
    committedAt = committedAt(source);
    long transaction = source.getInt64("txId");
    if (!progress.advance(transaction, source.getInt64("lsn"), committedBefore(record))) {
      metrics.replayed();
      return Seen.PASSED;
    }
    Struct row = value.getStruct("after");
    EntityKey key = OutcomeEncoder.key(row);
    Announced.Touched touched = announced.touched(transaction, key);
    byte[] outcome =
        touched == null
            ? outcomes.encode(row, null, null)
            : outcomes.encode(row, touched.version(), touched.row());
    producer.sendOutcome(key, row.getString("id"), outcome, committedAt);
    metrics.outcome();
    amid++;
    return Seen.SENT;
  }

  private void send(EntityType type, ChangeKind kind, Struct value, Place place) {
    TablePlan plan = plan(type, value);
    Struct before = kind == ChangeKind.TRUNCATE ? null : value.getStruct("before");
    Struct after = kind == ChangeKind.TRUNCATE ? null : value.getStruct("after");
    EncodedChange change =
        kind == ChangeKind.TRUNCATE
            ? encoder.truncate(plan, place)
            : encoder.row(plan, kind, before, after, place);
    EntityKey key = change.key();
    if (kind == ChangeKind.READ && key != null) {
      onRead.accept(key);
    }
    Optional<String> stopped = tables.stopped(type);
    if (stopped.isPresent() && kind != ChangeKind.DELETE && kind != ChangeKind.TRUNCATE) {
      producer.sendDeadLetter(change, stopped.get());
      metrics.deadLetter();
    } else if (producer.send(change)) {
      metrics.sent(kind);
      scopes.tell(plan, change, before, after, place.origin());
    } else {
      metrics.deadLetter();
      scopes.tellWhereGone(plan, change, before, after, place.origin());
    }
  }

  private void message(Struct value) {
    Struct message = value.getStruct("message");
    String prefix = message.getString("prefix");
    byte[] content = message.getBytes("content");
    switch (prefix) {
      case SourceDatabase.HEARTBEAT -> {
        heartbeat = Instant.ofEpochMilli(Long.parseLong(new String(content, UTF_8)));
        progress.pass(value.getStruct("source").getInt64("lsn"));
      }
      case SourceDatabase.ORIGIN -> {
        Long transaction = value.getStruct("source").getInt64("txId");
        if (transaction != null) {
          announced.take(transaction, content);
        }
      }
      default -> LOG.debug("passed over a logical message with prefix {}", prefix);
    }
  }

  private void notification(Struct value) {
    String about = value.getString("aggregate_type");
    String kind = value.getString("type");
    LOG.debug("{}: {}", about, kind);
    if (!about.equals("Incremental Snapshot")) {
      return;
    }
    Map<String, String> data = value.getMap("additional_data");
    if (kind.equals("TABLE_SCAN_COMPLETED")) {
      tableRead(data);
    }
  }

  private void tableRead(Map<String, String> data) {
    String name = data.getOrDefault("scanned_collection", "");
    int dot = name.lastIndexOf('.');
    int schemaDot = name.lastIndexOf('.', dot - 1);
    if (dot < 0) {
      LOG.warn("Debezium reports a table without a schema as read: {}", name);
      return;
    }
    TableName table = new TableName(name.substring(schemaDot + 1, dot), name.substring(dot + 1));
    Optional<EntityType> type = tables.type(table.schema(), table.name());
    String status = data.getOrDefault("status", "");
    if (type.isPresent() && List.of("SUCCEEDED", "EMPTY").contains(status)) {
      tables.read(type.get());
      LOG.info(
          "read all rows of {} ({} of them)", table, data.getOrDefault("total_rows_scanned", "0"));
    } else {
      LOG.warn("reading {} ended with status {}", table, status);
    }
  }

  private static long committedBefore(SourceRecord record) {
    return record.sourceOffset().get(COMMIT_LSN) instanceof Long lsn ? lsn : 0;
  }

  private static Instant committedAt(Struct source) {
    Field micros = source.schema().field("ts_us");
    Long value = micros == null ? null : source.getInt64("ts_us");
    if (value == null) {
      return Instant.ofEpochMilli(source.getInt64("ts_ms"));
    }
    return Instant.ofEpochSecond(
        Math.floorDiv(value, 1_000_000L), Math.floorMod(value, 1_000_000L) * 1000);
  }

  private static ChangeKind kind(String operation) {
    return switch (operation) {
      case "c" -> ChangeKind.INSERT;
      case "u" -> ChangeKind.UPDATE;
      case "d" -> ChangeKind.DELETE;
      case "t" -> ChangeKind.TRUNCATE;
      default -> throw new IllegalArgumentException("an operation '" + operation + "' is unknown");
    };
  }
}
