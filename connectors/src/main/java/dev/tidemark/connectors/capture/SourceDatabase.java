package dev.tidemark.connectors.capture;

import static java.util.stream.Collectors.joining;

import dev.tidemark.connectors.capture.encoding.OutcomeEncoder;
import dev.tidemark.connectors.capture.position.Lsn;
import dev.tidemark.connectors.capture.position.Slot;
import dev.tidemark.connectors.schema.OwnTables;
import dev.tidemark.contract.catalog.Catalog;
import dev.tidemark.contract.catalog.EntityType;
import dev.tidemark.contract.catalog.TableName;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What capture asks of the source database, and what it sets up there. */
final class SourceDatabase {
  /** The table through which Debezium is told to read a table while changes flow. */
  static final TableName SIGNALS = new TableName("tidemark", "signal");

  /** The prefix of the logical messages that are Tidemark's own. */
  static final String MESSAGE_PREFIX = "tidemark.";

  static final String HEARTBEAT = MESSAGE_PREFIX + "heartbeat";
  static final String ORIGIN = MESSAGE_PREFIX + "origin";

  private static final Logger LOG = LoggerFactory.getLogger(SourceDatabase.class);
  private static final String INSUFFICIENT_PRIVILEGE = "42501";

  private final CaptureSettings settings;

  SourceDatabase(CaptureSettings settings) {
    this.settings = settings;
  }

  /** The cluster's identifier and timeline. */
  String system() throws SQLException {
    try (Connection connection = settings.postgres().connectForReplication("tidemark identify");
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("IDENTIFY_SYSTEM")) {
      row.next();
      return row.getString(1) + "/" + row.getString(2);
    }
  }

  /** A slot's name is one of the whole cluster: another database may have taken it. */
  void requireSlotName(Connection connection) throws SQLException, CaptureRefused {
    try (PreparedStatement query =
        connection.prepareStatement(
            "SELECT coalesce(database, '') FROM pg_replication_slots"
                + " WHERE slot_name = ? AND database IS DISTINCT FROM current_database()")) {
      query.setString(1, settings.slot());
      try (ResultSet row = query.executeQuery()) {
        if (row.next()) {
          String owner = row.getString(1);
          throw new CaptureRefused(
              "the replication slot "
                  + settings.slot()
                  + (owner.isEmpty()
                      ? " is a physical one"
                      : " belongs to the database " + owner + " of the same cluster"),
              "set TIDEMARK_CAPTURE_SLOT to a name that is free");
        }
      }
    }
  }

  Optional<Slot> slot(Connection connection) throws SQLException {
    try (PreparedStatement query =
        connection.prepareStatement(
            "SELECT confirmed_flush_lsn::text, coalesce(wal_status, ''), active"
                + " FROM pg_replication_slots WHERE slot_name = ? AND database = current_database()")) {
      query.setString(1, settings.slot());
      try (ResultSet row = query.executeQuery()) {
        if (!row.next()) {
          return Optional.empty();
        }
        String confirmed = row.getString(1);
        return Optional.of(
            new Slot(
                settings.slot(),
                confirmed == null ? 0 : Lsn.parse(confirmed),
                row.getString(2).equals("lost"),
                row.getBoolean(3)));
      }
    }
  }

  void dropSlot(Connection connection) throws SQLException {
    try (PreparedStatement drop =
        connection.prepareStatement(
            "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots"
                + " WHERE slot_name = ?")) {
      drop.setString(1, settings.slot());
      drop.executeQuery().close();
    }
  }

  /**
   * Makes the database ready: signal table, publication, replica identity.
   *
   * @return the entity types whose tables are there
   */
  List<EntityType> prepare(Connection connection, Catalog catalog)
      throws SQLException, CaptureRefused {
    requireLogicalWal(connection);
    List<EntityType> present = new ArrayList<>();
    for (EntityType type : catalog.types()) {
      if (exists(connection, type.table())) {
        present.add(type);
      } else {
        LOG.error(
            "table {} of entity type {} is not in the database: its changes cannot be captured",
            type.table(),
            type.name());
      }
    }
    if (present.isEmpty()) {
      throw new CaptureRefused(
          "none of the catalog's tables is in the database",
          "create the tables, or point TIDEMARK_CATALOG at the catalog of this database");
    }
    prepareSignals(connection);
    prepareOwnTables(connection);
    for (EntityType type : present) {
      setReplicaIdentity(connection, type.table());
    }
    preparePublication(connection, present);
    return present;
  }

  /** The object id of the publication, if it exists. */
  Optional<Long> publication(Connection connection) throws SQLException {
    try (PreparedStatement query =
        connection.prepareStatement("SELECT oid::bigint FROM pg_publication WHERE pubname = ?")) {
      query.setString(1, settings.publication());
      try (ResultSet row = query.executeQuery()) {
        return row.next() ? Optional.of(row.getLong(1)) : Optional.empty();
      }
    }
  }

  /**
   * The ids of transactions that the slot will replay although they committed before a position.
   * Reads the slot without moving it.
   */
  Set<Long> replayedBefore(Connection connection, Slot slot, long committed) throws SQLException {
    Set<Long> ids = new HashSet<>();
    if (slot.confirmed() >= committed) {
      return ids;
    }
    connection.setAutoCommit(false);
    try (PreparedStatement peek =
        connection.prepareStatement(
            "SELECT data FROM pg_logical_slot_peek_binary_changes(?, ?::pg_lsn, NULL,"
                + " 'proto_version', '1', 'publication_names', ?) WHERE get_byte(data, 0) = 66")) {
      peek.setString(1, slot.name());
      peek.setString(2, Lsn.text(committed));
      peek.setString(3, settings.publication());
      peek.setFetchSize(10_000);
      try (ResultSet begins = peek.executeQuery()) {
        while (begins.next()) {
          // 'B', the position of the commit record, the commit time, the transaction's id
          ByteBuffer begin = ByteBuffer.wrap(begins.getBytes(1), 1, 20);
          long commit = begin.getLong();
          begin.getLong();
          if (Long.compareUnsigned(commit, committed) < 0) {
            ids.add(Integer.toUnsignedLong(begin.getInt()));
          }
        }
      }
    } finally {
      connection.rollback();
      connection.setAutoCommit(true);
    }
    return ids;
  }

  /** Asks Debezium, through the signal table, to read a table while changes flow. */
  void requestReading(Connection connection, EntityType type) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(
            "INSERT INTO "
                + SIGNALS.quoted()
                + " (id, type, data) VALUES (gen_random_uuid(), ?, ?)")) {
      insert.setString(1, "execute-snapshot");
      insert.setString(
          2,
          "{\"data-collections\":["
              + dev.tidemark.connectors.capture.value.PostgresJson.quoted(regex(type.table()))
              + "],\"type\":\"incremental\"}");
      insert.executeUpdate();
    }
  }

  /** A table's name as the regular expressions of Debezium's settings want it. */
  static String regex(TableName table) {
    return escape(table.schema()) + "\\." + escape(table.name());
  }

  private static String escape(String name) {
    return name.replaceAll("([^A-Za-z0-9_])", "\\\\$1");
  }

  private void requireLogicalWal(Connection connection) throws SQLException, CaptureRefused {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SHOW wal_level")) {
      row.next();
      if (!"logical".equals(row.getString(1))) {
        throw new CaptureRefused(
            "the database runs with wal_level=" + row.getString(1),
            "ALTER SYSTEM SET wal_level = logical; and restart Postgres");
      }
    }
  }

  private static boolean exists(Connection connection, TableName table) throws SQLException {
    try (PreparedStatement query =
        connection.prepareStatement(
            "SELECT 1 FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
                + " WHERE n.nspname = ? AND c.relname = ? AND c.relkind IN ('r', 'p')")) {
      query.setString(1, table.schema());
      query.setString(2, table.name());
      try (ResultSet row = query.executeQuery()) {
        return row.next();
      }
    }
  }

  private void prepareSignals(Connection connection) throws SQLException, CaptureRefused {
    if (exists(connection, SIGNALS)) {
      return;
    }
    String sql =
        "CREATE SCHEMA IF NOT EXISTS tidemark; CREATE TABLE IF NOT EXISTS tidemark.signal"
            + " (id varchar(64) PRIMARY KEY, type varchar(32) NOT NULL, data text)";
    execute(connection, sql, "the signal table cannot be created");
  }

  private static void prepareOwnTables(Connection connection) throws SQLException, CaptureRefused {
    try {
      OwnTables.prepare(connection);
    } catch (SQLException e) {
      if (INSUFFICIENT_PRIVILEGE.equals(e.getSQLState())) {
        throw new CaptureRefused(
            "the ledger cannot be created: " + e.getMessage(),
            "let the database's owner run: " + OwnTables.sql());
      }
      throw e;
    }
  }

  private void setReplicaIdentity(Connection connection, TableName table)
      throws SQLException, CaptureRefused {
    try (PreparedStatement query =
        connection.prepareStatement("SELECT relreplident FROM pg_class WHERE oid = ?::regclass")) {
      query.setString(1, table.quoted());
      try (ResultSet row = query.executeQuery()) {
        row.next();
        if ("f".equals(row.getString(1))) {
          return;
        }
      }
    }
    execute(
        connection,
        "ALTER TABLE " + table.quoted() + " REPLICA IDENTITY FULL",
        "the log does not carry the old rows of " + table);
    LOG.info("set REPLICA IDENTITY FULL on {}", table);
  }

  private void preparePublication(Connection connection, List<EntityType> types)
      throws SQLException, CaptureRefused {
    Set<TableName> wanted =
        types.stream().map(EntityType::table).collect(Collectors.toCollection(LinkedHashSet::new));
    wanted.add(SIGNALS);
    wanted.add(OwnTables.LEDGER);
    String tables = wanted.stream().map(SourceDatabase::publishedTable).collect(joining(", "));
    String name = '"' + settings.publication() + '"';
    if (publication(connection).isEmpty()) {
      execute(
          connection,
          "CREATE PUBLICATION "
              + name
              + " FOR TABLE "
              + tables
              + " WITH (publish_via_partition_root = true)",
          "the publication cannot be created");
    } else if (!published(connection).equals(wanted)) {
      execute(
          connection,
          "ALTER PUBLICATION " + name + " SET TABLE " + tables,
          "the publication does not name the catalog's tables");
    } else if (!publishedOfLedger(connection).equals(Set.copyOf(OutcomeEncoder.columns()))) {
      alterIfAllowed(connection, "ALTER PUBLICATION " + name + " SET TABLE " + tables);
    }
  }

  /** Most of a row of the ledger is the decision, which no consumer of changes needs. */
  private static String publishedTable(TableName table) {
    return table.equals(OwnTables.LEDGER)
        ? table.quoted() + OutcomeEncoder.columns().stream().collect(joining(", ", " (", ")"))
        : table.quoted();
  }

  private Set<String> publishedOfLedger(Connection connection) throws SQLException {
    try (PreparedStatement query =
        connection.prepareStatement(
            "SELECT unnest(attnames) FROM pg_publication_tables"
                + " WHERE pubname = ? AND schemaname = ? AND tablename = ?")) {
      query.setString(1, settings.publication());
      query.setString(2, OwnTables.LEDGER.schema());
      query.setString(3, OwnTables.LEDGER.name());
      Set<String> columns = new HashSet<>();
      try (ResultSet row = query.executeQuery()) {
        while (row.next()) {
          columns.add(row.getString(1));
        }
      }
      return columns;
    }
  }

  /** Saves work; without it everything is read all the same. */
  private static void alterIfAllowed(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      if (!INSUFFICIENT_PRIVILEGE.equals(e.getSQLState())) {
        throw e;
      }
      LOG.warn(
          "more of the ledger is read than outcomes need ({}): let the tables' owner run: {};",
          e.getMessage(),
          sql);
    }
  }

  private Set<TableName> published(Connection connection) throws SQLException {
    Set<TableName> tables = new HashSet<>();
    try (PreparedStatement query =
        connection.prepareStatement(
            "SELECT n.nspname, c.relname FROM pg_publication_rel r"
                + " JOIN pg_publication p ON p.oid = r.prpubid JOIN pg_class c ON c.oid = r.prrelid"
                + " JOIN pg_namespace n ON n.oid = c.relnamespace WHERE p.pubname = ?")) {
      query.setString(1, settings.publication());
      try (ResultSet row = query.executeQuery()) {
        while (row.next()) {
          tables.add(new TableName(row.getString(1), row.getString(2)));
        }
      }
    }
    return tables;
  }

  private static void execute(Connection connection, String sql, String consequence)
      throws SQLException, CaptureRefused {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      if (INSUFFICIENT_PRIVILEGE.equals(e.getSQLState())) {
        throw new CaptureRefused(
            consequence + ": " + e.getMessage(), "let the tables' owner run: " + sql + ";");
      }
      throw e;
    }
  }
}
