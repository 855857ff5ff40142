package dev.tidemark.connectors.work.notice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.connectors.jobs.FinalError;
import dev.tidemark.connectors.jobs.JobHandler;
import dev.tidemark.connectors.work.Rig;
import dev.tidemark.connectors.work.TestContext;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Messages out of a real database, into its outbox. */
@Timeout(120)
class NoticeTest {
  private static final Instant NOW = Instant.parse("2026-01-31T08:00:00Z");
  private static final InstantSource CLOCK = InstantSource.fixed(NOW);

  private Rig rig;
  private Outbox outbox;
  private final TestContext context = new TestContext();

  @BeforeEach
  void start() throws SQLException {
    rig = Rig.fresh();
    outbox = new Outbox(rig.database());
    rig.sql(
        """
        INSERT INTO booking.users (id, name, email, phone, provider, plan, time_zone, languages,
          opens_at, closes_at, preferences) VALUES
          (md5('p')::uuid, 'Dr. Ferrer', 'p@example.org', NULL, true, 'PRO', 'Europe/Madrid',
            '{es}', '09:00', '11:00', '{"digest": true}'),
          (md5('c')::uuid, 'Ana {{time}}', 'c@example.org', '+34600', false, 'FREE',
            'America/Bogota', '{es,en}', NULL, NULL, '{"reminders": ["EMAIL", "PUSH", "SMS"]}'),
          (md5('d')::uuid, 'Bo', 'd@example.org', NULL, false, 'FREE', 'Mars/Olympus', '{xx}',
            NULL, NULL, '{"reminders": "no list"}');
        INSERT INTO booking.services (id, user_id, name, lasts, price) OVERRIDING SYSTEM VALUE
          VALUES (1, md5('p')::uuid, 'First visit', '1 hour', 10);
        INSERT INTO booking.templates (slug, channel, language, for_plan, subject, body) VALUES
          ('reminder', 'EMAIL', 'en', NULL, 'At {{time}}', '{{name}}: {{ service }} {{nothing}}$1'),
          ('reminder', 'EMAIL', 'es', NULL, 'A las {{time}}', '{{name}}: {{service}} el {{date}}'),
          ('reminder', 'EMAIL', 'es', 'PRO', 'not for her', 'x'),
          ('reminder', 'PUSH', 'en', NULL, NULL, '{{service}} at {{time}}'),
          ('subscription-ends', 'EMAIL', 'en', NULL, 'Ends on {{date}}', 'Renew.'),
          ('slot-free', 'EMAIL', 'en', NULL, 'Free', '{{date}} {{time}}')
        """);
  }

  @AfterEach
  void stop() throws SQLException {
    rig.close();
  }

  private static ObjectNode input(String json) throws IOException {
    return (ObjectNode) new ObjectMapper().readTree(json);
  }

  private void appointment(String id, String client, String starts, String status)
      throws SQLException {
    rig.sql(
        """
        INSERT INTO appointments.appointments
          (id, user_id, client_id, service_id, on_date, starts_at, ends_at, status)
        VALUES (md5('%1$s')::uuid, md5('p')::uuid, md5('%2$s')::uuid, 1,
          (timestamptz '%3$s' AT TIME ZONE 'Europe/Madrid')::date, '%3$s',
          timestamptz '%3$s' + interval '1 hour', '%4$s')
        """
            .formatted(id, client, starts, status));
  }

  private List<String> outbox() throws SQLException {
    return rig.rows("SELECT channel, recipient, subject, body FROM tidemark.outbox ORDER BY key");
  }

  private AppointmentReminders reminders(Courier courier) {
    return new AppointmentReminders(rig.database(), courier, CLOCK);
  }

  @Test
  void aClientIsRemindedOnceOverEachChannelInTheirLanguageAndByTheirClock() throws Exception {
    appointment("near", "c", "2026-01-31T15:30:00Z", "CONFIRMED");
    appointment("far", "c", "2026-02-01T08:00:01Z", "CONFIRMED");
    appointment("past", "c", "2026-01-31T07:00:00Z", "CONFIRMED");
    appointment("asked", "c", "2026-01-31T15:30:00Z", "REQUESTED");
    assertThat(reminders(outbox).run(input("{}"), context))
        .isEqualTo(new AppointmentReminders.Reminded(1, 2, 0));
    assertThat(outbox())
        .containsExactly(
            "EMAIL|c@example.org|A las 10:30|Ana {{time}}: First visit el 2026-01-31",
            "PUSH|user/" + rig.one("SELECT md5('c')::uuid") + "||First visit at 10:30");
    assertThat(
            rig.rows(
                "SELECT id = md5('near')::uuid, reminded_at FROM appointments.appointments"
                    + " WHERE reminded_at IS NOT NULL"))
        .containsExactly("t|2026-01-31 08:00:00+00");
    assertThat(reminders(outbox).run(input("{}"), context).reminded()).isZero();
    assertThat(outbox()).hasSize(2);
  }

  @Test
  void whoSaysOddThingsAboutThemselvesIsRemindedAllTheSame() throws Exception {
    appointment("near", "d", "2026-01-31T15:30:00Z", "CONFIRMED");
    reminders(outbox).run(input("{}"), context);
    assertThat(outbox()).containsExactly("EMAIL|d@example.org|At 15:30|Bo: First visit $1");
  }

  @Test
  void aMessageThatWasHandedOverWithoutAMarkIsNotThereTwice() throws Exception {
    appointment("near", "d", "2026-01-31T15:30:00Z", "CONFIRMED");
    Courier dies =
        messages -> {
          outbox.take(messages);
          throw new IOException("the worker died");
        };
    assertThatThrownBy(() -> reminders(dies).run(input("{}"), context))
        .hasMessage("the worker died");
    assertThat(rig.one("SELECT count(reminded_at) FROM appointments.appointments"))
        .as("nothing was marked")
        .isEqualTo("0");
    assertThat(reminders(outbox).run(input("{}"), context).reminded()).isEqualTo(1);
    assertThat(outbox()).hasSize(1);
  }

  @Test
  void manyAreRemindedInPiecesAndNoneWithoutATextForEver() throws Exception {
    for (int i = 0; i < 230; i++) {
      appointment(
          "a" + i, i % 2 == 0 ? "c" : "d", "2026-01-31T15:%02d:00Z".formatted(i % 60), "CONFIRMED");
    }
    assertThat(reminders(outbox).run(input("{}"), context))
        .isEqualTo(new AppointmentReminders.Reminded(230, 345, 0));
    rig.sql("DELETE FROM booking.templates");
    appointment("last", "c", "2026-01-31T15:30:00Z", "CONFIRMED");
    assertThat(reminders(outbox).run(input("{}"), context))
        .isEqualTo(new AppointmentReminders.Reminded(0, 0, 1));
    assertThat(context.lines()).containsExactly("1 appointments have no text to remind with");
  }

  @Test
  void whoDoesNotRenewIsWarnedAndThenHasWhatElseIsPaidFor() throws Exception {
    rig.sql(
        """
        INSERT INTO booking.users (id, name, email, plan, time_zone)
          SELECT md5('s' || i)::uuid, 'S' || i, 's' || i || '@example.org', 'PRO', 'UTC'
          FROM generate_series(1, 6) AS i;
        INSERT INTO appointments.subscriptions (id, user_id, plan, price, starts_on, ends_on, renews)
          OVERRIDING SYSTEM VALUE VALUES
          (1, md5('s1')::uuid, 'PRO', 1, '2025-01-01', '2026-01-30', false),
          (2, md5('s2')::uuid, 'PRO', 1, '2025-01-01', '2026-01-31', false),
          (3, md5('s3')::uuid, 'PRO', 1, '2025-01-01', '2026-02-07', false),
          (4, md5('s4')::uuid, 'PRO', 1, '2025-01-01', '2026-02-08', false),
          (5, md5('s5')::uuid, 'PRO', 1, '2025-01-01', '2026-01-30', true),
          (6, md5('s6')::uuid, 'PRO', 1, '2025-01-01', '2026-01-30', false),
          (7, md5('s6')::uuid, 'BASIC', 1, '2025-01-01', 'infinity', true)
        """);
    ExpiredSubscriptions handler = new ExpiredSubscriptions(rig.database(), outbox, CLOCK);
    assertThat(handler.run(input("{}"), context)).isEqualTo(new ExpiredSubscriptions.Result(2, 2));
    assertThat(rig.rows("SELECT name, plan FROM booking.users WHERE name LIKE 'S_' ORDER BY name"))
        .containsExactly("S1|FREE", "S2|PRO", "S3|PRO", "S4|PRO", "S5|PRO", "S6|BASIC");
    handler.run(input("{}"), context);
    assertThat(outbox())
        .containsExactly(
            "EMAIL|s2@example.org|Ends on 2026-01-31|Renew.",
            "EMAIL|s3@example.org|Ends on 2026-02-07|Renew.");
  }

  @Test
  void freeTimeIsOfferedToTheFirstInLineAndTheSameToNobodyElse() throws Exception {
    appointment("taken", "c", "2026-02-02T08:00:00Z", "CONFIRMED");
    rig.sql(
        """
        INSERT INTO appointments.waiting_list
          (id, user_id, client_id, service_id, between_days, weekdays, priority)
          OVERRIDING SYSTEM VALUE VALUES
          (1, md5('p')::uuid, md5('c')::uuid, 1, '[2026-01-01,2026-02-03)', '{1}', 0),
          (2, md5('p')::uuid, md5('d')::uuid, 1, '[2026-02-02,)', '{1}', 5)
        """);
    WaitingList handler = new WaitingList(rig.database(), outbox, CLOCK);
    assertThat(handler.run(input("{}"), context)).isEqualTo(new WaitingList.Offered(1, 1));
    assertThat(outbox())
        .as("of two hours one is taken; the other goes to whom has priority")
        .containsExactly("EMAIL|d@example.org|Free|2026-02-02 10:00");
    assertThat(rig.rows("SELECT id, offers FROM appointments.waiting_list ORDER BY id"))
        .containsExactly("1|0", "2|1");
    assertThat(handler.run(input("{}"), context).offered()).as("the offer still stands").isZero();
    WaitingList tomorrow =
        new WaitingList(rig.database(), outbox, InstantSource.fixed(NOW.plusSeconds(90_000)));
    assertThat(tomorrow.run(input("{}"), context).offered()).isEqualTo(2);
    assertThat(outbox())
        .as("who did not want it is offered the next")
        .contains(
            "EMAIL|c@example.org|Free|2026-02-02 10:00",
            "EMAIL|d@example.org|Free|2026-02-09 09:00");
  }

  @Test
  void aProviderHearsOfTheirDayOnce() throws Exception {
    appointment("one", "c", "2026-01-31T15:30:00Z", "CONFIRMED");
    appointment("two", "d", "2026-01-31T08:30:00Z", "REQUESTED");
    appointment("three", "d", "2026-01-31T10:30:00Z", "CANCELLED");
    DailyDigest handler = new DailyDigest(rig.database(), outbox, CLOCK);
    handler.run(input("{}"), context);
    handler.run(input("{}"), context);
    assertThat(outbox())
        .containsExactly(
            "EMAIL|p@example.org|2026-01-31: 2 appointments|"
                + "09:30  First visit, Bo (not confirmed)\n16:30  First visit, Ana {{time}}\n");
  }

  @Test
  void devicesAreToldOfConflictsAndReports() throws Exception {
    rig.sql(
        """
        INSERT INTO field.municipalities (id, code, name, population) OVERRIDING SYSTEM VALUE
          VALUES (1, 'ABC01', 'Vila', 10);
        INSERT INTO field.devices (id, municipality_id, label, worker, push_tokens, active) VALUES
          (md5('1')::uuid, 1, 'one', 'w', '{t1,t2}', true),
          (md5('2')::uuid, 1, 'two', 'w', '{t3}', true),
          (md5('3')::uuid, 1, 'three', 'w', '{t4}', false);
        INSERT INTO field.reports (id, municipality_id, code, period, state, ready_at)
          OVERRIDING SYSTEM VALUE
          VALUES (1, 1, 'EVD01', '[2026-01-01,2026-02-01)', 'READY', '2026-01-31');
        INSERT INTO tidemark.ledger (id, device_id, idempotency_key, request_hash, batch_id,
          batch_index, entity_type, entity_id, kind, data, strategy, client_timestamp,
          corrected_timestamp, received_at, result, reason, decision, request_id)
        VALUES (md5('o')::uuid, md5('2')::uuid::text, 'k', '', 'b', 0, 'activity', '7', 'update',
          '{}', 'manual', now(), now(), now(), 'open', '', '{}', '')
        """);
    Map<String, String> inputs =
        Map.of(
            "notify_report_ready", "{\"report_id\": 1}",
            "notify_sync_conflict", "{\"operation\": \"" + rig.one("SELECT md5('o')::uuid") + "\"}",
            "notify_push",
                "{\"device_id\": \""
                    + rig.one("SELECT md5('1')::uuid")
                    + "\", \"title\": \"Hi\", \"body\": \"there\"}");
    for (JobHandler<?, ?> handler : NotifyDevices.all(rig.database(), outbox)) {
      NotifyDevices notify = (NotifyDevices) handler;
      notify.run(input(inputs.getOrDefault(notify.type(), "{}")), context);
      notify.run(input(inputs.getOrDefault(notify.type(), "{}")), context);
    }
    assertThat(
            rig.rows(
                "SELECT data->>'kind', recipient, subject, body FROM tidemark.outbox"
                    + " ORDER BY 1, 2"))
        .containsExactly(
            "push|t1|Hi|there",
            "push|t2|Hi|there",
            "report_ready|t1|A report is ready|EVD01 from 2026-01-01 to 2026-01-31",
            "report_ready|t2|A report is ready|EVD01 from 2026-01-01 to 2026-01-31",
            "report_ready|t3|A report is ready|EVD01 from 2026-01-01 to 2026-01-31",
            "sync_conflict|t3|A change has to be decided|"
                + "Somebody else has changed activity 7 as well.");
    NotifyDevices report = (NotifyDevices) NotifyDevices.all(rig.database(), outbox).getLast();
    assertThatThrownBy(() -> report.run(input("{\"report_id\": 2}"), context))
        .isInstanceOf(FinalError.class);
  }
}
