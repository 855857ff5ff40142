package dev.tidemark.connectors.work.report;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.connectors.jobs.JobContext;
import dev.tidemark.connectors.jobs.JobHandler;
import dev.tidemark.connectors.work.given.Given;
import dev.tidemark.connectors.work.postgres.WorkDatabase;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.DayOfWeek;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.TemporalAdjusters;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code weekly_report}: the last whole week, Monday to Sunday, of each municipality where
 * something was planned, as a page {@code WEEKLY} in {@code field.reports}. Input: {@code {"week":
 * "2026-01-26"}}, a day of another week.
 */
final class Weekly implements JobHandler<ObjectNode, Weekly.Made> {
  /** How many reports were made. */
  record Made(String from, int reports) {}

  private record Place(int id, String name) {}

  private final WorkDatabase database;
  private final InstantSource clock;

  Weekly(WorkDatabase database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

  @Override
  public String type() {
    return "weekly_report";
  }

  @Override
  public Class<ObjectNode> input() {
    return ObjectNode.class;
  }

  @Override
  public Made run(ObjectNode input, JobContext context) throws Exception {
    LocalDate day =
        new Given(input)
            .day("week")
            .orElseGet(() -> LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC).minusWeeks(1));
    LocalDate from = day.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
    LocalDate before = from.plusWeeks(1);
    try (Connection connection = database.open(type())) {
      List<Place> places = places(connection, from, before);
      int made = 0;
      for (Place place : places) {
        context.checkpoint();
        Activities activities = Activities.read(connection, place.id(), from, before);
        Reports.keep(
            connection,
            new Reports.Report(
                place.id(),
                "WEEKLY",
                from,
                before,
                activities.totals(),
                activities.byWeekday(),
                Pages.week(place.name(), from, before, activities)));
        context.progress(100 * ++made / places.size(), place.name());
      }
      return new Made(from.toString(), made);
    }
  }

  private static List<Place> places(Connection connection, LocalDate from, LocalDate before)
      throws SQLException {
    try (PreparedStatement query =
        connection.prepareStatement(
            "SELECT m.id, m.name FROM field.municipalities m WHERE EXISTS (SELECT FROM"
                + " field.activities a WHERE a.municipality_id = m.id AND a.planned_for >= ?::date"
                + " AND a.planned_for < ?::date) ORDER BY m.id")) {
      query.setString(1, from.toString());
      query.setString(2, before.toString());
      List<Place> places = new ArrayList<>();
      try (ResultSet row = query.executeQuery()) {
        while (row.next()) {
          places.add(new Place(row.getInt(1), row.getString(2)));
        }
      }
      return places;
    }
  }
}
