package dev.tidemark.connectors.work.report;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.connectors.jobs.FinalError;
import dev.tidemark.connectors.jobs.JobContext;
import dev.tidemark.connectors.jobs.JobHandler;
import dev.tidemark.connectors.jobs.NewJob;
import dev.tidemark.connectors.work.given.Given;
import dev.tidemark.connectors.work.postgres.WorkDatabase;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;

/**
 * {@code evd01_report}: the report EVD01 on a municipality's activities and their evidence, as a
 * page in {@code field.reports}; devices are told by a job {@code notify_report_ready}. Input:
 * {@code {"municipality_id": 1, "from": "2026-01-01", "to": "2026-01-31"}}, both days included.
 */
final class Evidence implements JobHandler<ObjectNode, Evidence.Made> {
  private static final int MOST_DAYS = 366;

  /** What was made. */
  record Made(long report, long activities, int bytes) {}

  private final WorkDatabase database;

  Evidence(WorkDatabase database) {
    this.database = database;
  }

  @Override
  public String type() {
    return "evd01_report";
  }

  @Override
  public Class<ObjectNode> input() {
    return ObjectNode.class;
  }

  @Override
  public Made run(ObjectNode input, JobContext context) throws Exception {
    Given given = new Given(input);
    int municipality = given.integer("municipality_id");
    LocalDate from = given.day("from").orElseThrow(() -> new FinalError("from is missing"));
    LocalDate to = given.day("to").orElseThrow(() -> new FinalError("to is missing"));
    if (to.isBefore(from) || ChronoUnit.DAYS.between(from, to) >= MOST_DAYS) {
      throw new FinalError("from and to have to be at most " + MOST_DAYS + " days, in this order");
    }
    LocalDate before = to.plusDays(1);
    try (Connection connection = database.open(type())) {
      String place = place(connection, municipality);
      Activities activities = Activities.read(connection, municipality, from, before);
      context.checkpoint();
      context.progress(50, "%,d activities".formatted(activities.total("activities")));
      byte[] page = Pages.evidence(place, from, before, activities);
      long id =
          Reports.keep(
              connection,
              new Reports.Report(
                  municipality,
                  "EVD01",
                  from,
                  before,
                  activities.totals(),
                  activities.byWeekday(),
                  page));
      context.submit(
          "notify", NewJob.of("notify_report_ready", input.objectNode().put("report_id", id)));
      return new Made(id, activities.total("activities"), page.length);
    }
  }

  private static String place(Connection connection, int municipality)
      throws SQLException, FinalError {
    try (PreparedStatement query =
        connection.prepareStatement(
            "SELECT name || ' (' || code || ')' FROM field.municipalities WHERE id = ?")) {
      query.setInt(1, municipality);
      try (ResultSet row = query.executeQuery()) {
        if (!row.next()) {
          throw new FinalError("there is no municipality " + municipality);
        }
        return row.getString(1);
      }
    }
  }
}
