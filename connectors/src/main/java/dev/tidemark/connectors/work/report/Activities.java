package dev.tidemark.connectors.work.report;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What was done in a municipality on the days of a period. */
final class Activities {
  /** So many have a line of their own; the sums are of all. */
  static final int MOST_LINES = 5_000;

  private static final String QUERY =
      """
      SELECT a.id, a.kind, a.title, a.status, a.planned_for, a.visits,
             a.finished_at AT TIME ZONE 'UTC', e.files, e.bytes
      FROM field.activities a
      LEFT JOIN LATERAL (
        SELECT count(*) AS files, coalesce(sum(bytes), 0)::bigint AS bytes FROM field.evidence
        WHERE activity_id = a.id AND deleted_at IS NULL) AS e ON true
      WHERE a.municipality_id = ? AND a.planned_for >= ?::date AND a.planned_for < ?::date
      ORDER BY a.planned_for, a.id
      """;

  /** An activity. */
  record Line(
      int id,
      String kind,
      String title,
      String status,
      LocalDate day,
      int visits,
      @Nullable String finished,
      long files,
      long bytes) {}

  private final List<Line> lines = new ArrayList<>();
  private final Integer[] byWeekday = new Integer[7];
  private final Map<String, Long> byKind = new TreeMap<>();
  private final Map<String, Long> totals = new TreeMap<>();

  private Activities() {
    Arrays.fill(byWeekday, 0);
    List.of("activities", "done", "cancelled", "visits", "files", "bytes")
        .forEach(name -> totals.put(name, 0L));
  }

  static Activities read(Connection connection, int municipality, LocalDate from, LocalDate before)
      throws SQLException {
    Activities activities = new Activities();
    connection.setAutoCommit(false);
    try (PreparedStatement query = connection.prepareStatement(QUERY)) {
      query.setFetchSize(500);
      query.setInt(1, municipality);
      query.setString(2, from.toString());
      query.setString(3, before.toString());
      try (ResultSet row = query.executeQuery()) {
        while (row.next()) {
          activities.add(
              new Line(
                  row.getInt(1),
                  row.getString(2),
                  row.getString(3),
                  row.getString(4),
                  row.getObject(5, LocalDate.class),
                  row.getInt(6),
                  row.getString(7),
                  row.getLong(8),
                  row.getLong(9)));
        }
      }
      connection.commit();
      return activities;
    } finally {
      connection.rollback();
      connection.setAutoCommit(true);
    }
  }

  private void add(Line line) {
    if (lines.size() < MOST_LINES) {
      lines.add(line);
    }
    byWeekday[line.day().getDayOfWeek().getValue() - 1]++;
    byKind.merge(line.kind(), 1L, Long::sum);
    totals.merge("activities", 1L, Long::sum);
    totals.merge("done", line.status().equals("DONE") ? 1L : 0L, Long::sum);
    totals.merge("cancelled", line.status().equals("CANCELLED") ? 1L : 0L, Long::sum);
    totals.merge("visits", (long) line.visits(), Long::sum);
    totals.merge("files", line.files(), Long::sum);
    totals.merge("bytes", line.bytes(), Long::sum);
  }

  List<Line> lines() {
    return lines;
  }

  Integer[] byWeekday() {
    return byWeekday.clone();
  }

  Map<String, Long> byKind() {
    return byKind;
  }

  Map<String, Long> totals() {
    return totals;
  }

  long total(String name) {
    return totals.getOrDefault(name, 0L);
  }
}
