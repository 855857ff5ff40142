package dev.tidemark.connectors.work.upkeep;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.connectors.jobs.JobContext;
import dev.tidemark.connectors.jobs.JobHandler;
import dev.tidemark.connectors.work.given.Given;
import dev.tidemark.connectors.work.postgres.WorkDatabase;
import dev.tidemark.connectors.work.storage.Storage;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code cleanup_deleted_files}: evidence that was deleted long ago goes for good; first the file,
 * {@code evidence/(id)} in the storage, then its row. Input: {@code {"older_than": "30d"}}.
 */
final class CleanupDeletedFiles implements JobHandler<ObjectNode, CleanupDeletedFiles.Removed> {
  private static final Duration OLD = Duration.ofDays(30);
  private static final int AT_ONCE = 50;

  /** How many files went. */
  record Removed(int files) {}

  private final WorkDatabase database;
  private final Storage storage;
  private final InstantSource clock;

  CleanupDeletedFiles(WorkDatabase database, Storage storage, InstantSource clock) {
    this.database = database;
    this.storage = storage;
    this.clock = clock;
  }

  @Override
  public String type() {
    return "cleanup_deleted_files";
  }

  @Override
  public Class<ObjectNode> input() {
    return ObjectNode.class;
  }

  @Override
  public Removed run(ObjectNode input, JobContext context) throws Exception {
    Duration old = new Given(input).duration("older_than", OLD, Duration.ofDays(1));
    Instant before = clock.instant().minus(old);
    int removed = 0;
    try (Connection connection = database.open(type())) {
      while (true) {
        context.checkpoint();
        int some = removeSome(connection, before);
        if (some == 0) {
          return new Removed(removed);
        }
        removed += some;
        context.progress(0, "%,d files are gone".formatted(removed));
      }
    }
  }

  /** The rows are locked meanwhile: nobody takes a deletion back whose file is gone already. */
  private int removeSome(Connection connection, Instant before) throws SQLException, IOException {
    connection.setAutoCommit(false);
    try {
      List<String> ids = lock(connection, before);
      for (String id : ids) {
        storage.delete("evidence/" + id);
      }
      try (PreparedStatement delete =
          connection.prepareStatement("DELETE FROM field.evidence WHERE id = ANY (?::uuid[])")) {
        delete.setArray(1, connection.createArrayOf("text", ids.toArray()));
        delete.executeUpdate();
      }
      connection.commit();
      return ids.size();
    } catch (SQLException | IOException e) {
      connection.rollback();
      throw e;
    } finally {
      connection.setAutoCommit(true);
    }
  }

  private static List<String> lock(Connection connection, Instant before) throws SQLException {
    try (PreparedStatement query =
        connection.prepareStatement(
            "SELECT id FROM field.evidence WHERE deleted_at < ? ORDER BY id LIMIT "
                + AT_ONCE
                + " FOR UPDATE SKIP LOCKED")) {
      query.setObject(1, before.atOffset(ZoneOffset.UTC));
      List<String> ids = new ArrayList<>();
      try (ResultSet row = query.executeQuery()) {
        while (row.next()) {
          ids.add(row.getString(1));
        }
      }
      return ids;
    }
  }
}
