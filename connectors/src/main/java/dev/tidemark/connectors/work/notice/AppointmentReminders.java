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
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * {@code appointment_reminders}: reminds clients of what is confirmed and near, each appointment
 * once. Input: {@code {"ahead": "24h"}}.
 *
 * <p>The appointment is locked from its being looked at to its being marked; a message that was
 * given to the courier without the mark's surviving is known by its key when it comes again.
 */
final class AppointmentReminders implements JobHandler<ObjectNode, AppointmentReminders.Reminded> {
  private static final Duration AHEAD = Duration.ofHours(24);
  private static final int AT_ONCE = 100;
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm");

  private static final String DUE =
      "SELECT a.id, a.starts_at, s.name AS service, u.name AS provider, "
          + Person.COLUMNS
          + """
            FROM appointments.appointments a
            JOIN booking.services s ON s.id = a.service_id
            JOIN booking.users u ON u.id = a.user_id
            JOIN booking.users c ON c.id = a.client_id
            WHERE a.reminded_at IS NULL AND a.status = 'CONFIRMED'
              AND a.starts_at > ? AND a.starts_at <= ? AND (a.starts_at, a.id) > (?, ?::uuid)
            ORDER BY a.starts_at, a.id LIMIT %d
            FOR UPDATE OF a SKIP LOCKED
            """
              .formatted(AT_ONCE);

  /**
   * What came of it.
   *
   * @param reminded how many appointments
   * @param messages how many messages
   * @param without how many have no text or address to remind with
   */
  record Reminded(int reminded, int messages, int without) {
    Reminded plus(Reminded other) {
      return new Reminded(
          reminded + other.reminded, messages + other.messages, without + other.without);
    }
  }

  private record Place(OffsetDateTime startsAt, String id) {}

  private final WorkDatabase database;
  private final Courier courier;
  private final InstantSource clock;

  AppointmentReminders(WorkDatabase database, Courier courier, InstantSource clock) {
    this.database = database;
    this.courier = courier;
    this.clock = clock;
  }

  @Override
  public String type() {
    return "appointment_reminders";
  }

  @Override
  public Class<ObjectNode> input() {
    return ObjectNode.class;
  }

  @Override
  public Reminded run(ObjectNode input, JobContext context) throws Exception {
    Duration ahead = new Given(input).duration("ahead", AHEAD, Duration.ofMinutes(1));
    Instant now = clock.instant();
    Reminded all = new Reminded(0, 0, 0);
    try (Connection connection = database.open(type())) {
      Templates templates = Templates.of(connection, "reminder");
      Place place = new Place(now.atOffset(ZoneOffset.UTC), "00000000-0000-0000-0000-000000000000");
      while (true) {
        context.checkpoint();
        List<Place> seen = new ArrayList<>();
        all = all.plus(remindSome(connection, templates, now, ahead, place, seen));
        if (seen.isEmpty()) {
          break;
        }
        place = seen.getLast();
        context.progress(0, "%,d appointments".formatted(all.reminded()));
      }
    }
    if (all.without() > 0) {
      context.log("%,d appointments have no text to remind with".formatted(all.without()));
    }
    return all;
  }

  private Reminded remindSome(
      Connection connection,
      Templates templates,
      Instant now,
      Duration ahead,
      Place after,
      List<Place> seen)
      throws SQLException, IOException {
    connection.setAutoCommit(false);
    try {
      List<Message> messages = new ArrayList<>();
      List<String> reminded = new ArrayList<>();
      try (PreparedStatement query = connection.prepareStatement(DUE)) {
        query.setObject(1, now.atOffset(ZoneOffset.UTC));
        query.setObject(2, now.plus(ahead).atOffset(ZoneOffset.UTC));
        query.setObject(3, after.startsAt());
        query.setString(4, after.id());
        try (ResultSet row = query.executeQuery()) {
          while (row.next()) {
            String id = row.getString("id");
            seen.add(new Place(row.getObject("starts_at", OffsetDateTime.class), id));
            List<Message> mine = messages(templates, row, id);
            messages.addAll(mine);
            if (!mine.isEmpty()) {
              reminded.add(id);
            }
          }
        }
      }
      courier.take(messages);
      mark(connection, reminded, now);
      connection.commit();
      return new Reminded(reminded.size(), messages.size(), seen.size() - reminded.size());
    } catch (SQLException | IOException e) {
      connection.rollback();
      throw e;
    } finally {
      connection.setAutoCommit(true);
    }
  }

  private static List<Message> messages(Templates templates, ResultSet row, String id)
      throws SQLException {
    Person client = Person.read(row);
    OffsetDateTime starts = row.getObject("starts_at", OffsetDateTime.class);
    ZonedDateTime there = starts.atZoneSameInstant(client.zone());
    return templates.messages(
        "reminder/" + id + "/" + starts.toInstant(),
        client,
        Map.of(
            "name", client.name(),
            "time", TIME.format(there),
            "date", there.toLocalDate().toString(),
            "service", row.getString("service"),
            "provider", row.getString("provider")),
        Map.of("kind", "reminder", "appointment", id));
  }

  private static void mark(Connection connection, List<String> ids, Instant now)
      throws SQLException {
    try (PreparedStatement mark =
        connection.prepareStatement(
            "UPDATE appointments.appointments SET reminded_at = ? WHERE id = ANY (?::uuid[])")) {
      mark.setObject(1, now.atOffset(ZoneOffset.UTC));
      mark.setArray(2, connection.createArrayOf("text", ids.toArray()));
      mark.executeUpdate();
    }
  }
}
