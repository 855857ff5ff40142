package dev.tidemark.api.sync.ledger;

import dev.tidemark.api.sync.DeviceStatus;
import dev.tidemark.api.sync.DeviceStatus.Gap;
import dev.tidemark.api.sync.DeviceStatus.Seen;
import dev.tidemark.contract.sync.Result;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds out how a device stands. */
final class StatusQuery {
  private static final String RESULTS =
      "select result, count(*) as n from tidemark.ledger where device_id = ? group by result";

  private static final String SEEN = "select * from tidemark.device where device_id = ?";

  /** Batches that turn out to be complete are closed on the way, so that they are asked once. */
  private static final String PENDING =
      """
      with missing as (
        select b.batch_id, b.received_at, count(distinct o.id) filter (where l.id is null) as n
        from tidemark.batch b
        left join lateral unnest(b.operations) o(id) on true
        left join tidemark.ledger l on l.id = o.id
        where b.device_id = ? and b.open
        group by b.batch_id, b.received_at),
      closed as (
        update tidemark.batch b set open = false
        from missing m
        where b.device_id = ? and b.batch_id = m.batch_id and m.n = 0 and b.open)
      select coalesce(sum(n), 0)::bigint as n, min(received_at) filter (where n > 0) as oldest
      from missing
      """;

  private static final String GAPS =
      """
      select before + 1 as first, sequence - 1 as last
      from (
        select sequence, lag(sequence) over (order by sequence) as before
        from (
          select distinct sequence from tidemark.ledger
          where device_id = ? and sequence is not null
          order by sequence desc limit 1000) latest) pairs
      where sequence > before + 1
      order by first limit 10
      """;

  private static final String CONFLICTS =
      """
      select count(*) as n from tidemark.ledger l
      where l.device_id = ? and l.result = 'open'
        and not exists (
          select from tidemark.ledger r
          where r.resolves = l.id and r.result in ('applied', 'unchanged'))
      """;

  private StatusQuery() {}

  static DeviceStatus ask(Connection connection, String device) throws SQLException {
    Map<Result, Long> results = new EnumMap<>(Result.class);
    try (PreparedStatement statement = statement(connection, RESULTS, device, 1);
        ResultSet row = statement.executeQuery()) {
      while (row.next()) {
        results.put(
            LedgerRows.word(Result.class, LedgerRows.text(row, "result")), row.getLong("n"));
      }
    }
    long pending;
    Optional<Instant> oldest;
    try (PreparedStatement statement = statement(connection, PENDING, device, 2);
        ResultSet row = statement.executeQuery()) {
      row.next();
      pending = row.getLong("n");
      oldest =
          Optional.ofNullable(row.getObject("oldest", OffsetDateTime.class))
              .map(OffsetDateTime::toInstant);
    }
    return new DeviceStatus(
        results,
        seen(connection, device),
        pending,
        oldest,
        gaps(connection, device),
        conflicts(connection, device));
  }

  private static Optional<Seen> seen(Connection connection, String device) throws SQLException {
    try (PreparedStatement statement = statement(connection, SEEN, device, 1);
        ResultSet row = statement.executeQuery()) {
      return row.next()
          ? Optional.of(
              new Seen(
                  LedgerRows.moment(row, "first_seen"),
                  LedgerRows.moment(row, "last_seen"),
                  LedgerRows.text(row, "last_batch"),
                  Duration.ofMillis(row.getLong("ahead_ms")),
                  row.getLong("batches")))
          : Optional.empty();
    }
  }

  private static List<Gap> gaps(Connection connection, String device) throws SQLException {
    List<Gap> gaps = new ArrayList<>();
    try (PreparedStatement statement = statement(connection, GAPS, device, 1);
        ResultSet row = statement.executeQuery()) {
      while (row.next()) {
        gaps.add(new Gap(row.getLong("first"), row.getLong("last")));
      }
    }
    return gaps;
  }

  private static long conflicts(Connection connection, String device) throws SQLException {
    try (PreparedStatement statement = statement(connection, CONFLICTS, device, 1);
        ResultSet row = statement.executeQuery()) {
      row.next();
      return row.getLong("n");
    }
  }

  private static PreparedStatement statement(
      Connection connection, String sql, String device, int times) throws SQLException {
    PreparedStatement statement = connection.prepareStatement(sql);
    for (int i = 1; i <= times; i++) {
      statement.setString(i, device);
    }
    return statement;
  }
}
