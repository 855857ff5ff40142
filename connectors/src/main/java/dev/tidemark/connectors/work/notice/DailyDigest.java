package dev.tidemark.connectors.work.notice;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.connectors.jobs.JobContext;
import dev.tidemark.connectors.jobs.JobHandler;
import dev.tidemark.connectors.work.postgres.WorkDatabase;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * {@code daily_digest}: tells each provider who wants it what the day has in store; the day is the
 * one of their own clock. Who has nothing to do hears nothing, and of a day nobody hears twice.
 * Takes no input.
 */
final class DailyDigest implements JobHandler<ObjectNode, DailyDigest.Sent> {
  private static final int AT_ONCE = 100;
  private static final int MOST_LINES = 100;
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm");

  private static final String PEOPLE =
      "SELECT "
          + Person.COLUMNS
          + """
            FROM booking.users c
            WHERE c.provider AND c.preferences->'digest' = 'true' AND c.id > ?::uuid
            ORDER BY c.id LIMIT %d
            """
              .formatted(AT_ONCE);

  private static final String DAY =
      """
      SELECT a.starts_at, s.name, c.name, a.status
      FROM appointments.appointments a
      JOIN booking.services s ON s.id = a.service_id
      JOIN booking.users c ON c.id = a.client_id
      WHERE a.user_id = ?::uuid AND a.on_date = ?::date AND a.status IN ('REQUESTED', 'CONFIRMED')
      ORDER BY a.starts_at, a.id LIMIT %d
      """
          .formatted(MOST_LINES);

  /** How many digests were sent. */
  record Sent(int digests) {}

  private final WorkDatabase database;
  private final Courier courier;
  private final InstantSource clock;

  DailyDigest(WorkDatabase database, Courier courier, InstantSource clock) {
    this.database = database;
    this.courier = courier;
    this.clock = clock;
  }

  @Override
  public String type() {
    return "daily_digest";
  }

  @Override
  public Class<ObjectNode> input() {
    return ObjectNode.class;
  }

  @Override
  public Sent run(ObjectNode input, JobContext context) throws Exception {
    Instant now = clock.instant();
    int sent = 0;
    try (Connection connection = database.open(type())) {
      String last = "00000000-0000-0000-0000-000000000000";
      while (true) {
        context.checkpoint();
        List<Person> people = people(connection, last);
        if (people.isEmpty()) {
          return new Sent(sent);
        }
        List<Message> messages = new ArrayList<>();
        for (Person person : people) {
          messages.addAll(digest(connection, person, LocalDate.ofInstant(now, person.zone())));
          last = person.id();
        }
        courier.take(messages);
        sent += messages.size();
        context.progress(0, "%,d digests".formatted(sent));
      }
    }
  }

  private static List<Person> people(Connection connection, String after) throws SQLException {
    try (PreparedStatement query = connection.prepareStatement(PEOPLE)) {
      query.setString(1, after);
      List<Person> people = new ArrayList<>();
      try (ResultSet row = query.executeQuery()) {
        while (row.next()) {
          people.add(Person.read(row));
        }
      }
      return people;
    }
  }

  private static List<Message> digest(Connection connection, Person person, LocalDate day)
      throws SQLException {
    StringBuilder lines = new StringBuilder();
    int count = 0;
    try (PreparedStatement query = connection.prepareStatement(DAY)) {
      query.setString(1, person.id());
      query.setString(2, day.toString());
      try (ResultSet row = query.executeQuery()) {
        while (row.next()) {
          OffsetDateTime starts = row.getObject(1, OffsetDateTime.class);
          lines
              .append(TIME.format(starts.atZoneSameInstant(person.zone())))
              .append("  ")
              .append(row.getString(2))
              .append(", ")
              .append(row.getString(3))
              .append(row.getString(4).equals("REQUESTED") ? " (not confirmed)" : "")
              .append('\n');
          count++;
        }
      }
    }
    if (count == 0) {
      return List.of();
    }
    return List.of(
        new Message(
            "digest/" + person.id() + "/" + day,
            Channel.EMAIL,
            person.email(),
            day + ": " + count + (count == 1 ? " appointment" : " appointments"),
            lines.toString(),
            Map.of("kind", "daily_digest", "date", day.toString())));
  }
}
