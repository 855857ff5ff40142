package dev.tidemark.connectors.capture;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;

/**
 * The right to capture from a slot: an advisory lock on a connection of its own. Postgres takes it
 * back when the connection ends, so a dead leader is followed at once.
 */
final class Leadership implements AutoCloseable {
  private static final int NAMESPACE = 0x71DE;

  private final Connection connection;

  private Leadership(Connection connection) {
    this.connection = connection;
  }

  /** The leadership, unless another process has it. */
  static Optional<Leadership> claim(CaptureSettings settings) throws SQLException {
    Connection connection = settings.postgres().connect("tidemark leader " + settings.slot());
    try (PreparedStatement lock =
        connection.prepareStatement("SELECT pg_try_advisory_lock(?, hashtext(?))")) {
      lock.setInt(1, NAMESPACE);
      lock.setString(2, settings.slot());
      try (ResultSet row = lock.executeQuery()) {
        row.next();
        if (row.getBoolean(1)) {
          return Optional.of(new Leadership(connection));
        }
      }
      connection.close();
      return Optional.empty();
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  /** Whether the connection that holds the lock still answers. */
  boolean held() {
    try {
      return connection.isValid(2);
    } catch (SQLException e) {
      return false;
    }
  }

  /** The connection that holds the lock, for work that only a leader may do. */
  Connection connection() {
    return connection;
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
