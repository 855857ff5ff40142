package dev.tidemark.connectors.work.upkeep;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.connectors.jobs.FinalError;
import dev.tidemark.connectors.jobs.JobContext;
import dev.tidemark.connectors.jobs.JobHandler;
import dev.tidemark.connectors.work.given.Given;
import dev.tidemark.connectors.work.postgres.WorkDatabase;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code cleanup_sync_logs}: the ledger's retention. Input: {@code {"older_than": "180d"}}. As long
 * as this is how long a device may send an operation again without its being done again.
 *
 * <p>Walks through the ledger's pages on disk, so many at a time and each in a transaction: no
 * index is needed, no lock lasts, and an attempt goes on at the page where the last one ended.
 * Capture passes over rows that leave the ledger.
 *
 * <p>What is old stays all the same: a conflict that nobody has settled, what settled or took back
 * an operation that is still there, and operations of a batch that is not complete. Of a device's
 * numbered operations only the first go, for a hole between numbers says that something was lost.
 */
final class CleanupSyncLogs implements JobHandler<ObjectNode, CleanupSyncLogs.Removed> {
  private static final Duration OLD = Duration.ofDays(180);
  private static final Duration LEAST = Duration.ofDays(1);
  private static final int PAGES = 128;
  private static final int BATCHES = 500;
  private static final int MOST_DEVICES = 10_000;

  /**
   * Batches whose operations are all in the ledger are complete, even if nobody has asked. Without
   * that, they would wait for rows that are gone.
   */
  private static final String CLOSE =
      """
      WITH piece AS (
        SELECT device_id, batch_id, operations FROM tidemark.batch
        WHERE open AND (device_id, batch_id) > (?, ?)
        ORDER BY device_id, batch_id LIMIT %d),
      closed AS (
        UPDATE tidemark.batch b SET open = false FROM piece s
        WHERE b.device_id = s.device_id AND b.batch_id = s.batch_id AND b.open
          AND b.operations = s.operations
          AND NOT EXISTS (
            SELECT FROM unnest(s.operations) o(id)
            WHERE NOT EXISTS (SELECT FROM tidemark.ledger l WHERE l.id = o.id)))
      SELECT device_id, batch_id FROM piece ORDER BY device_id DESC, batch_id DESC LIMIT 1
      """
          .formatted(BATCHES);

  private static final String OPEN_CONFLICT =
      """
      (l.result = 'open' AND NOT EXISTS (
         SELECT FROM tidemark.ledger r
         WHERE r.resolves = l.id AND r.result IN ('applied', 'unchanged')))
      """;

  private static final String DEVICES =
      "SELECT DISTINCT device_id FROM tidemark.ledger"
          + " WHERE ctid >= ?::tid AND ctid < ?::tid AND written_at < ? AND sequence IS NOT NULL";

  private static final String FIRST_KEPT =
      "SELECT min(l.sequence) FROM tidemark.ledger l WHERE l.device_id = ? AND l.sequence IS NOT NULL"
          + " AND (l.written_at >= ? OR "
          + OPEN_CONFLICT
          + ")";

  private static final String DELETE =
      """
      DELETE FROM tidemark.ledger l
      WHERE l.ctid >= ?::tid AND l.ctid < ?::tid AND l.written_at < ?
        AND NOT %s
        AND NOT EXISTS (SELECT FROM tidemark.ledger o WHERE o.id = l.resolves)
        AND NOT EXISTS (SELECT FROM tidemark.ledger o WHERE o.id = l.undoes)
        AND NOT EXISTS (
          SELECT FROM tidemark.batch b
          WHERE b.device_id = l.device_id AND b.batch_id = l.batch_id AND b.open)
        AND (l.sequence IS NULL OR l.sequence < coalesce(
          (SELECT f.first FROM unnest(?::text[], ?::bigint[]) AS f(device, first)
           WHERE f.device = l.device_id), 0))
      """
          .formatted(OPEN_CONFLICT);

  private static final String DELETE_BATCHES =
      """
      DELETE FROM tidemark.batch b
      WHERE b.ctid >= ?::tid AND b.ctid < ?::tid AND b.received_at < ? AND NOT b.open
        AND NOT EXISTS (
          SELECT FROM unnest(b.operations) o(id) JOIN tidemark.ledger l ON l.id = o.id)
      """;

  private static final String DELETE_MESSAGES =
      "DELETE FROM tidemark.outbox m WHERE m.ctid >= ?::tid AND m.ctid < ?::tid AND m.sent_at < ?";

  private static final String DELETE_INBOUND =
      "DELETE FROM tidemark.inbound i WHERE i.ctid >= ?::tid AND i.ctid < ?::tid"
          + " AND i.received_at < ?";

  /** How many rows went. */
  record Removed(long operations, long batches, long messages) {}

  private final WorkDatabase database;
  private final InstantSource clock;

  CleanupSyncLogs(WorkDatabase database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

  @Override
  public String type() {
    return "cleanup_sync_logs";
  }

  @Override
  public Class<ObjectNode> input() {
    return ObjectNode.class;
  }

  @Override
  public Removed run(ObjectNode input, JobContext context) throws Exception {
    Duration old = new Given(input).duration("older_than", OLD, LEAST);
    Instant before = clock.instant().minus(old);
    try (Connection connection = database.open(type())) {
      requireLedger(connection);
      closeBatches(connection, context);
      long operations = ledger(connection, before, context);
      long batches = walk(connection, "tidemark.batch", DELETE_BATCHES, before, context);
      long messages =
          walk(connection, "tidemark.outbox", DELETE_MESSAGES, before, context)
              + walk(connection, "tidemark.inbound", DELETE_INBOUND, before, context);
      return new Removed(operations, batches, messages);
    }
  }

  private static void requireLedger(Connection connection) throws SQLException, FinalError {
    try (Statement statement = connection.createStatement();
        ResultSet there =
            statement.executeQuery("SELECT to_regclass('tidemark.ledger') IS NOT NULL")) {
      there.next();
      if (!there.getBoolean(1)) {
        throw new FinalError("there is no ledger in this database");
      }
    }
  }

  private static void closeBatches(Connection connection, JobContext context) throws Exception {
    String device = "";
    String batch = "";
    try (PreparedStatement close = connection.prepareStatement(CLOSE)) {
      while (true) {
        context.checkpoint();
        close.setString(1, device);
        close.setString(2, batch);
        try (ResultSet last = close.executeQuery()) {
          if (!last.next()) {
            return;
          }
          device = last.getString(1);
          batch = last.getString(2);
        }
      }
    }
  }

  private static long ledger(Connection connection, Instant before, JobContext context)
      throws Exception {
    Map<String, Long> firstKept = new HashMap<>();
    long pages = pages(connection, "tidemark.ledger");
    long from = Math.min(pages, context.saved().map(CleanupSyncLogs::page).orElse(0L));
    long removed = 0;
    for (long page = from; page < pages; page += PAGES) {
      context.checkpoint();
      removed += delete(connection, page, before, firstKept);
      context.save(Long.toString(page + PAGES));
      context.progress(
          (int) Math.min(100, 100 * (page + PAGES) / pages),
          "%,d operations are gone".formatted(removed));
    }
    return removed;
  }

  private static long page(String saved) {
    return saved.matches("[0-9]{1,12}") ? Long.parseLong(saved) : 0;
  }

  private static int delete(
      Connection connection, long page, Instant before, Map<String, Long> firstKept)
      throws SQLException {
    if (firstKept.size() > MOST_DEVICES) {
      firstKept.clear();
    }
    List<String> devices = new ArrayList<>();
    List<Long> firsts = new ArrayList<>();
    for (String device : devices(connection, page, before)) {
      Long first = firstKept.get(device);
      if (first == null) {
        first = firstKept(connection, device, before);
        firstKept.put(device, first);
      }
      devices.add(device);
      firsts.add(first);
    }
    try (PreparedStatement delete = connection.prepareStatement(DELETE)) {
      bounds(delete, page, before);
      delete.setArray(4, connection.createArrayOf("text", devices.toArray()));
      delete.setArray(5, connection.createArrayOf("bigint", firsts.toArray()));
      return delete.executeUpdate();
    }
  }

  private static List<String> devices(Connection connection, long page, Instant before)
      throws SQLException {
    try (PreparedStatement query = connection.prepareStatement(DEVICES)) {
      bounds(query, page, before);
      List<String> devices = new ArrayList<>();
      try (ResultSet row = query.executeQuery()) {
        while (row.next()) {
          devices.add(row.getString(1));
        }
      }
      return devices;
    }
  }

  private static long firstKept(Connection connection, String device, Instant before)
      throws SQLException {
    try (PreparedStatement query = connection.prepareStatement(FIRST_KEPT)) {
      query.setString(1, device);
      query.setObject(2, before.atOffset(ZoneOffset.UTC));
      try (ResultSet row = query.executeQuery()) {
        row.next();
        long first = row.getLong(1);
        return row.wasNull() ? Long.MAX_VALUE : first;
      }
    }
  }

  /** Walks through a table, so many of its pages on disk at a time. */
  private static long walk(
      Connection connection, String table, String sql, Instant before, JobContext context)
      throws Exception {
    long pages = pages(connection, table);
    long removed = 0;
    try (PreparedStatement delete = connection.prepareStatement(sql)) {
      for (long page = 0; page < pages; page += PAGES) {
        context.checkpoint();
        bounds(delete, page, before);
        removed += delete.executeUpdate();
      }
    }
    return removed;
  }

  private static void bounds(PreparedStatement statement, long page, Instant before)
      throws SQLException {
    statement.setString(1, "(" + page + ",0)");
    statement.setString(2, "(" + (page + PAGES) + ",0)");
    statement.setObject(3, before.atOffset(ZoneOffset.UTC));
  }

  private static long pages(Connection connection, String table) throws SQLException {
    try (PreparedStatement query =
        connection.prepareStatement(
            "SELECT pg_relation_size(?::regclass) / current_setting('block_size')::bigint")) {
      query.setString(1, table);
      try (ResultSet row = query.executeQuery()) {
        row.next();
        return row.getLong(1);
      }
    }
  }
}
