package dev.tidemark.api.sync.ledger;

import dev.tidemark.api.database.Database;
import dev.tidemark.api.problem.AwayException;
import dev.tidemark.api.sync.ConflictCursor;
import dev.tidemark.api.sync.ConflictEntry;
import dev.tidemark.api.sync.ConflictFilter;
import dev.tidemark.api.sync.DeviceMemory;
import dev.tidemark.api.sync.DeviceStatus;
import dev.tidemark.api.sync.Ledger;
import dev.tidemark.api.sync.LedgerEntry;
import dev.tidemark.api.sync.ReadSet;
import dev.tidemark.api.sync.SyncSettings;
import dev.tidemark.contract.EntityKey;
import dev.tidemark.contract.sync.SubmittedBatch;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The ledger where it is kept. */
public final class PostgresLedger implements Ledger, DeviceMemory, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PostgresLedger.class);
  private static final Duration GLANCE = Duration.ofMillis(250);
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private static final String FIND =
      "select " + LedgerRows.COLUMNS + " from tidemark.ledger l where l.id = any(?)";
  private static final String SETTLES = " and r.result in ('applied', 'unchanged') limit 1";
  private static final String CONFLICTS =
      "select "
          + LedgerRows.COLUMNS
          + ", r.id as resolution_id"
          + """
             from tidemark.ledger l
            left join lateral (
              select s.id from tidemark.ledger s
              where s.resolves = l.id and s.result in ('applied', 'unchanged') limit 1) r on true
            where l.result = 'open'
              and ((? and r.id is null) or (? and r.id is not null))
              and (?::text is null or l.device_id = ?)
              and (?::text is null or l.conflict_type = ?)
              and (?::timestamptz is null or (l.written_at, l.id) > (?::timestamptz, ?::uuid))
            order by l.written_at, l.id
            limit ?
            """;

  private final Database asking;
  private final AtomicLong notBeforeNanos = new AtomicLong(System.nanoTime());

  public PostgresLedger(SyncSettings settings) {
    this.asking = new Database(settings.postgres(), "tidemark-api", settings.connections());
  }

  @Override
  public Map<String, LedgerEntry> glance(Collection<String> operations) {
    if (operations.isEmpty() || System.nanoTime() - notBeforeNanos.get() < 0) {
      return Map.of();
    }
    try {
      return asking.ask(GLANCE, connection -> find(connection, operations));
    } catch (AwayException e) {
      LOG.debug("The ledger is left aside for a moment", e);
      notBeforeNanos.set(System.nanoTime() + PAUSE.toNanos());
      return Map.of();
    }
  }

  @Override
  public Map<String, LedgerEntry> find(Collection<String> operations) {
    return operations.isEmpty()
        ? Map.of()
        : asking.ask(PATIENCE, connection -> find(connection, operations));
  }

  @Override
  public Optional<SubmittedBatch> batch(String device, String batch) {
    return asking.ask(
        PATIENCE,
        connection -> {
          try (PreparedStatement statement =
              connection.prepareStatement(
                  "select * from tidemark.batch where device_id = ? and batch_id = ?")) {
            statement.setString(1, device);
            statement.setString(2, batch);
            try (ResultSet row = statement.executeQuery()) {
              return row.next() ? Optional.of(LedgerRows.batch(row)) : Optional.empty();
            }
          }
        });
  }

  @Override
  public Optional<String> resolutionOf(String operation) {
    return related("select r.id from tidemark.ledger r where r.resolves = ?" + SETTLES, operation);
  }

  @Override
  public Optional<String> reversalOf(String operation) {
    return related("select r.id from tidemark.ledger r where r.undoes = ?" + SETTLES, operation);
  }

  @Override
  public DeviceStatus status(String device) {
    return asking.ask(PATIENCE, connection -> StatusQuery.ask(connection, device));
  }

  @Override
  public List<ConflictEntry> conflicts(ConflictFilter filter) {
    return asking.ask(PATIENCE, connection -> conflicts(connection, filter));
  }

  @Override
  public Optional<ReadSet> readSet(String device, int number) {
    return asking.ask(PATIENCE, connection -> DeviceMemoryRows.readSet(connection, device, number));
  }

  @Override
  public int numberOf(String device, ReadSet set) {
    return asking.ask(PATIENCE, connection -> DeviceMemoryRows.numberOf(connection, device, set));
  }

  @Override
  public void owe(String device, Collection<EntityKey> rows, long at) {
    if (!rows.isEmpty()) {
      var _ =
          asking.ask(PATIENCE, connection -> DeviceMemoryRows.owe(connection, device, rows, at));
    }
  }

  @Override
  public Set<EntityKey> owed(String device, long readUpTo) {
    return asking.ask(PATIENCE, connection -> DeviceMemoryRows.owed(connection, device, readUpTo));
  }

  @Override
  public void close() {
    asking.close();
  }

  private static Map<String, LedgerEntry> find(Connection connection, Collection<String> operations)
      throws SQLException {
    UUID[] ids = operations.stream().map(UUID::fromString).toArray(UUID[]::new);
    try (PreparedStatement statement = connection.prepareStatement(FIND)) {
      statement.setArray(1, connection.createArrayOf("uuid", ids));
      Map<String, LedgerEntry> found = new HashMap<>();
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          LedgerEntry entry = LedgerRows.entry(row);
          found.put(entry.submission().operation().id(), entry);
        }
      }
      return found;
    }
  }

  private Optional<String> related(String sql, String operation) {
    return asking.ask(
        PATIENCE,
        connection -> {
          try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setObject(1, UUID.fromString(operation));
            try (ResultSet row = statement.executeQuery()) {
              return row.next() ? Optional.of(LedgerRows.text(row, "id")) : Optional.empty();
            }
          }
        });
  }

  private static List<ConflictEntry> conflicts(Connection connection, ConflictFilter filter)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(CONFLICTS)) {
      statement.setBoolean(1, filter.open());
      statement.setBoolean(2, filter.resolved());
      String device = filter.device().orElse(null);
      statement.setString(3, device);
      statement.setString(4, device);
      String type = filter.type().orElse(null);
      statement.setString(5, type);
      statement.setString(6, type);
      ConflictCursor after = filter.after().orElse(null);
      Object written = after == null ? null : after.written().atOffset(ZoneOffset.UTC);
      statement.setObject(7, written);
      statement.setObject(8, written);
      statement.setObject(9, after == null ? null : after.operation());
      statement.setInt(10, filter.limit());
      List<ConflictEntry> found = new ArrayList<>();
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          found.add(
              new ConflictEntry(
                  LedgerRows.entry(row), Optional.ofNullable(row.getString("resolution_id"))));
        }
      }
      return found;
    }
  }
}
