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
 * Threads that write to the database all the time, on a connection each. One that breaks is made
 * anew; whether its last transaction committed, the database's history knows.
 */
public final class WriterThreads {
  private static final long REST_MILLIS = 100;

  private final Connections connections;
  private final long seed;
  private final List<Thread> threads = new ArrayList<>();
  private final AtomicLong deeds = new AtomicLong();
  private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
  private volatile boolean closed;

  /** Where connections come from. */
  @FunctionalInterface
  public interface Connections {
    Connection open() throws SQLException;
  }

  /** What a thread does, again and again. */
  @FunctionalInterface
  public interface Work {
    void on(Session session) throws SQLException, InterruptedException;
  }

  public WriterThreads(Connections connections, long seed) {
    this.connections = connections;
    this.seed = seed;
  }

  /**
   * Starts one more.
   *
   * @param number tells its dice from those of others
   */
  public void run(String name, int number, Work work) {
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

  public boolean closed() {
    return closed;
  }

  /** How often some work was done. */
  public long deeds() {
    return deeds.get();
  }

  /** What a writer could not explain. */
  public Optional<Exception> failure() {
    return Optional.ofNullable(failure.get());
  }

  /** Lets every writer finish what it is at. */
  public void finish() throws InterruptedException {
    closed = true;
    for (Thread thread : threads) {
      thread.join(30_000);
      if (thread.isAlive()) {
        failure.compareAndSet(null, new SQLException(thread.getName() + " does not end"));
      }
    }
  }
}
