package dev.tidemark.connectors.schema;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tidemark.contract.catalog.TableName;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** Makes Tidemark's own tables. Whoever comes first makes them; the others find them. */
public final class OwnTables {
  /** What became of every operation. */
  public static final TableName LEDGER = new TableName("tidemark", "ledger");

  private static final long LOCK = 0x7469_6465_6c65_6467L;
  private static final String SQL = read();

  private OwnTables() {}

  /** The statements, for an owner who lets nobody else run them. */
  public static String sql() {
    return SQL;
  }

  /** Makes what is missing, in one transaction. */
  public static void prepare(Connection connection) throws SQLException {
    if (complete(connection)) {
      return;
    }
    boolean autoCommit = connection.getAutoCommit();
    connection.setAutoCommit(false);
    try (Statement statement = connection.createStatement()) {
      statement.execute("SELECT pg_advisory_xact_lock(" + LOCK + ")");
      statement.execute(SQL);
      connection.commit();
    } finally {
      connection.rollback();
      connection.setAutoCommit(autoCommit);
    }
  }

  /** Nothing is asked of an owner who has run the statements already. */
  private static boolean complete(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT to_regclass('tidemark.ledger') IS NOT NULL"
                    + " AND to_regclass('tidemark.batch') IS NOT NULL"
                    + " AND to_regclass('tidemark.device') IS NOT NULL"
                    + " AND to_regclass('tidemark.ledger_entity') IS NOT NULL"
                    + " AND to_regclass('tidemark.batch_open') IS NOT NULL"
                    + " AND to_regclass('tidemark.interop_set') IS NOT NULL"
                    + " AND to_regclass('tidemark.interop_owed') IS NOT NULL")) {
      row.next();
      return row.getBoolean(1);
    }
  }

  private static String read() {
    try (InputStream stream = OwnTables.class.getResourceAsStream("tables.sql")) {
      if (stream == null) {
        throw new IllegalStateException("tables.sql is not on the class path");
      }
      return new String(stream.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
