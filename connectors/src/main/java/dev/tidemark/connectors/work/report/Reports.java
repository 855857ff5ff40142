package dev.tidemark.connectors.work.report;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.Map;

/** Keeps reports in {@code field.reports}: of one code and period a municipality has one. */
final class Reports {
  private static final String UPSERT =
      """
      INSERT INTO field.reports AS r
        (municipality_id, code, period, state, totals, by_weekday, document, ready_at)
      VALUES (?, ?, daterange(?::date, ?::date), 'READY', ?::jsonb, ?, ?, now())
      ON CONFLICT (municipality_id, code, period) DO UPDATE SET
        state = excluded.state, totals = excluded.totals, by_weekday = excluded.by_weekday,
        document = excluded.document, ready_at = excluded.ready_at
      RETURNING id
      """;

  /**
   * A report.
   *
   * @param from the first day
   * @param before the day after the last
   * @param byWeekday how many, Monday first
   */
  record Report(
      int municipality,
      String code,
      LocalDate from,
      LocalDate before,
      Map<String, Long> totals,
      Integer[] byWeekday,
      byte[] document) {}

  private Reports() {}

  /** Keeps it, in the place of the one that there may be, and returns its id. */
  static long keep(Connection connection, Report report) throws SQLException {
    ObjectNode totals = JsonNodeFactory.instance.objectNode();
    report.totals().forEach(totals::put);
    try (PreparedStatement upsert = connection.prepareStatement(UPSERT)) {
      upsert.setInt(1, report.municipality());
      upsert.setString(2, report.code());
      upsert.setString(3, report.from().toString());
      upsert.setString(4, report.before().toString());
      upsert.setString(5, totals.toString());
      upsert.setArray(6, connection.createArrayOf("integer", report.byWeekday()));
      upsert.setBytes(7, report.document());
      try (ResultSet row = upsert.executeQuery()) {
        row.next();
        return row.getLong(1);
      }
    }
  }
}
