package dev.tidemark.standalone.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tidemark.contract.catalog.Catalog;
import dev.tidemark.contract.catalog.CatalogReader;
import dev.tidemark.contract.catalog.CatalogReading;
import dev.tidemark.contract.catalog.job.JobType;
import dev.tidemark.contract.webhook.WebhookSignature;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every type of job that the reference catalog declares: asked for over HTTP of a system that runs,
 * and what it has come to in Postgres, in the storage or at the programs of others.
 */
final class WorkIT {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final String SECRET = "a secret of this test alone";
  private static final JsonMapper JSON = new JsonMapper();
  private static final Path CATALOG = Path.of("src/main/resources/reference/catalog.yml");

  private final OwnSystem system;
  private final HttpClient client = HttpClient.newHttpClient();
  private final Others others = new Others();
  private final Set<String> tried = new TreeSet<>();
  private String api = "";
  private String operator = "";
  private Connection database;

  @SuppressWarnings("NullAway") // The database is there before each test.
  WorkIT(@TempDir Path data) throws IOException {
    system =
        new OwnSystem(
            data.resolve("data"),
            Map.of("TIDEMARK_SHOP_TOKEN_900", "for the shop", "TIDEMARK_WEBHOOK_SECRET", SECRET));
  }

  @BeforeEach
  void start() throws Exception {
    OwnSystem.Outcome up = system.tidemark("up", "--detach", "--http-port", "0");
    assertThat(up.status()).as(up.end()).isZero();
    JsonNode info = system.info();
    api = info.path("api").textValue();
    operator = system.tidemark("token", "--role", "operator").output().strip();
    database = OwnSystem.connect(info);
  }

  @AfterEach
  void stop() throws Exception {
    database.close();
    system.tidemark("down");
    others.close();
    client.close();
  }

  @Test
  void everyTypeOfTheReferenceCatalogDoesWhatItIsFor() throws Exception {
    JsonNode first = done("probe", "{\"steps\": 2, \"step\": \"0s\"}");
    assertThat(first.at("/result/steps").intValue()).isEqualTo(2);
    shop();
    webhooks();
    String operation = conflictOfADevice();
    people();
    devices(operation);
    reports();
    files();
    database();
    backup();
    forgotten(first);
    assertThat(tried).isEqualTo(types());
  }

  private static Set<String> types() {
    return switch (CatalogReader.read(CATALOG)) {
      case CatalogReading.Valid(Catalog catalog) -> {
        Set<String> types = new TreeSet<>();
        catalog.jobs().types().stream().map(JobType::name).forEach(types::add);
        yield types;
      }
      case CatalogReading.Invalid invalid ->
          throw new AssertionError(String.join("\n", invalid.sentences()));
    };
  }

  private void shop() throws Exception {
    others.has(
        "products", "{\"id\": 7, \"sku\": \"ZZ-0001\", \"name\": \"Kite\", \"price\": \"12.50\"}");
    others.has("inventory", "{\"sku\": \"ZZ-0001\", \"warehouse\": \"north\", \"stock\": 9}");
    others.has(
        "orders",
        """
        {"id": "o-1", "status": "NEW", "total": 25.00, "placed_at": "2026-01-31T10:00:00Z",
         "customer": {"name": "Olga"},
         "lines": [{"sku": "ZZ-0001", "quantity": 2, "unit_price": "12.50"}]}
        """);
    sql("UPDATE shop.integrations SET enabled = false");
    sql(
        "INSERT INTO shop.integrations (id, platform, name, base_url) VALUES (900, 'SHOPIFY', 'Ours', '"
            + others.url("/shop/")
            + "')");
    String integration = "{\"integration_id\": 900}";
    done("sync_products", integration);
    assertThat(rows("SELECT name, price FROM shop.products WHERE sku = 'ZZ-0001'"))
        .containsExactly("Kite|12.50");
    done("sync_inventory", integration);
    assertThat(rows("SELECT stock FROM shop.inventory WHERE warehouse = 'north'"))
        .containsExactly("9");
    done("sync_orders", integration);
    assertThat(
            rows(
                "SELECT o.external_id, o.total, l.quantity FROM shop.orders o"
                    + " JOIN shop.order_lines l ON l.order_id = o.id WHERE o.integration_id = 900"))
        .containsExactly("o-1|25.00|2");
    assertThat(others.tokens()).isNotEmpty().containsOnly("Bearer for the shop");

    others.has(
        "products", "{\"id\": 7, \"sku\": \"ZZ-0001\", \"name\": \"Kite\", \"price\": \"13.00\"}");
    done("sync_all_integrations", "{}");
    becomes("SELECT price FROM shop.products WHERE sku = 'ZZ-0001'", "13.00");
  }

  private void webhooks() throws Exception {
    JsonNode delivered =
        done(
            "deliver_webhook",
            "{\"url\": \"%s\", \"event\": \"order.created\", \"body\": {\"n\": 1}}"
                .formatted(others.url("/hook")));
    assertThat(delivered.at("/result/status").intValue()).isEqualTo(200);
    Others.Call call = others.calls().remove();
    assertThat(call.event()).isEqualTo("order.created");
    assertThat(new String(call.body(), UTF_8)).isEqualTo("{\"n\":1}");
    assertThat(
            WebhookSignature.verify(
                SECRET,
                call.signature(),
                call.id(),
                call.body(),
                Instant.now(),
                WebhookSignature.TOLERANCE))
        .isEqualTo(WebhookSignature.Verdict.GENUINE);

    byte[] body = "{\"hello\": \"there\"}".getBytes(UTF_8);
    HttpResponse<String> taken =
        client.send(
            HttpRequest.newBuilder(URI.create(api + "/api/webhooks/partner"))
                .header(WebhookSignature.ID_HEADER, "e-1")
                .header(
                    WebhookSignature.HEADER,
                    WebhookSignature.sign(SECRET, Instant.now(), "e-1", body))
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    assertThat(taken.statusCode()).as(taken.body()).isEqualTo(202);
    tried.add("receive_webhook");
    completed(JSON.readTree(taken.body()).path("job").textValue());
    assertThat(rows("SELECT source, id, body FROM tidemark.inbound"))
        .containsExactly("partner|e-1|{\"hello\": \"there\"}");
  }

  /** A tablet of municipality 3, and an operation of it that somebody has to decide. */
  private String conflictOfADevice() throws Exception {
    sql(
        """
        INSERT INTO field.devices (id, municipality_id, label, worker, push_tokens)
          VALUES (md5('ours')::uuid, 3, 'ours', 'Nobody', '{ours}');
        INSERT INTO field.activities (id, municipality_id, kind, title, planned_for)
          VALUES (900, 3, 'TRAINING', 'As it was', '2026-03-03')
        """);
    String device = rows("SELECT md5('ours')::uuid").getFirst();
    String token =
        system
            .tidemark("token", "--role", "device", "--device", device, "--scopes", "municipality/3")
            .output()
            .strip();
    List<JsonNode> seen = new ArrayList<>();
    await()
        .atMost(PATIENCE)
        .until(
            () -> {
              HttpResponse<String> row = ask("GET", "/api/entities/activity/900", token, "");
              seen.add(JSON.readTree(row.body()));
              return row.statusCode() == 200;
            });
    String base = seen.getLast().path("version").textValue();
    assertThat(base).as(seen.getLast().toString()).isNotNull();
    sql("UPDATE field.activities SET title = 'As somebody wants it' WHERE id = 900");
    HttpResponse<String> answer =
        ask(
            "POST",
            "/api/sync",
            token,
            """
            {"batch_id": "b", "device_id": "%s", "sent_at": "%2$s", "operations": [
              {"entity_type": "activity", "entity_id": 900, "operation": "update",
               "data": {"title": "As the device wants it"}, "client_timestamp": "%2$s",
               "base_version": "%3$s", "idempotency_key": "k",
               "conflict_resolution_strategy": "manual"}]}
            """
                .formatted(device, Instant.now(), base));
    JsonNode conflict = JSON.readTree(answer.body()).at("/conflicts/0");
    assertThat(conflict.path("result").textValue()).as(answer.body()).isEqualTo("open");
    return conflict.path("operation_id").textValue();
  }

  private void people() throws Exception {
    sql(
        """
        INSERT INTO booking.templates (slug, channel, language, subject, body) VALUES
          ('slot-free', 'EMAIL', 'en', 'Free', '{{date}} {{time}}');
        INSERT INTO booking.users (id, name, email, provider, plan, languages, opens_at, closes_at,
          preferences) VALUES
          (md5('p')::uuid, 'Dr. Ours', 'p@example.org', true, 'PRO', '{en}', '08:00', '18:00',
            '{"digest": true}'),
          (md5('c')::uuid, 'Client', 'c@example.org', false, 'FREE', '{en}', null, null, '{}'),
          (md5('s')::uuid, 'Subscriber', 's@example.org', false, 'PRO', '{en}', null, null, '{}');
        INSERT INTO booking.services (id, user_id, name, lasts, price)
          VALUES (900, md5('p')::uuid, 'Visit', '1 hour', 10);
        -- Soon, and at noon of today and of tomorrow: whatever the time is, both days have one.
        INSERT INTO appointments.appointments
          (user_id, client_id, service_id, on_date, starts_at, ends_at, status)
          SELECT md5('p')::uuid, md5('c')::uuid, 900, (t AT TIME ZONE 'UTC')::date, t,
            t + interval '1 hour', 'CONFIRMED'
          FROM (VALUES (now() + interval '2 hours'),
            ((now() AT TIME ZONE 'UTC')::date + time '12:00' AT TIME ZONE 'UTC'),
            ((now() AT TIME ZONE 'UTC')::date + 1 + time '12:00' AT TIME ZONE 'UTC')) AS at (t);
        INSERT INTO appointments.subscriptions (user_id, plan, price, starts_on, ends_on, renews)
          VALUES (md5('s')::uuid, 'PRO', 1, '2025-01-01', current_date - 2, false);
        INSERT INTO appointments.waiting_list (user_id, client_id, service_id, between_days)
          VALUES (md5('p')::uuid, md5('c')::uuid, 900,
            daterange(current_date, current_date + 14))
        """);
    done("appointment_reminders", "{}");
    assertThat(
            rows(
                "SELECT count(*) > 0 FROM tidemark.outbox WHERE recipient = 'c@example.org'"
                    + " AND body LIKE '%Client%Visit%'"))
        .containsExactly("t");
    assertThat(
            rows(
                "SELECT count(reminded_at) > 0 FROM appointments.appointments"
                    + " WHERE client_id = md5('c')::uuid"))
        .containsExactly("t");
    done("daily_digest", "{}");
    assertThat(
            rows(
                "SELECT count(*) FROM tidemark.outbox WHERE recipient = 'p@example.org'"
                    + " AND subject LIKE '%appointment%'"))
        .containsExactly("1");
    done("expired_subscriptions", "{}");
    assertThat(rows("SELECT plan FROM booking.users WHERE email = 's@example.org'"))
        .containsExactly("FREE");
    done("waiting_list", "{}");
    assertThat(
            rows(
                "SELECT count(*) > 0 FROM tidemark.outbox WHERE recipient = 'c@example.org'"
                    + " AND subject = 'Free'"))
        .containsExactly("t");
    assertThat(
            rows("SELECT offers FROM appointments.waiting_list WHERE client_id = md5('c')::uuid"))
        .containsExactly("1");
  }

  private void devices(String operation) throws Exception {
    String ours = rows("SELECT md5('ours')::uuid").getFirst();
    done(
        "notify_push",
        "{\"device_id\": \"%s\", \"title\": \"Hi\", \"body\": \"there\"}".formatted(ours));
    done("notify_sync_conflict", "{\"operation\": \"%s\"}".formatted(operation));
    sql(
        """
        INSERT INTO field.reports (id, municipality_id, code, period, state, ready_at)
          VALUES (900, 3, 'OURS', '[2026-01-01,2026-02-01)', 'READY', now())
        """);
    done("notify_report_ready", "{\"report_id\": 900}");
    assertThat(
            rows(
                "SELECT data->>'kind', body FROM tidemark.outbox WHERE recipient = 'ours'"
                    + " ORDER BY 1"))
        .containsExactly(
            "push|there",
            "report_ready|OURS from 2026-01-01 to 2026-01-31",
            "sync_conflict|Somebody else has changed activity 900 as well.");
  }

  private void reports() throws Exception {
    sql(
        """
        INSERT INTO field.activities (municipality_id, kind, title, planned_for)
          VALUES (3, 'TRAINING', 'Of last week', date_trunc('week', current_date)::date - 3)
        """);
    done("weekly_report", "{}");
    assertThat(
            rows(
                "SELECT count(*), min(length(document)) > 0 FROM field.reports"
                    + " WHERE code = 'WEEKLY' AND municipality_id = 3"))
        .containsExactly("1|t");
    done(
        "evd01_report",
        "{\"municipality_id\": 3, \"from\": \"2026-02-01\", \"to\": \"2026-02-28\"}");
    assertThat(
            rows(
                "SELECT state, length(document) > 0 FROM field.reports"
                    + " WHERE municipality_id = 3 AND period = '[2026-02-01,2026-03-01)'"))
        .containsExactly("READY|t");
    becomes(
        "SELECT count(*) FROM tidemark.outbox WHERE recipient = 'ours' AND body LIKE 'EVD01 from 2026-02-01%'",
        "1");
  }

  private void files() throws Exception {
    Path files = system.data().resolve("files");
    String id = UUID.randomUUID().toString();
    sql(
        """
        INSERT INTO field.evidence (id, activity_id, municipality_id, file_name, media_type, bytes,
          sha256, deleted_at)
        VALUES ('%s', 900, 3, 'x.jpg', 'image/jpeg', 1, sha256('x'), now() - interval '31 days');
        UPDATE field.reports SET document = '<p>old', ready_at = now() - interval '91 days'
          WHERE id = 900
        """
            .formatted(id));
    Path evidence = files.resolve("evidence").resolve(id);
    Files.createDirectories(evidence.getParent());
    Files.writeString(evidence, "x");
    done("cleanup_deleted_files", "{}");
    assertThat(evidence).doesNotExist();
    assertThat(rows("SELECT id FROM field.evidence WHERE id = '" + id + "'")).isEmpty();
    done("archive_reports", "{}");
    assertThat(files.resolve("reports/900.html")).hasContent("<p>old");
    assertThat(rows("SELECT state, document FROM field.reports WHERE id = 900"))
        .containsExactly("ARCHIVED|null");
  }

  private void database() throws Exception {
    done("aggregate_sync_metrics", "{}");
    assertThat(
            rows(
                "SELECT operations, devices FROM tidemark.sync_metric WHERE entity_type = 'activity'"
                    + " AND result = 'open'"))
        .containsExactly("1|1");
    sql(
        """
        INSERT INTO tidemark.ledger (id, device_id, idempotency_key, request_hash, batch_id,
          batch_index, entity_type, entity_id, kind, data, strategy, client_timestamp,
          corrected_timestamp, received_at, written_at, result, reason, decision, request_id)
        SELECT md5('old')::uuid, 'old', 'k', '', 'b', 0, 'activity', '900', 'update', '{}', 'merge',
          t, t, t, t, 'applied', '', '{}', ''
        FROM (SELECT now() - interval '200 days' AS t) AS times
        """);
    done("cleanup_sync_logs", "{}");
    assertThat(rows("SELECT device_id = 'old' FROM tidemark.ledger WHERE entity_id = '900'"))
        .as("the old one is gone, the one of today is there")
        .containsExactly("f");
    done("vacuum_analyze", "{}");
    becomes(
        "SELECT last_vacuum IS NOT NULL AND last_analyze IS NOT NULL FROM pg_stat_user_tables"
            + " WHERE schemaname = 'field' AND relname = 'activities'",
        "t");
  }

  private void backup() throws Exception {
    done("backup", "{}");
    try (Stream<Path> all = Files.list(system.data().resolve("files/backups"))) {
      List<Path> archives = all.toList();
      assertThat(archives).hasSize(1);
      try (ZipFile archive = new ZipFile(archives.getFirst().toFile())) {
        JsonNode manifest =
            JSON.readTree(archive.getInputStream(archive.getEntry("manifest.json")));
        List<String> people = new ArrayList<>();
        for (JsonNode table : manifest.path("tables")) {
          if (table.toString().contains("\"users\"")) {
            people.add(table.path("rows").asText());
          }
        }
        assertThat(people)
            .as(manifest.toString())
            .isEqualTo(rows("SELECT count(*) FROM booking.users"));
      }
    }
  }

  /** What ended more than a minute ago is forgotten. */
  private void forgotten(JsonNode job) throws Exception {
    String id = job.path("id").textValue();
    Instant old = Instant.parse(job.path("finished_at").textValue()).plusSeconds(61);
    await().atMost(PATIENCE).until(() -> Instant.now().isAfter(old));
    done("cleanup_old_jobs", "{\"older_than\": \"1m\"}");
    await()
        .atMost(PATIENCE)
        .until(() -> ask("GET", "/api/sync/jobs/" + id, operator, "").statusCode() == 404);
  }

  /** Asks for a job and waits until it is completed. */
  private JsonNode done(String type, String input) throws Exception {
    tried.add(type);
    HttpResponse<String> submitted =
        ask(
            "POST",
            "/api/sync/jobs",
            operator,
            "{\"type\": \"%s\", \"input\": %s}".formatted(type, input));
    assertThat(submitted.statusCode()).as(submitted.body()).isIn(201, 202);
    return completed(JSON.readTree(submitted.body()).path("id").textValue());
  }

  private JsonNode completed(String id) throws Exception {
    List<JsonNode> seen = new ArrayList<>();
    await()
        .atMost(PATIENCE)
        .until(
            () -> {
              HttpResponse<String> job = ask("GET", "/api/sync/jobs/" + id, operator, "");
              seen.add(JSON.readTree(job.body()));
              return seen.getLast().has("finished_at");
            });
    assertThat(seen.getLast().path("status").textValue())
        .as(seen.getLast().toString())
        .isEqualTo("COMPLETED");
    return seen.getLast();
  }

  private HttpResponse<String> ask(String method, String path, String token, String body)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(api + path))
            .header("Authorization", "Bearer " + token)
            .header("Prefer", "wait=30");
    if (!body.isEmpty()) {
      request.header("Content-Type", "application/json");
    }
    return client.send(
        request.method(method, HttpRequest.BodyPublishers.ofString(body)).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private void sql(String statements) throws SQLException {
    try (Statement statement = database.createStatement()) {
      statement.execute(statements);
    }
  }

  /** Each row with bars between its values. */
  private List<String> rows(String query) throws SQLException {
    try (Statement statement = database.createStatement();
        ResultSet result = statement.executeQuery(query)) {
      List<String> rows = new ArrayList<>();
      while (result.next()) {
        List<String> values = new ArrayList<>();
        for (int column = 1; column <= result.getMetaData().getColumnCount(); column++) {
          values.add(result.getString(column));
        }
        rows.add(String.join("|", values));
      }
      return rows;
    }
  }

  private void becomes(String query, String value) {
    await().atMost(PATIENCE).untilAsserted(() -> assertThat(rows(query)).containsExactly(value));
  }
}
