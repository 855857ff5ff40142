package dev.tidemark.connectors.capture;

import dev.tidemark.connectors.capture.position.Lsn;
import dev.tidemark.connectors.capture.position.Progress;
import dev.tidemark.connectors.capture.position.Slot;
import dev.tidemark.connectors.capture.position.Start;
import dev.tidemark.contract.CaptureCommand;
import dev.tidemark.contract.CapturePosition;
import dev.tidemark.contract.CapturePosition.Phase;
import dev.tidemark.contract.CapturedTable;
import dev.tidemark.contract.EntityKey;
import dev.tidemark.contract.Topics;
import dev.tidemark.contract.catalog.Catalog;
import dev.tidemark.contract.catalog.EntityType;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One life of capture as leader: fence what came before, decide where to begin, then a snapshot or
 * the stream. Whatever fails ends it; the next one begins from what Kafka knows.
 */
final class CaptureSession {
  private static final Logger LOG = LoggerFactory.getLogger(CaptureSession.class);
  private static final Duration STREAM_TRANSACTION_TIMEOUT = Duration.ofSeconds(30);
  private static final Duration SLOT_RELEASE = Duration.ofSeconds(10);

  private final CaptureSettings settings;
  private final Catalog catalog;
  private final Connection connection;
  private final CaptureStatus status;
  private final CaptureMetrics metrics;
  private final Queue<CaptureCommand> commands;
  private final InstantSource clock;
  private final SourceDatabase database;
  private final LatestRecords latest;

  CaptureSession(
      CaptureSettings settings,
      Catalog catalog,
      Connection connection,
      CaptureStatus status,
      CaptureMetrics metrics,
      Queue<CaptureCommand> commands,
      InstantSource clock) {
    this.settings = settings;
    this.catalog = catalog;
    this.connection = connection;
    this.status = status;
    this.metrics = metrics;
    this.commands = commands;
    this.clock = clock;
    this.database = new SourceDatabase(settings);
    this.latest = new LatestRecords(settings.kafka());
  }

  /** Captures until something ends it. Returns after a snapshot, to be run again for the stream. */
  void run() throws SQLException, InterruptedException, CaptureRefused {
    try (ChangeProducer producer = new ChangeProducer(settings, STREAM_TRANSACTION_TIMEOUT)) {
      List<EntityType> types = database.prepare(connection, catalog);
      String system = database.system();
      long publication =
          database
              .publication(connection)
              .orElseThrow(() -> new IllegalStateException("the publication vanished at once"));
      Optional<CapturePosition> position =
          Optional.ofNullable(latest.recent(Topics.POSITION).get(settings.slot()));
      database.requireSlotName(connection);
      Optional<Slot> slot = database.slot(connection);
      switch (Start.decide(position, slot, system, publication, settings.onLoss())) {
        case Start.Refuse(String reason, String remedy) -> throw new CaptureRefused(reason, remedy);
        case Start.Snapshot snapshot -> snapshot(snapshot, types, system, publication);
        case Start.Resume(CapturePosition from) -> {
          Map<String, CapturedTable> known = latest.all(Topics.CAPTURED_TABLE);
          stream(producer, from, slot.orElseThrow(), new Tables(types, known));
        }
      }
    }
  }

  private void snapshot(
      Start.Snapshot start, List<EntityType> types, String system, long publication)
      throws SQLException, InterruptedException {
    status.enter(
        CaptureHealth.State.SNAPSHOT,
        "reading all rows of " + types.size() + " tables, epoch " + start.epoch());
    LOG.info("snapshot of {} tables begins, epoch {}", types.size(), start.epoch());
    if (start.dropSlot()) {
      releaseSlot();
      database.dropSlot(connection);
    }
    Set<EntityKey> vanished =
        start.afterLoss() ? new LiveEntities(settings.kafka()).keys(types) : new HashSet<>();
    CapturePosition intent =
        new CapturePosition(start.epoch(), Phase.SNAPSHOT, system, publication, 0, 0, 0, 0, 0);
    Tables tables =
        Tables.unread(
            types,
            start.afterLoss() ? Optional.of(latest.all(Topics.CAPTURED_TABLE)) : Optional.empty());
    // Everything that the snapshot reads is one Kafka transaction: nobody sees half of it, and a
    // snapshot that dies leaves nothing behind. It may take long, so it has a producer of its own.
    try (ChangeProducer producer = new ChangeProducer(settings, settings.snapshotTimeout())) {
      producer.commit(intent);
      long rows = 0;
      Progress none = new Progress(intent, Set.of());
      ChangeStream stream = new ChangeStream(start.epoch(), tables, none, producer, metrics);
      stream.onRead(vanished::remove);
      try (DebeziumTask task = new DebeziumTask(settings, types, DebeziumTask.Mode.SNAPSHOT)) {
        boolean complete = false;
        while (!complete) {
          requireLife();
          for (SourceRecord record : task.poll()) {
            if (endsSnapshot(record)) {
              complete = true;
              break;
            }
            if (stream.take(record) == ChangeStream.Seen.SENT) {
              rows++;
            }
          }
        }
      }
      Instant now = clock.instant();
      for (EntityKey key : vanished) {
        stream.vanished(key, now);
      }
      types.forEach(tables::read);
      tables.takeUnsaved().forEach(producer::sendTable);
      long from = database.slot(connection).orElseThrow().confirmed();
      producer.commit(
          new CapturePosition(
              start.epoch(), Phase.STREAMING, system, publication, from, 0, 0, 0, 0));
      LOG.info(
          "snapshot complete: {} rows, {} entities gone since the last epoch, stream from {}",
          rows,
          vanished.size(),
          Lsn.text(from));
    }
  }

  /** Debezium's word that all tables were read, or the first record of the stream behind them. */
  private static boolean endsSnapshot(SourceRecord record) {
    if (!(record.value() instanceof Struct value)) {
      return false;
    }
    if (record.topic().equals(DebeziumTask.NOTIFICATIONS)) {
      return value.getString("aggregate_type").equals("Initial Snapshot")
          && value.getString("type").equals("COMPLETED");
    }
    return value.schema().field("op") != null && !value.getString("op").equals("r");
  }

  private void stream(ChangeProducer producer, CapturePosition from, Slot slot, Tables tables)
      throws SQLException, InterruptedException {
    if (slot.active()) {
      releaseSlot();
    }
    Set<Long> complete = database.replayedBefore(connection, slot, from.committed());
    Progress progress = new Progress(from, complete);
    ChangeStream stream = new ChangeStream(from.epoch(), tables, progress, producer, metrics);
    LOG.info(
        "stream begins at {}, epoch {}; sent up to {}, {} transactions will be replayed",
        Lsn.text(slot.confirmed()),
        from.epoch(),
        Lsn.text(from.committed()),
        complete.size());
    List<EntityType> types = tables.types();
    try (DebeziumTask task = new DebeziumTask(settings, types, DebeziumTask.Mode.STREAM)) {
      List<EntityType> toRead = tables.toRead();
      if (toRead.stream().anyMatch(tables::hasOtherScopes)) {
        // What is told once more has to be newer than what was told by the former scopes.
        stream.enterEpoch(progress.nextEpoch());
      }
      for (EntityType type : toRead) {
        LOG.info("all rows of {} are read and told by the scopes {}", type.table(), type.scopes());
        tables.readingAtStart(type);
        database.requestReading(connection, type);
      }
      CapturePosition committed = from;
      Instant oldest = null;
      RestOfTransaction rest = new RestOfTransaction();
      status.streaming(tables.stopped());
      while (true) {
        requireLife();
        List<SourceRecord> records = task.poll();
        int whole = ChangeStream.whole(records);
        for (int i = 0; i < records.size(); i++) {
          if (i == whole && i > 0 && oldest != null) {
            committed = commit(producer, tables, progress, oldest);
            confirm(task, records.get(i - 1));
            oldest = null;
            rest.forget();
          }
          if (stream.take(records.get(i)) == ChangeStream.Seen.SENT && oldest == null) {
            oldest = stream.committedAt();
          }
        }
        committed = carryOut(stream, tables, progress, committed);
        if (isPartOfMore(stream.amidTransaction())) {
          if (rest.isAwaited(System.nanoTime())) {
            continue;
          }
          LOG.warn(
              "the rest of transaction {} has not come for {} s: {} of its changes are shown"
                  + " without it",
              progress.position().transaction(),
              RestOfTransaction.AWAITED.toSeconds(),
              stream.amidTransaction());
        }
        rest.forget();
        if (tables.hasUnsaved() || oldest != null || !progress.position().equals(committed)) {
          committed = commit(producer, tables, progress, oldest);
        }
        oldest = null;
        if (!records.isEmpty()) {
          status.heartbeat(stream.heartbeat());
          confirm(task, records.getLast());
        }
      }
    }
  }

  /**
   * Who follows several tables must not see a part of a transaction, so the rest is waited for,
   * which is on its way; but not for long, and not for the rest of one that is larger than a Kafka
   * transaction may be.
   */
  private boolean isPartOfMore(int sent) {
    return sent > 0 && sent < settings.batch();
  }

  private CapturePosition commit(
      ChangeProducer producer, Tables tables, Progress progress, @Nullable Instant oldest) {
    if (tables.hasUnsaved()) {
      tables.takeUnsaved().forEach(producer::sendTable);
      status.streaming(tables.stopped());
      metrics.stoppedTables(tables.stopped().size());
    }
    CapturePosition position = progress.position();
    producer.commit(position);
    Instant now = clock.instant();
    if (oldest == null) {
      metrics.positionCommitted(now);
    } else {
      metrics.committed(oldest, now);
    }
    status.progressed(now);
    return position;
  }

  /**
   * Without a commit position in its offset a record would confirm its own LSN, and the slot would
   * stand inside a transaction.
   */
  private static void confirm(DebeziumTask task, SourceRecord record) throws InterruptedException {
    if (record.sourceOffset().get("lsn_commit") instanceof Long) {
      task.confirm(record);
    }
  }

  private CapturePosition carryOut(
      ChangeStream stream, Tables tables, Progress progress, CapturePosition committed)
      throws SQLException {
    CaptureCommand command = commands.poll();
    if (command == null) {
      return committed;
    }
    Optional<EntityType> type = catalog.type(command.type());
    if (type.isEmpty()) {
      LOG.warn("asked to {} an unknown entity type: {}", command.action(), command.type());
      return committed;
    }
    switch (command.action()) {
      case SNAPSHOT -> tables.reading(type.get());
      case ACCEPT -> {
        // What was put aside had versions of this epoch, so the rows are read in a newer one.
        stream.enterEpoch(progress.nextEpoch());
        tables.accept(type.get());
      }
    }
    LOG.info("{} of {} begins", command.action(), type.get().table());
    database.requestReading(connection, type.get());
    return committed;
  }

  /** Ends a reader of our slot that has not noticed yet that it no longer leads. */
  private void releaseSlot() throws SQLException, InterruptedException {
    Instant deadline = clock.instant().plus(SLOT_RELEASE);
    while (database.slot(connection).map(Slot::active).orElse(false)) {
      try (PreparedStatement terminate =
          connection.prepareStatement(
              "SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots"
                  + " WHERE slot_name = ? AND active_pid IS NOT NULL")) {
        terminate.setString(1, settings.slot());
        try (ResultSet terminated = terminate.executeQuery()) {
          if (terminated.next()) {
            LOG.info("ended a former reader of slot {}", settings.slot());
          }
        }
      }
      if (clock.instant().isAfter(deadline)) {
        throw new SQLException("slot " + settings.slot() + " is still read by another process");
      }
      Thread.sleep(50);
    }
  }

  private void requireLife() throws InterruptedException, SQLException {
    if (Thread.interrupted()) {
      throw new InterruptedException("capture is being closed");
    }
    Optional<String> alarm = status.alarm();
    if (alarm.isPresent()) {
      throw new SQLException(alarm.get());
    }
  }
}
