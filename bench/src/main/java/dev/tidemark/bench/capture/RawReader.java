package dev.tidemark.bench.capture;

import dev.tidemark.contract.postgres.PostgresUrl;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.replication.PGReplicationStream;

/** Reads the log and looks at nothing but the id: no reader over JDBC can be faster. */
final class RawReader implements Reader {
  private static final int CONFIRM_EVERY = 1_000;

  private final PostgresUrl postgres;
  private final String slot;
  private final ContenderReport report;
  private volatile boolean stopping;
  private @Nullable Thread thread;

  RawReader(PostgresUrl postgres, String slot, ContenderReport report) {
    this.postgres = postgres;
    this.slot = slot;
    this.report = report;
  }

  @Override
  public void start() throws SQLException {
    stopping = false;
    Connection connection = postgres.connectForReplication("bench raw");
    PGReplicationStream stream =
        connection
            .unwrap(PGConnection.class)
            .getReplicationAPI()
            .replicationStream()
            .logical()
            .withSlotName(slot)
            .withSlotOption("proto_version", 1)
            .withSlotOption("publication_names", slot)
            .withSlotOption("messages", true)
            .start();
    report.streaming();
    thread = Thread.ofPlatform().name("raw").start(() -> read(connection, stream));
  }

  private void read(Connection connection, PGReplicationStream stream) {
    try (connection;
        stream) {
      int unconfirmed = 0;
      while (!stopping) {
        ByteBuffer message = stream.read();
        if (message == null) {
          continue;
        }
        if (message.get() == 'I') {
          report.saw(id(message));
        }
        if (++unconfirmed >= CONFIRM_EVERY) {
          unconfirmed = 0;
          stream.setFlushedLSN(stream.getLastReceiveLSN());
        }
      }
      stream.setFlushedLSN(stream.getLastReceiveLSN());
      stream.forceUpdateStatus();
    } catch (SQLException e) {
      throw new IllegalStateException("the raw reader failed", e);
    }
  }

  /** An insert is: relation (4), 'N', columns (2), and for each of them 't', length (4), text. */
  private static long id(ByteBuffer insert) {
    int at = insert.position() + 4 + 1 + 2 + 1;
    int length = insert.getInt(at);
    long id = 0;
    for (int i = at + 4; i < at + 4 + length; i++) {
      id = id * 10 + insert.get(i) - '0';
    }
    return id;
  }

  @Override
  public void stop() throws SQLException, InterruptedException {
    stopping = true;
    // The reader blocks until something comes.
    try (Connection connection = postgres.connect("bench raw stop");
        Statement statement = connection.createStatement()) {
      statement.execute("SELECT pg_logical_emit_message(false, 'bench', 'stop')");
    }
    Objects.requireNonNull(thread, "never started").join();
  }
}
