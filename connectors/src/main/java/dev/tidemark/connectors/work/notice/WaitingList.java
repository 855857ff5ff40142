package dev.tidemark.connectors.work.notice;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.connectors.jobs.JobContext;
import dev.tidemark.connectors.jobs.JobHandler;
import dev.tidemark.connectors.work.notice.FreeTime.Hours;
import dev.tidemark.connectors.work.notice.FreeTime.Slot;
import dev.tidemark.connectors.work.notice.FreeTime.Wish;
import dev.tidemark.connectors.work.postgres.WorkDatabase;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * {@code waiting_list}: offers free time of a provider to who waits for it; of each provider's list
 * the first come first. Whoever has an offer of the last day gets no other meanwhile, and nobody
 * else is offered the same time. Takes no input.
 */
final class WaitingList implements JobHandler<ObjectNode, WaitingList.Offered> {
  private static final Duration OFFER = Duration.ofDays(1);
  private static final int HORIZON_DAYS = 60;
  private static final int LOCKS = 0x7761_6974;
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm");

  private static final String PROVIDERS =
      """
      SELECT DISTINCT w.user_id, u.time_zone, u.opens_at, u.closes_at
      FROM appointments.waiting_list w JOIN booking.users u ON u.id = w.user_id
      WHERE u.opens_at IS NOT NULL AND u.closes_at IS NOT NULL
      ORDER BY w.user_id
      """;

  private static final String WAITING =
      "SELECT w.id, lower(w.between_days) AS first, upper(w.between_days) - 1 AS last,"
          + " w.weekdays, extract(epoch FROM s.lasts)::bigint AS seconds, s.name AS service, "
          + Person.COLUMNS
          + """
            FROM appointments.waiting_list w
            JOIN booking.services s ON s.id = w.service_id AND s.active
            JOIN booking.users c ON c.id = w.client_id
            WHERE w.user_id = ?::uuid AND NOT isempty(w.between_days)
              AND (upper_inf(w.between_days) OR upper(w.between_days) > ?::date)
              AND NOT EXISTS (SELECT FROM tidemark.slot_offer o
                              WHERE o.waiting_id = w.id AND o.offered_at > ?)
            ORDER BY w.priority DESC, w.created_at, w.id LIMIT 500
            """;

  private static final String TAKEN =
      """
      SELECT starts_at, ends_at FROM appointments.appointments
      WHERE user_id = ?::uuid AND status <> 'CANCELLED' AND ends_at > ?
      UNION ALL
      SELECT starts_at, ends_at FROM tidemark.slot_offer
      WHERE user_id = ?::uuid AND offered_at > ?
      """;

  /** How many were offered something, and how many wait on. */
  record Offered(int offered, int waiting) {}

  private record Provider(String id, Hours hours) {}

  private record Waiting(long id, Wish wish, String service, Person client) {}

  private final WorkDatabase database;
  private final Courier courier;
  private final InstantSource clock;

  WaitingList(WorkDatabase database, Courier courier, InstantSource clock) {
    this.database = database;
    this.courier = courier;
    this.clock = clock;
  }

  @Override
  public String type() {
    return "waiting_list";
  }

  @Override
  public Class<ObjectNode> input() {
    return ObjectNode.class;
  }

  @Override
  public Offered run(ObjectNode input, JobContext context) throws Exception {
    int offered = 0;
    int waiting = 0;
    try (Connection connection = database.open(type())) {
      Templates templates = Templates.of(connection, "slot-free");
      for (Provider provider : providers(connection)) {
        context.checkpoint();
        Offered mine = offer(connection, templates, provider);
        offered += mine.offered();
        waiting += mine.waiting();
        context.progress(0, offered + " offers");
      }
    }
    return new Offered(offered, waiting);
  }

  private static List<Provider> providers(Connection connection) throws SQLException {
    try (PreparedStatement query = connection.prepareStatement(PROVIDERS);
        ResultSet row = query.executeQuery()) {
      List<Provider> providers = new ArrayList<>();
      while (row.next()) {
        providers.add(
            new Provider(
                row.getString(1),
                new Hours(
                    row.getObject(3, LocalTime.class),
                    row.getObject(4, LocalTime.class),
                    zone(row.getString(2)))));
      }
      return providers;
    }
  }

  private static ZoneId zone(String name) {
    try {
      return ZoneId.of(name);
    } catch (DateTimeException _) {
      return ZoneOffset.UTC;
    }
  }

  /** The provider is locked, so that two jobs do not offer the same time to two people. */
  private Offered offer(Connection connection, Templates templates, Provider provider)
      throws SQLException, IOException {
    Instant now = clock.instant();
    connection.setAutoCommit(false);
    try {
      lock(connection, provider.id());
      List<Slot> taken = taken(connection, provider.id(), now);
      List<Message> messages = new ArrayList<>();
      int offered = 0;
      int waiting = 0;
      for (Waiting entry : waiting(connection, provider, now)) {
        List<Slot> notAgain = new ArrayList<>(taken);
        notAgain.addAll(offered(connection, entry.id()));
        Optional<Slot> slot = FreeTime.first(provider.hours(), entry.wish(), now, notAgain);
        List<Message> mine =
            slot.map(found -> messages(templates, provider, entry, found)).orElse(List.of());
        if (slot.isPresent()
            && !mine.isEmpty()
            && note(connection, entry, provider, slot.get(), now)) {
          taken.add(slot.get());
          messages.addAll(mine);
          offered++;
        } else {
          waiting++;
        }
      }
      courier.take(messages);
      connection.commit();
      return new Offered(offered, waiting);
    } catch (SQLException | IOException e) {
      connection.rollback();
      throw e;
    } finally {
      connection.setAutoCommit(true);
    }
  }

  private static void lock(Connection connection, String provider) throws SQLException {
    try (PreparedStatement lock =
        connection.prepareStatement("SELECT pg_advisory_xact_lock(?, hashtext(?))")) {
      lock.setInt(1, LOCKS);
      lock.setString(2, provider);
      lock.executeQuery().close();
    }
  }

  private static List<Slot> taken(Connection connection, String provider, Instant now)
      throws SQLException {
    try (PreparedStatement query = connection.prepareStatement(TAKEN)) {
      query.setString(1, provider);
      query.setObject(2, now.atOffset(ZoneOffset.UTC));
      query.setString(3, provider);
      query.setObject(4, now.minus(OFFER).atOffset(ZoneOffset.UTC));
      return slots(query);
    }
  }

  /** What somebody was offered and did not want. */
  private static List<Slot> offered(Connection connection, long waiting) throws SQLException {
    try (PreparedStatement query =
        connection.prepareStatement(
            "SELECT starts_at, ends_at FROM tidemark.slot_offer WHERE waiting_id = ?")) {
      query.setLong(1, waiting);
      return slots(query);
    }
  }

  private static List<Slot> slots(PreparedStatement query) throws SQLException {
    List<Slot> slots = new ArrayList<>();
    try (ResultSet row = query.executeQuery()) {
      while (row.next()) {
        slots.add(
            new Slot(
                row.getObject(1, OffsetDateTime.class).toInstant(),
                row.getObject(2, OffsetDateTime.class).toInstant()));
      }
    }
    return slots;
  }

  private static List<Waiting> waiting(Connection connection, Provider provider, Instant now)
      throws SQLException {
    LocalDate today = LocalDate.ofInstant(now, provider.hours().zone());
    LocalDate horizon = today.plusDays(HORIZON_DAYS);
    try (PreparedStatement query = connection.prepareStatement(WAITING)) {
      query.setString(1, provider.id());
      query.setString(2, today.toString());
      query.setObject(3, now.minus(OFFER).atOffset(ZoneOffset.UTC));
      List<Waiting> waiting = new ArrayList<>();
      try (ResultSet row = query.executeQuery()) {
        while (row.next()) {
          LocalDate first = row.getObject("first", LocalDate.class);
          LocalDate last = row.getObject("last", LocalDate.class);
          waiting.add(
              new Waiting(
                  row.getLong("id"),
                  new Wish(
                      first == null || first.isBefore(today) ? today : first,
                      last == null || last.isAfter(horizon) ? horizon : last,
                      weekdays(row),
                      Duration.ofSeconds(row.getLong("seconds"))),
                  row.getString("service"),
                  Person.read(row)));
        }
      }
      return waiting;
    }
  }

  private static Set<Integer> weekdays(ResultSet row) throws SQLException {
    return Arrays.stream((Object[]) row.getArray("weekdays").getArray())
        .filter(Objects::nonNull)
        .map(day -> ((Number) day).intValue())
        .collect(Collectors.toUnmodifiableSet());
  }

  private static boolean note(
      Connection connection, Waiting entry, Provider provider, Slot slot, Instant now)
      throws SQLException {
    try (PreparedStatement insert =
            connection.prepareStatement(
                "INSERT INTO tidemark.slot_offer (waiting_id, user_id, starts_at, ends_at,"
                    + " offered_at) VALUES (?, ?::uuid, ?, ?, ?) ON CONFLICT DO NOTHING");
        PreparedStatement count =
            connection.prepareStatement(
                "UPDATE appointments.waiting_list SET offers = offers + 1 WHERE id = ?")) {
      insert.setLong(1, entry.id());
      insert.setString(2, provider.id());
      insert.setObject(3, slot.from().atOffset(ZoneOffset.UTC));
      insert.setObject(4, slot.to().atOffset(ZoneOffset.UTC));
      insert.setObject(5, now.atOffset(ZoneOffset.UTC));
      if (insert.executeUpdate() == 0) {
        return false;
      }
      count.setLong(1, entry.id());
      count.executeUpdate();
      return true;
    }
  }

  private static List<Message> messages(
      Templates templates, Provider provider, Waiting entry, Slot slot) {
    ZonedDateTime there = slot.from().atZone(provider.hours().zone());
    return templates.messages(
        "slot-free/" + entry.id() + "/" + slot.from(),
        entry.client(),
        Map.of(
            "name", entry.client().name(),
            "service", entry.service(),
            "date", there.toLocalDate().toString(),
            "time", TIME.format(there)),
        Map.of(
            "kind", "slot_free",
            "waiting", Long.toString(entry.id()),
            "starts_at", slot.from().toString()));
  }
}
