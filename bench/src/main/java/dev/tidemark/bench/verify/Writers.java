package dev.tidemark.bench.verify;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Writes all the time, on several connections: ordinary transactions, some that stay open for
 * seconds while others overtake them, and now and then one of tens of thousands of rows. A
 * connection that breaks is made anew; whether its last transaction committed, history knows.
 */
final class Writers {
  private static final int ORDINARY = 3;
  private static final int LONG = 3;
  private static final long REST_MILLIS = 100;

  private final Connections connections;
  private final long seed;
  private final List<Thread> threads = new ArrayList<>();
  private final AtomicLong deeds = new AtomicLong();
  private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
  private volatile boolean closed;
  private volatile boolean hugeWanted;
  private volatile boolean truncating;
  private volatile boolean behind;

  /** Where connections come from. */
  interface Connections {
    Connection open() throws SQLException;
  }

  Writers(Connections connections, long seed) {
    this.connections = connections;
    this.seed = seed;
  }

  void start() {
    for (int i = 0; i < ORDINARY; i++) {
      run("writer-" + i, i, this::ordinary);
    }
    for (int i = 0; i < LONG; i++) {
      run("long-writer-" + i, 100 + i, this::longOpen);
    }
    run("huge-writer", 200, this::huge);
  }

  /** Has one transaction of tens of thousands of rows written soon. */
  void wantHuge() {
    hugeWanted = true;
  }

  /**
   * From now on tables are truncated as well. Not while a snapshot is read: Postgres shows a
   * snapshot that is older than a truncate an empty table.
   */
  void truncateToo() {
    truncating = true;
  }

  /** Whether capture is so far behind that a slower pace is fair. */
  void behind(boolean far) {
    behind = far;
  }

  long deeds() {
    return deeds.get();
  }

  /** What a writer could not explain. */
  Optional<Exception> failure() {
    return Optional.ofNullable(failure.get());
  }

  private interface Work {
    void on(Session session) throws SQLException, InterruptedException;
  }

  private void run(String name, int number, Work work) {
    threads.add(
        Thread.ofPlatform()
            .daemon()
            .name(name)
            .start(() -> write(new Random(seed * 1_000 + number), work)));
  }

  private void write(Random random, Work work) {
    while (!closed) {
      try (Connection connection = connections.open()) {
        try (Statement statement = connection.createStatement()) {
          statement.execute("SET lock_timeout = '300ms'");
        }
        Session session = new Session(connection, random);
        while (!closed) {
          try {
            work.on(session);
            deeds.incrementAndGet();
          } catch (SQLException e) {
            if (!expected(e)) {
              throw e;
            }
            session.rollback();
          }
        }
      } catch (SQLException e) {
        if (!broken(e)) {
          failure.compareAndSet(null, e);
          return;
        }
        if (!rest()) {
          return;
        }
      } catch (InterruptedException e) {
        return;
      } catch (RuntimeException e) {
        failure.compareAndSet(null, e);
        return;
      }
    }
  }

  private static boolean rest() {
    try {
      Thread.sleep(REST_MILLIS);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Writers get in each other's way: a lock, a deadlock, a key that is taken, a parent gone. */
  private static boolean expected(SQLException e) {
    String state = String.valueOf(e.getSQLState());
    return state.equals("55P03") || state.startsWith("40") || state.startsWith("23");
  }

  /** The database went away, or is not back yet. */
  private static boolean broken(SQLException e) {
    String state = String.valueOf(e.getSQLState());
    return state.startsWith("08") || state.startsWith("57");
  }

  private void ordinary(Session session) throws SQLException, InterruptedException {
    if (truncating) {
      Deeds.any(session);
    } else {
      Deeds.anyThatSnapshotsBear(session);
    }
    Thread.sleep(session.dice(behind ? 400 : 30));
  }

  private void longOpen(Session session) throws SQLException, InterruptedException {
    session.begin();
    for (int i = 2 + session.dice(12); i > 0 && !closed; i--) {
      int id = 500_000 + session.dice(100);
      session.update(
          "INSERT INTO item VALUES (?, 'long', 1, true, clock_timestamp()) ON CONFLICT (id)"
              + " DO UPDATE SET amount = item.amount + 1, changed_at = excluded.changed_at",
          id);
      if (session.chance(20)) {
        Deeds.single(session);
      }
      Thread.sleep(session.dice(400));
    }
    if (session.chance(20)) {
      session.rollback();
    } else {
      session.commit();
    }
  }

  private void huge(Session session) throws SQLException, InterruptedException {
    if (hugeWanted) {
      hugeWanted = false;
      Deeds.huge(session);
    }
    Thread.sleep(20);
  }

  /** Lets every writer finish what it is at. */
  void finish() throws InterruptedException {
    closed = true;
    for (Thread thread : threads) {
      thread.join(30_000);
      if (thread.isAlive()) {
        failure.compareAndSet(null, new SQLException(thread.getName() + " does not end"));
      }
    }
  }
}
