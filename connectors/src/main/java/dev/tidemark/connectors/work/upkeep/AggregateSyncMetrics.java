package dev.tidemark.connectors.work.upkeep;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.connectors.jobs.FinalError;
import dev.tidemark.connectors.jobs.JobContext;
import dev.tidemark.connectors.jobs.JobHandler;
import dev.tidemark.connectors.work.given.Given;
import dev.tidemark.connectors.work.postgres.WorkDatabase;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;

/**
 * {@code aggregate_sync_metrics}: counts what became of operations, by quarter of an hour, type and
 * result, into {@code tidemark.sync_metric}. Input: {@code {"slots": 4}}, the last quarters to
 * count anew, the current one among them; so a job that was late or comes twice changes nothing.
 */
final class AggregateSyncMetrics
    implements JobHandler<ObjectNode, AggregateSyncMetrics.Aggregated> {
  private static final int SLOT_SECONDS = 15 * 60;
  private static final int SLOTS = 4;
  private static final int MOST_SLOTS = 7 * 24 * 4;

  private static final String INSUFFICIENT_PRIVILEGE = "42501";
  private static final String INDEX_IS_FIT =
      "EXISTS (SELECT FROM pg_index WHERE indexrelid = to_regclass('tidemark.ledger_written')"
          + " AND indisvalid)";

  private static final String UPSERT =
      """
      INSERT INTO tidemark.sync_metric
        (slot, entity_type, result, operations, devices, seconds_p50, seconds_max)
      SELECT date_bin('15 minutes', written_at, timestamptz '2000-01-01 00:00:00+00'),
             entity_type, result, count(*), count(DISTINCT device_id),
             percentile_cont(0.5) WITHIN GROUP (
               ORDER BY extract(epoch FROM written_at - received_at)::double precision),
             max(extract(epoch FROM written_at - received_at))
      FROM tidemark.ledger
      WHERE written_at >= ? AND written_at < ?
      GROUP BY 1, 2, 3
      ON CONFLICT (slot, entity_type, result) DO UPDATE SET
        operations = excluded.operations, devices = excluded.devices,
        seconds_p50 = excluded.seconds_p50, seconds_max = excluded.seconds_max
      """;

  /** How many rows were counted anew. */
  record Aggregated(int rows) {}

  private final WorkDatabase database;
  private final InstantSource clock;

  AggregateSyncMetrics(WorkDatabase database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

  @Override
  public String type() {
    return "aggregate_sync_metrics";
  }

  @Override
  public Class<ObjectNode> input() {
    return ObjectNode.class;
  }

  @Override
  public Aggregated run(ObjectNode input, JobContext context) throws Exception {
    int slots = new Given(input).integer("slots", SLOTS, 1, MOST_SLOTS);
    Instant now = clock.instant();
    long begun = Math.floorDiv(now.getEpochSecond(), SLOT_SECONDS);
    Instant from = Instant.ofEpochSecond((begun - slots + 1) * SLOT_SECONDS);
    try (Connection connection = database.open(type())) {
      index(connection, context);
      context.checkpoint();
      try (PreparedStatement upsert = connection.prepareStatement(UPSERT)) {
        upsert.setObject(1, from.atOffset(ZoneOffset.UTC));
        upsert.setObject(
            2, Instant.ofEpochSecond((begun + 1) * SLOT_SECONDS).atOffset(ZoneOffset.UTC));
        return new Aggregated(upsert.executeUpdate());
      }
    }
  }

  /**
   * The ledger is read by time here alone; an index by ranges of pages costs whoever writes next to
   * nothing.
   */
  private static void index(Connection connection, JobContext context)
      throws SQLException, FinalError {
    try (Statement statement = connection.createStatement()) {
      if (!isThere(statement, "to_regclass('tidemark.ledger') IS NOT NULL")) {
        throw new FinalError("there is no ledger in this database");
      }
      if (isThere(statement, INDEX_IS_FIT)) {
        return;
      }
      context.log("the ledger gets an index by time");
      // One that was broken off is there, and of no use.
      statement.execute("DROP INDEX CONCURRENTLY IF EXISTS tidemark.ledger_written");
      statement.execute(
          "CREATE INDEX CONCURRENTLY ledger_written ON tidemark.ledger"
              + " USING brin (written_at) WITH (pages_per_range = 32, autosummarize = on)");
    } catch (SQLException e) {
      if (!INSUFFICIENT_PRIVILEGE.equals(e.getSQLState())) {
        throw e;
      }
      context.log("without an index, for the ledger is somebody else's: it takes longer");
    }
  }

  private static boolean isThere(Statement statement, String question) throws SQLException {
    try (ResultSet answer = statement.executeQuery("SELECT " + question)) {
      answer.next();
      return answer.getBoolean(1);
    }
  }
}
