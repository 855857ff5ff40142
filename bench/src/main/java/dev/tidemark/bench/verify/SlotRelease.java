package dev.tidemark.bench.verify;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** Waits until Postgres has noticed that capture's process is gone. */
final class SlotRelease {
  private static final long PATIENCE_NANOS = 30_000_000_000L;

  private SlotRelease() {}

  static void await(Connection connection) throws SQLException, InterruptedException {
    long deadline = System.nanoTime() + PATIENCE_NANOS;
    while (active(connection)) {
      if (System.nanoTime() > deadline) {
        throw new SQLException("slot " + World.SLOT + " is still read");
      }
      Thread.sleep(20);
    }
  }

  private static boolean active(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT active FROM pg_replication_slots WHERE slot_name = '" + World.SLOT + "'")) {
      return row.next() && row.getBoolean(1);
    }
  }
}
