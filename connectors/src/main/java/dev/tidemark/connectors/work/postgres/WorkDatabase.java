package dev.tidemark.connectors.work.postgres;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tidemark.contract.postgres.PostgresUrl;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** Where jobs get their connections. Thread-safe. */
public final class WorkDatabase {
  private static final int TABLES = 1;
  private static final long LOCK = 0x7469_6465_776f_726bL;
  private static final String SQL = read();

  /** What is done in a transaction. */
  @FunctionalInterface
  public interface Deed<T> {
    T apply() throws SQLException;
  }

  private final PostgresUrl url;
  private volatile boolean prepared;

  public WorkDatabase(PostgresUrl url) {
    this.url = url;
  }

  /** Where it is. */
  public PostgresUrl url() {
    return url;
  }

  /** The statements that make the tables of jobs, for an owner who lets nobody else run them. */
  public static String sql() {
    return SQL;
  }

  /**
   * A connection that commits each statement. It gives up what it holds when its job has stopped
   * without saying so: a process that sleeps wakes up without its locks.
   */
  public Connection open(String job) throws SQLException {
    Connection connection = url.connect("tidemark " + job);
    try (Statement statement = connection.createStatement()) {
      // What is printed and what is compared must not depend on the role's own settings.
      statement.execute(
          "SET TimeZone = 'UTC'; SET DateStyle = 'ISO, YMD'; SET IntervalStyle = 'postgres';"
              + " SET bytea_output = 'hex'; SET extra_float_digits = 1;"
              + " SET lock_timeout = '10s'; SET statement_timeout = '5min';"
              + " SET idle_in_transaction_session_timeout = '1min';"
              + " SET idle_session_timeout = '5min'");
      if (!prepared) {
        prepare(connection);
        prepared = true;
      }
      return connection;
    } catch (SQLException | RuntimeException e) {
      connection.close();
      throw e;
    }
  }

  /** Does something wholly or not at all. */
  public static <T> T inTransaction(Connection connection, Deed<T> deed) throws SQLException {
    connection.setAutoCommit(false);
    try {
      T result = deed.apply();
      connection.commit();
      return result;
    } catch (SQLException | RuntimeException e) {
      try {
        connection.rollback();
      } catch (SQLException also) {
        e.addSuppressed(also);
      }
      throw e;
    } finally {
      if (!connection.isClosed()) {
        connection.setAutoCommit(true);
      }
    }
  }

  private static void prepare(Connection connection) throws SQLException {
    if (complete(connection)) {
      return;
    }
    inTransaction(
        connection,
        () -> {
          try (Statement statement = connection.createStatement()) {
            statement.execute("SELECT pg_advisory_xact_lock(" + LOCK + ")");
            statement.execute(SQL);
          }
          return true;
        });
  }

  private static boolean complete(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet made =
            statement.executeQuery("SELECT to_regclass('tidemark.work_tables') IS NOT NULL")) {
      made.next();
      if (!made.getBoolean(1)) {
        return false;
      }
    }
    try (Statement statement = connection.createStatement();
        ResultSet version =
            statement.executeQuery("SELECT max(version) FROM tidemark.work_tables")) {
      version.next();
      return version.getInt(1) >= TABLES;
    }
  }

  private static String read() {
    try (InputStream stream = WorkDatabase.class.getResourceAsStream("tables.sql")) {
      if (stream == null) {
        throw new IllegalStateException("tables.sql is not on the class path");
      }
      return new String(stream.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
