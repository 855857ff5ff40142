package dev.tidemark.connectors.work.upkeep;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.connectors.jobs.JobContext;
import dev.tidemark.connectors.jobs.JobHandler;
import dev.tidemark.connectors.work.given.Given;
import dev.tidemark.connectors.work.postgres.WorkDatabase;
import dev.tidemark.connectors.work.storage.Storage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;

/**
 * {@code archive_reports}: documents of old reports move from the database to {@code
 * reports/(id).html} in the storage. Input: {@code {"older_than": "90d"}}.
 */
final class ArchiveReports implements JobHandler<ObjectNode, ArchiveReports.Archived> {
  private static final Duration OLD = Duration.ofDays(90);

  /** How many reports were archived. */
  record Archived(int reports) {}

  private final WorkDatabase database;
  private final Storage storage;
  private final InstantSource clock;

  ArchiveReports(WorkDatabase database, Storage storage, InstantSource clock) {
    this.database = database;
    this.storage = storage;
    this.clock = clock;
  }

  @Override
  public String type() {
    return "archive_reports";
  }

  @Override
  public Class<ObjectNode> input() {
    return ObjectNode.class;
  }

  @Override
  public Archived run(ObjectNode input, JobContext context) throws Exception {
    Duration old = new Given(input).duration("older_than", OLD, Duration.ofDays(1));
    Instant before = clock.instant().minus(old);
    int archived = 0;
    try (Connection connection = database.open(type())) {
      while (archiveOne(connection, before)) {
        archived++;
        context.progress(0, "%,d reports are archived".formatted(archived));
        context.checkpoint();
      }
    }
    return new Archived(archived);
  }

  private boolean archiveOne(Connection connection, Instant before)
      throws SQLException, IOException {
    connection.setAutoCommit(false);
    try (PreparedStatement query =
            connection.prepareStatement(
                "SELECT id, document FROM field.reports WHERE state = 'READY' AND ready_at < ?"
                    + " ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED");
        PreparedStatement archive =
            connection.prepareStatement(
                "UPDATE field.reports SET state = 'ARCHIVED', document = NULL WHERE id = ?")) {
      query.setObject(1, before.atOffset(ZoneOffset.UTC));
      boolean found = false;
      try (ResultSet row = query.executeQuery()) {
        if (row.next()) {
          found = true;
          long id = row.getLong(1);
          byte[] document = row.getBytes(2);
          if (document != null) {
            storage.put("reports/" + id + ".html", "text/html", new ByteArrayInputStream(document));
          }
          archive.setLong(1, id);
          archive.executeUpdate();
        }
      }
      connection.commit();
      return found;
    } catch (SQLException | IOException e) {
      connection.rollback();
      throw e;
    } finally {
      connection.setAutoCommit(true);
    }
  }
}
