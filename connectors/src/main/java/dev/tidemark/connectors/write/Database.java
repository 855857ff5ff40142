package dev.tidemark.connectors.write;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one connection, made when it is needed, and its prepared statements. Not thread-safe. */
final class Database implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Database.class);
  private static final int STATEMENTS = 256;
  private static final Duration PATIENCE = Duration.ofSeconds(25);

  /** A plan is made for the table as it was; one that grows from nothing needs another soon. */
  private static final Duration PLAN_LIFE = Duration.ofSeconds(10);

  /** A statement that the server has planned, and when it was prepared. */
  private record Prepared(PreparedStatement statement, long at) {}

  private final WriterSettings settings;
  private final Map<String, Prepared> statements = new LinkedHashMap<>(64, 0.75f, true);
  private @Nullable Connection connection;

  Database(WriterSettings settings) {
    this.settings = settings;
  }

  private Connection connection() throws SQLException {
    Connection open = connection;
    if (open != null) {
      return open;
    }
    Connection made = settings.postgres().connect("tidemark writer");
    try (Statement statement = made.createStatement()) {
      made.setNetworkTimeout(Runnable::run, Math.toIntExact(PATIENCE.toMillis()));
      // What is printed and what is compared must not depend on the role's own settings.
      statement.execute(
          "SET TimeZone = 'UTC'; SET DateStyle = 'ISO, YMD'; SET IntervalStyle = 'postgres';"
              + " SET bytea_output = 'hex'; SET extra_float_digits = 1; SET jit = off;"
              + " SET statement_timeout = '15s';"
              + " SET idle_in_transaction_session_timeout = '30s';"
              + " SET lock_timeout = "
              + settings.lockTimeout().toMillis());
      made.setAutoCommit(false);
    } catch (SQLException e) {
      made.close();
      throw e;
    }
    connection = made;
    return made;
  }

  PreparedStatement prepare(String sql) throws SQLException {
    Prepared known = statements.get(sql);
    if (known != null) {
      if (System.nanoTime() - known.at() < PLAN_LIFE.toNanos()) {
        return known.statement();
      }
      statements.remove(sql);
      known.statement().close();
    }
    PreparedStatement statement = connection().prepareStatement(sql);
    if (statements.size() >= STATEMENTS) {
      Map.Entry<String, Prepared> eldest = statements.entrySet().iterator().next();
      statements.remove(eldest.getKey());
      eldest.getValue().statement().close();
    }
    statements.put(sql, new Prepared(statement, System.nanoTime()));
    return statement;
  }

  void execute(String sql) throws SQLException {
    try (Statement statement = connection().createStatement()) {
      statement.execute(sql);
    }
  }

  Savepoint savepoint() throws SQLException {
    return connection().setSavepoint();
  }

  void release(Savepoint savepoint) throws SQLException {
    connection().releaseSavepoint(savepoint);
  }

  void rollback(Savepoint savepoint) throws SQLException {
    connection().rollback(savepoint);
    connection().releaseSavepoint(savepoint);
  }

  void commit() throws SQLException {
    connection().commit();
  }

  /** Undoes what is open. A connection that cannot even do that is given up. */
  void rollback() {
    Connection open = connection;
    if (open == null) {
      return;
    }
    try {
      open.rollback();
    } catch (SQLException e) {
      LOG.debug("the connection cannot be rolled back", e);
      close();
    }
  }

  /** Gives the connection up; the next statement makes another. */
  @Override
  public void close() {
    statements.clear();
    Connection open = connection;
    connection = null;
    if (open == null) {
      return;
    }
    try {
      open.close();
    } catch (SQLException e) {
      LOG.debug("the connection cannot be closed", e);
    }
  }
}
