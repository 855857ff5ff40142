package dev.tidemark.bench.verify;

import dev.tidemark.connectors.capture.CaptureSettings;
import dev.tidemark.contract.Provisioning;
import dev.tidemark.contract.TopicProvisioner;
import dev.tidemark.contract.Topics;
import dev.tidemark.servers.EmbeddedPostgres18;
import dev.tidemark.servers.ForkedKafka;
import dev.tidemark.servers.ServerConfig;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A database, a broker and the captures between them. One thread. */
final class World implements AutoCloseable {
  static final int PARTITIONS = 3;
  static final String SLOT = CaptureSettings.DEFAULT_SLOT;

  private final Path directory;
  private final EmbeddedPostgres18 postgres = new EmbeddedPostgres18(ServerConfig.temporary());
  private final ForkedKafka kafka = new ForkedKafka(ServerConfig.temporary());
  private final List<RunningCapture> captures = new ArrayList<>();
  private int started;

  private World(Path directory) {
    this.directory = directory;
  }

  /** Starts the servers and makes tables, history's slot and topics; no capture yet. */
  static World start(Path directory) throws SQLException {
    World world = new World(directory);
    try {
      world.postgres.start();
      world.kafka.start();
      try (Connection connection = world.connect();
          Statement statement = connection.createStatement()) {
        for (VerifiedTable table : VerifiedTable.ALL) {
          statement.execute(table.createStatement());
          // Capture would do it as well, but history needs the old rows from the first change on.
          statement.execute("ALTER TABLE " + table.name() + " REPLICA IDENTITY FULL");
        }
        History.begin(connection);
      }
      Provisioning topics =
          TopicProvisioner.provision(
              world.kafka(), Topics.of(VerifiedTable.catalog()), PARTITIONS, 1);
      if (topics instanceof Provisioning.Unfit(List<String> complaints)) {
        throw new IllegalStateException(String.join("; ", complaints));
      }
      return world;
    } catch (SQLException | RuntimeException e) {
      world.close();
      throw e;
    }
  }

  Connection connect() throws SQLException {
    return postgres.connect();
  }

  EmbeddedPostgres18 postgres() {
    return postgres;
  }

  ForkedKafka broker() {
    return kafka;
  }

  String kafka() {
    return kafka.bootstrapServers();
  }

  /**
   * Starts one more capture.
   *
   * @param batch how many changes it may put into one Kafka transaction: small ones end in the
   *     middle of a statement
   */
  RunningCapture startCapture(int batch) {
    started++;
    RunningCapture capture =
        RunningCapture.start(
            directory,
            "capture-" + started,
            Map.of(
                "TIDEMARK_POSTGRES_URL", postgres.url().libpq(),
                "TIDEMARK_KAFKA", kafka(),
                "TIDEMARK_CAPTURE_HEARTBEAT", "200ms",
                "TIDEMARK_CAPTURE_BATCH", Integer.toString(batch)),
            List.of());
    captures.add(capture);
    return capture;
  }

  /** The capture that was started first of those that are meant to run. */
  RunningCapture capture() {
    return captures.getFirst();
  }

  void kill(RunningCapture capture) {
    capture.kill();
    captures.remove(capture);
  }

  void stop(RunningCapture capture) {
    capture.stop();
    captures.remove(capture);
  }

  @Override
  public void close() {
    captures.forEach(RunningCapture::kill);
    kafka.close();
    postgres.close();
  }
}
