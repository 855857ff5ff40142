package dev.tidemark.bench.verify.jobs.worker;

import dev.tidemark.servers.PostgresUrl;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Where attempts write down that they begin and end. The database may be away for a while: it is
 * tried again, and written twice it is the same. Thread-safe.
 */
final class Notebook {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final long REST_MILLIS = 50;

  private final PostgresUrl url;
  private final String worker;
  private final Deque<Connection> idle = new ArrayDeque<>();

  Notebook(PostgresUrl url, String worker) {
    this.url = url;
    this.worker = worker;
  }

  void begins(String run, String job, int attempt) throws SQLException, InterruptedException {
    write(
        connection -> {
          try (PreparedStatement insert =
              connection.prepareStatement(
                  "insert into verify.effects (run, job, attempt, worker) values (?, ?, ?, ?)"
                      + " on conflict do nothing")) {
            insert.setString(1, run);
            insert.setString(2, job);
            insert.setInt(3, attempt);
            insert.setString(4, worker);
            insert.executeUpdate();
          }
        });
  }

  /** The effect and the note of it are one transaction. */
  void ends(String run, String job, int attempt) throws SQLException, InterruptedException {
    write(
        connection -> {
          try (PreparedStatement effect =
                  connection.prepareStatement(
                      "insert into verify.done (job, attempt, worker) values (?, ?, ?)"
                          + " on conflict do nothing");
              PreparedStatement note =
                  connection.prepareStatement(
                      "update verify.effects set ended_at = clock_timestamp() where run = ?")) {
            effect.setString(1, job);
            effect.setInt(2, attempt);
            effect.setString(3, worker);
            effect.executeUpdate();
            note.setString(1, run);
            note.executeUpdate();
          }
        });
  }

  private interface Deed {
    void on(Connection connection) throws SQLException;
  }

  private void write(Deed deed) throws SQLException, InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      Connection connection = null;
      try {
        connection = take();
        connection.setAutoCommit(false);
        deed.on(connection);
        connection.commit();
        giveBack(connection);
        return;
      } catch (SQLException e) {
        drop(connection);
        if (System.nanoTime() > deadline) {
          throw e;
        }
        Thread.sleep(REST_MILLIS);
      }
    }
  }

  private Connection take() throws SQLException {
    synchronized (idle) {
      Connection connection = idle.poll();
      if (connection != null) {
        return connection;
      }
    }
    return DriverManager.getConnection(url.jdbc(), url.user(), url.password());
  }

  private void giveBack(Connection connection) {
    synchronized (idle) {
      idle.push(connection);
    }
  }

  private static void drop(@Nullable Connection connection) {
    if (connection != null) {
      try {
        connection.close();
      } catch (SQLException _) {
        // It is gone already.
      }
    }
  }
}
