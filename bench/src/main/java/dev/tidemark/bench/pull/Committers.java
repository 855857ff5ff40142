package dev.tidemark.bench.pull;

import dev.tidemark.bench.system.SyncSystem;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongUnaryOperator;

/** Changes rows as psql would: each by a statement and a transaction of its own. */
final class Committers {
  /** So many connections: one alone would wait for the disk, and fall behind. */
  private static final int CONNECTIONS = 4;

  private final SyncSystem system;

  Committers(SyncSystem system) {
    this.system = system;
  }

  /**
   * Commits at a steady rate.
   *
   * @param id the row to change at each turn
   */
  void commit(Writes writes, int rate, Duration duration, LongUnaryOperator id) throws Exception {
    int count = Math.min(writes.most(), count(rate, duration));
    List<Future<Integer>> running = new ArrayList<>();
    long begun = System.nanoTime();
    try (ExecutorService threads = Executors.newFixedThreadPool(CONNECTIONS)) {
      for (int i = 0; i < CONNECTIONS; i++) {
        int first = i;
        running.add(
            threads.submit(
                () -> {
                  try (Connection connection = system.connect();
                      PreparedStatement statement = prepare(connection)) {
                    int turn = first;
                    for (; turn < count; turn += CONNECTIONS) {
                      await(begun + turn * TimeUnit.SECONDS.toNanos(1) / rate);
                      set(statement, writes, id.applyAsLong(turn));
                    }
                    return turn;
                  }
                }));
      }
    }
    for (Future<Integer> one : running) {
      one.get();
    }
  }

  /** How many that are. */
  static int count(int rate, Duration duration) {
    return Math.toIntExact(rate * duration.toSeconds());
  }

  /** Commits one; returns which of the writes it is. */
  static int one(Connection connection, Writes writes, long id) throws SQLException {
    try (PreparedStatement statement = prepare(connection)) {
      return writes.index(set(statement, writes, id));
    }
  }

  private static PreparedStatement prepare(Connection connection) throws SQLException {
    return connection.prepareStatement(
        "update bench.items set mark = ?, changed_at = now() where id = ?");
  }

  private static long set(PreparedStatement statement, Writes writes, long id) throws SQLException {
    statement.setLong(2, id);
    long number = writes.begin();
    statement.setString(1, Marks.text(number));
    if (statement.executeUpdate() != 1) {
      throw new IllegalStateException("there is no row " + id);
    }
    writes.done(number);
    return number;
  }

  private static void await(long due) {
    for (long rest = due - System.nanoTime(); rest > 0; rest = due - System.nanoTime()) {
      LockSupport.parkNanos(rest);
    }
  }
}
