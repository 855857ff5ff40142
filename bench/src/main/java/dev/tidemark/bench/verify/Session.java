package dev.tidemark.bench.verify;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.Optional;
import java.util.Random;
import org.postgresql.PGConnection;

/** A writer's connection and its dice. Not thread-safe. */
public final class Session {
  private final Connection connection;
  private final Random random;

  public Session(Connection connection, Random random) {
    this.connection = connection;
    this.random = random;
  }

  public int dice(int sides) {
    return random.nextInt(sides);
  }

  public boolean chance(int percent) {
    return random.nextInt(100) < percent;
  }

  /** Text of this length that does not compress. */
  public String noise(int length) {
    StringBuilder text = new StringBuilder(length);
    for (int i = 0; i < length; i++) {
      text.append((char) ('!' + random.nextInt(94)));
    }
    return text.toString();
  }

  public int update(String sql, Object... parameters) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < parameters.length; i++) {
        statement.setObject(i + 1, parameters[i]);
      }
      return statement.executeUpdate();
    }
  }

  /** The number that a query finds, if it finds one. */
  public Optional<Long> number(String sql, Object... parameters) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < parameters.length; i++) {
        statement.setObject(i + 1, parameters[i]);
      }
      try (ResultSet rows = statement.executeQuery()) {
        return rows.next() ? Optional.of(rows.getLong(1)) : Optional.empty();
      }
    }
  }

  /** What is done with each row that a query finds. */
  public interface Rows {
    void take(ResultSet row) throws SQLException;
  }

  public void rows(String sql, Rows rows) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet found = statement.executeQuery(sql)) {
      while (found.next()) {
        rows.take(found);
      }
    }
  }

  public void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  public void copy(String into, String rows) throws SQLException {
    try {
      connection
          .unwrap(PGConnection.class)
          .getCopyAPI()
          .copyIn("COPY " + into + " FROM STDIN", new StringReader(rows));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public void begin() throws SQLException {
    connection.setAutoCommit(false);
  }

  public void commit() throws SQLException {
    connection.commit();
    connection.setAutoCommit(true);
  }

  /** Undoes what is open; after a statement that stood alone nothing is. */
  public void rollback() throws SQLException {
    if (!connection.getAutoCommit()) {
      connection.rollback();
      connection.setAutoCommit(true);
    }
  }

  public Savepoint savepoint() throws SQLException {
    return connection.setSavepoint();
  }

  public void release(Savepoint savepoint) throws SQLException {
    connection.releaseSavepoint(savepoint);
  }

  public void rollbackTo(Savepoint savepoint) throws SQLException {
    connection.rollback(savepoint);
  }
}
