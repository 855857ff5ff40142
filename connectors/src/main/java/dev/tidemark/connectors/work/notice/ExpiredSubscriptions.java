package dev.tidemark.connectors.work.notice;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.connectors.jobs.JobContext;
import dev.tidemark.connectors.jobs.JobHandler;
import dev.tidemark.connectors.work.given.Given;
import dev.tidemark.connectors.work.postgres.WorkDatabase;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * {@code expired_subscriptions}: whoever does not renew is told some days before the end, and goes
 * back to what else they pay for, or to the free plan, on the day after it. Days are those of the
 * user. Input: {@code {"warn_days": 7}}. A subscription that renews is left to whoever takes the
 * money.
 */
final class ExpiredSubscriptions implements JobHandler<ObjectNode, ExpiredSubscriptions.Result> {
  private static final int WARN_DAYS = 7;
  private static final int MOST_WARN_DAYS = 60;
  private static final int AT_ONCE = 200;

  private static final String ENDING =
      "SELECT s.id, s.ends_on, s.plan, "
          + Person.COLUMNS
          + """
            FROM appointments.subscriptions s JOIN booking.users c ON c.id = s.user_id
            WHERE NOT s.renews AND s.ends_on < ?::date AND s.id > ?
              AND (s.ends_on >= ?::date OR c.plan = s.plan)
            ORDER BY s.id LIMIT %d
            """
              .formatted(AT_ONCE);

  /** What is paid for on that day decides, whatever else has ended. */
  private static final String DOWNGRADE =
      """
      UPDATE booking.users u SET plan = now_paid.plan
      FROM (SELECT coalesce(max(s.plan), 'FREE') AS plan FROM appointments.subscriptions s
            WHERE s.user_id = ?::uuid AND s.starts_on <= ?::date
              AND (s.ends_on >= ?::date OR s.renews)) AS now_paid
      WHERE u.id = ?::uuid AND u.plan = ?::booking.plan AND u.plan <> now_paid.plan
      """;

  /** How many were warned, and how many have another plan now. */
  record Result(int warned, int ended) {}

  private final WorkDatabase database;
  private final Courier courier;
  private final InstantSource clock;

  ExpiredSubscriptions(WorkDatabase database, Courier courier, InstantSource clock) {
    this.database = database;
    this.courier = courier;
    this.clock = clock;
  }

  @Override
  public String type() {
    return "expired_subscriptions";
  }

  @Override
  public Class<ObjectNode> input() {
    return ObjectNode.class;
  }

  /** A subscription that ends or has ended. */
  private record Ending(long id, LocalDate endsOn, String plan, Person person) {}

  @Override
  public Result run(ObjectNode input, JobContext context) throws Exception {
    int warnDays = new Given(input).integer("warn_days", WARN_DAYS, 0, MOST_WARN_DAYS);
    int warned = 0;
    int ended = 0;
    try (Connection connection = database.open(type())) {
      Templates templates = Templates.of(connection, "subscription-ends");
      long last = Long.MIN_VALUE;
      while (true) {
        context.checkpoint();
        List<Ending> some = some(connection, last, warnDays);
        if (some.isEmpty()) {
          return new Result(warned, ended);
        }
        for (Ending ending : some) {
          LocalDate today = LocalDate.ofInstant(clock.instant(), ending.person().zone());
          if (today.isAfter(ending.endsOn())) {
            ended += downgrade(connection, ending, today);
          } else if (!today.plusDays(warnDays).isBefore(ending.endsOn())) {
            warned += warn(templates, ending);
          }
          last = ending.id();
        }
      }
    }
  }

  private List<Ending> some(Connection connection, long after, int warnDays) throws SQLException {
    LocalDate utc = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
    try (PreparedStatement query = connection.prepareStatement(ENDING)) {
      query.setString(1, utc.plusDays(warnDays + 2L).toString());
      query.setLong(2, after);
      query.setString(3, utc.minusDays(1).toString());
      List<Ending> some = new ArrayList<>();
      try (ResultSet row = query.executeQuery()) {
        while (row.next()) {
          some.add(
              new Ending(
                  row.getLong("id"),
                  row.getObject("ends_on", LocalDate.class),
                  row.getString("plan"),
                  Person.read(row)));
        }
      }
      return some;
    }
  }

  private static int downgrade(Connection connection, Ending ending, LocalDate today)
      throws SQLException {
    try (PreparedStatement update = connection.prepareStatement(DOWNGRADE)) {
      update.setString(1, ending.person().id());
      update.setString(2, today.toString());
      update.setString(3, today.toString());
      update.setString(4, ending.person().id());
      update.setString(5, ending.plan());
      return update.executeUpdate();
    }
  }

  private int warn(Templates templates, Ending ending) throws SQLException, IOException {
    List<Message> messages =
        templates.messages(
            "subscription-ends/" + ending.id() + "/" + ending.endsOn(),
            ending.person(),
            Map.of("name", ending.person().name(), "date", ending.endsOn().toString()),
            Map.of("kind", "subscription_ends", "subscription", Long.toString(ending.id())));
    courier.take(messages);
    return messages.isEmpty() ? 0 : 1;
  }
}
