package dev.tidemark.bench.capture;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Writes rows of about 200 bytes. Single ones count up from 1; those of drain number n from n times
 * {@link #PASS_STRIDE}, so that a row tells by its id what it belongs to.
 */
final class Workload implements AutoCloseable {
  static final int PASS_STRIDE = 10_000_000;
  private static final int TRANSACTION = 1_000;
  private static final String COLUMNS =
      "id bigint PRIMARY KEY, code text NOT NULL, quantity int NOT NULL, price numeric(12,2) NOT"
          + " NULL, changed_at timestamptz NOT NULL, note text NOT NULL";
  private static final String ROW =
      "i, 'code-' || i, (i % 1000)::int, (i % 100000) / 7.0, clock_timestamp(),"
          + " md5(i::text) || md5((i + 1)::text) || md5((i + 2)::text) || md5((i + 3)::text)";

  private final Connection connection;
  private final String table;

  Workload(Connection connection, String table) throws SQLException {
    this.connection = connection;
    this.table = table;
    try (Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE " + table + " (" + COLUMNS + ")");
    }
  }

  /**
   * Commits one row after the other at a steady rate, beginning with an id.
   *
   * @return when each commit had returned
   */
  long[] single(long firstId, int count, int rate) throws SQLException {
    long[] committed = new long[count];
    long period = TimeUnit.SECONDS.toNanos(1) / rate;
    try (PreparedStatement insert =
        connection.prepareStatement(
            "INSERT INTO " + table + " SELECT " + ROW + " FROM (SELECT ?::bigint) AS r (i)")) {
      long begun = System.nanoTime();
      for (int n = 0; n < count; n++) {
        long due = begun + n * period;
        for (long rest = due - System.nanoTime(); rest > 0; rest = due - System.nanoTime()) {
          LockSupport.parkNanos(rest);
        }
        insert.setLong(1, firstId + n);
        insert.executeUpdate();
        committed[n] = System.nanoTime();
      }
    }
    return committed;
  }

  /** Writes the rows of a drain in transactions of 1,000. */
  void many(int pass, int rows) throws SQLException {
    for (int from = 1; from <= rows; from += TRANSACTION) {
      insert(pass, from, Math.min(rows, from + TRANSACTION - 1));
    }
  }

  /** Writes the rows of a drain in one transaction. */
  void oneTransaction(int pass, int rows) throws SQLException {
    insert(pass, 1, rows);
  }

  private void insert(int pass, int from, int to) throws SQLException {
    long base = (long) pass * PASS_STRIDE;
    try (PreparedStatement insert =
        connection.prepareStatement(
            "INSERT INTO " + table + " SELECT " + ROW + " FROM generate_series(?, ?) AS r (i)")) {
      insert.setLong(1, base + from);
      insert.setLong(2, base + to);
      insert.executeUpdate();
    }
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
