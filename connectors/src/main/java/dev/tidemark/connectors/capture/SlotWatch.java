package dev.tidemark.connectors.capture;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends a heartbeat through the write-ahead log and looks at the slot, once per beat, while capture
 * streams. The heartbeat moves the slot of an idle database and shows that the stream lives; a slot
 * or publication that is gone is noticed here before anything is missed silently.
 */
final class SlotWatch implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(SlotWatch.class);

  private final CaptureSettings settings;
  private final CaptureStatus status;
  private final CaptureMetrics metrics;
  private final InstantSource clock;
  private final SourceDatabase database;

  SlotWatch(
      CaptureSettings settings, CaptureStatus status, CaptureMetrics metrics, InstantSource clock) {
    this.settings = settings;
    this.status = status;
    this.metrics = metrics;
    this.clock = clock;
    this.database = new SourceDatabase(settings);
  }

  @Override
  public void run() {
    Connection connection = null;
    boolean failed = false;
    try {
      while (!Thread.currentThread().isInterrupted()) {
        Thread.sleep(settings.heartbeat());
        if (!status.isStreaming()) {
          continue;
        }
        try {
          if (connection == null) {
            connection = settings.postgres().connect("tidemark watch " + settings.slot());
          }
          beat(connection);
          failed = false;
        } catch (SQLException e) {
          if (!failed) {
            LOG.warn("the slot cannot be watched at the moment: {}", e.getMessage());
          }
          failed = true;
          connection = closed(connection);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      closed(connection);
    }
  }

  private void beat(Connection connection) throws SQLException {
    try (PreparedStatement emit =
        connection.prepareStatement("SELECT pg_logical_emit_message(false, ?, ?)")) {
      emit.setString(1, SourceDatabase.HEARTBEAT);
      emit.setString(2, Long.toString(clock.millis()));
      emit.executeQuery().close();
    }
    try (PreparedStatement query =
        connection.prepareStatement(
            "SELECT coalesce(pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn), 0)::bigint,"
                + " coalesce(wal_status, 'lost') FROM pg_replication_slots WHERE slot_name = ?")) {
      query.setString(1, settings.slot());
      try (ResultSet row = query.executeQuery()) {
        if (!row.next()) {
          metrics.slot(0, 3);
          status.raise("replication slot " + settings.slot() + " is gone");
          return;
        }
        int risk =
            switch (row.getString(2)) {
              case "reserved" -> 0;
              case "extended" -> 1;
              case "unreserved" -> 2;
              default -> 3;
            };
        metrics.slot(row.getLong(1), risk);
        if (risk == 3) {
          status.raise("replication slot " + settings.slot() + " was invalidated");
        }
      }
    }
    if (database.publication(connection).isEmpty()) {
      status.raise("publication " + settings.publication() + " is gone");
    }
  }

  private static @Nullable Connection closed(@Nullable Connection connection) {
    if (connection != null) {
      try {
        connection.close();
      } catch (SQLException e) {
        LOG.debug("a broken connection did not close", e);
      }
    }
    return null;
  }
}
