package dev.tidemark.api;

import static dev.tidemark.api.ApiUnderTest.json;
import static dev.tidemark.api.Problems.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.api.cache.CacheSettings;
import dev.tidemark.api.entities.RelaySettings;
import dev.tidemark.api.live.LiveSettings;
import dev.tidemark.api.node.NodeSettings;
import dev.tidemark.api.pull.PullSettings;
import dev.tidemark.api.rate.RateSettings;
import dev.tidemark.pipeline.runtime.StreamsSettings;
import dev.tidemark.servers.EmbeddedKafka;
import dev.tidemark.servers.ServerConfig;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Jobs over HTTP: a node beside a real broker; the test is the worker. */
@Tag("integration")
class JobsNodeTest {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final String OPERATOR = Tokens.of("operator");
  private static final String CATALOG =
      """
      version: 1
      entities:
        activity:
          table: activity
          key: id
          scope: "municipality/{municipality_id}"
      queues:
        plain: {description: All else.}
        bulk: {description: Many at a time.}
        urgent: {description: What cannot wait.}
      jobs:
        sync_products:
          queue: plain
          per_key: 1
          attempts: 2
          backoff: {first: 1ms, longest: 1ms, jitter: 0%}
          routes: [{priority: 9, queue: urgent}, {bulk: true, queue: bulk}]
        send: {queue: plain, unique: true, attempts: 1}
      schedules:
        nightly: {job: send, cron: "30 2 * * *", zone: Europe/Madrid}
      """;

  @TempDir private static Path directory;

  private static final EmbeddedKafka KAFKA = new EmbeddedKafka(ServerConfig.temporary());
  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static @Nullable RunningApi node;

  private final TestWorker worker = new TestWorker(KAFKA.bootstrapServers());

  @BeforeAll
  static void start() throws Exception {
    KAFKA.start();
    Files.writeString(directory.resolve("catalog.yml"), CATALOG);
    node =
        Api.start(
            new ApiSettings(
                ApiUnderTest.HTTP,
                ApiUnderTest.TOKENS,
                Optional.empty(),
                RateSettings.DEFAULTS,
                RelaySettings.DEFAULTS,
                ApiUnderTest.SYNC,
                PullSettings.of(Tokens.SECRET),
                LiveSettings.DEFAULTS,
                CacheSettings.of(ApiUnderTest.SYNC.postgres()),
                NodeSettings.of(
                    directory.resolve("catalog.yml"),
                    "127.0.0.1",
                    2,
                    StreamsSettings.of(KAFKA.bootstrapServers(), directory.resolve("state")))));
    await()
        .atMost(SOON)
        .until(() -> send("GET", "/api/sync/jobs", OPERATOR, null).statusCode() == 200);
  }

  @AfterAll
  static void stop() {
    if (node != null) {
      node.close();
    }
    KAFKA.close();
    CLIENT.close();
  }

  @AfterEach
  void rest() {
    worker.close();
  }

  @Test
  void aJobIsTakenAndItsLifeIsTold() {
    JsonNode job =
        post("{\"sync_type\":\"products\",\"integration_id\":7,\"options\":{\"full\":true}}");
    String id = job.path("id").asText();
    assertThat(job.path("status").asText()).isEqualTo("QUEUED");
    assertThat(job.path("type").asText()).isEqualTo("sync_products");
    assertThat(job.path("integration_id").asInt()).isEqualTo(7);
    assertThat(job.path("key").asText()).isEqualTo("integration 7");
    assertThat(job.at("/input/options/full").asBoolean()).isTrue();
    assertThat(reasons(id)).contains("no_worker");
    worker.work("sync_products", "send");
    await().atMost(SOON).until(() -> worker.works(id));
    worker.progress(id, 40, "page 4 of 10");
    worker.log(id, "page 4");
    await().atMost(SOON).until(() -> get(id).at("/progress/percent").asInt() == 40);
    assertThat(get(id).path("status").asText()).isEqualTo("RUNNING");
    assertThat(reasons(id)).containsExactly("running");
    worker.fail(id, "timeout after 7 s");
    await().atMost(SOON).until(() -> worker.works(id));
    worker.succeed(id, "{\"rows\":3}");
    await().atMost(SOON).until(() -> get(id).path("status").asText().equals("COMPLETED"));
    JsonNode done = get(id);
    assertThat(done.at("/result/rows").asInt()).isEqualTo(3);
    assertThat(done.path("attempts")).hasSize(1);
    assertThat(done.at("/attempts/0/error").asText()).isEqualTo("timeout after 7 s");
    assertThat(done.path("timeline").findValuesAsText("event"))
        .containsExactly("submitted", "started", "error", "started", "completed");
    await()
        .atMost(SOON)
        .until(
            () ->
                json(send("GET", "/api/sync/jobs/" + id + "/log", OPERATOR, null))
                    .at("/lines/0/line")
                    .asText()
                    .equals("page 4"));
    assertThat(reasons(id)).containsExactly("ended");
  }

  @Test
  void itIsCancelledRescheduledAndRetried() {
    JsonNode later = post("{\"type\":\"sync_products\",\"delay\":\"1h\",\"key\":\"k\"}");
    String id = later.path("id").asText();
    assertThat(later.path("phase").asText()).isEqualTo("scheduled");
    assertThat(reasons(id)).contains("not_due");
    Instant at = Instant.parse("2030-01-01T00:00:00Z");
    assertProblem(
        send("POST", path(id) + "/reschedule", OPERATOR, "{\"run_at\":\"" + at + "\"}"),
        422,
        "invalid-job");
    HttpResponse<String> moved =
        send("POST", path(id) + "/reschedule", OPERATOR, "{\"delay\":7200}");
    assertThat(moved.statusCode()).as(moved.body()).isEqualTo(200);
    assertThat(json(moved).path("due_at").asText()).isGreaterThan(later.path("due_at").asText());
    HttpResponse<String> cancelled = send("DELETE", path(id), OPERATOR, null);
    assertThat(cancelled.statusCode()).as(cancelled.body()).isEqualTo(200);
    assertThat(json(cancelled).path("status").asText()).isEqualTo("CANCELLED");
    assertProblem(send("DELETE", path(id), OPERATOR, null), 409, "job-not-in-state");
    assertProblem(
        send("POST", path(id) + "/reschedule", OPERATOR, "{\"delay\":1}"), 409, "job-not-in-state");
    HttpResponse<String> again = send("POST", path(id) + "/retry", OPERATOR, "{}");
    assertThat(again.statusCode()).as(again.body()).isEqualTo(200);
    assertThat(json(again).path("phase").asText()).isEqualTo("ready");
    worker.work("sync_products");
    await().atMost(SOON).until(() -> worker.works(id));
    HttpResponse<String> asked = send("DELETE", path(id), OPERATOR, null);
    assertThat(json(asked).path("cancel_requested").asBoolean()).isTrue();
    await().atMost(SOON).until(() -> worker.isAskedToEnd(id));
    worker.fail(id, "it was cancelled");
    await().atMost(SOON).until(() -> get(id).path("status").asText().equals("CANCELLED"));
  }

  @Test
  void theSameJobIsRefused() {
    JsonNode first = post("{\"type\":\"send\",\"input\":{\"to\":\"ann\"},\"delay\":60}");
    HttpResponse<String> second =
        send("POST", "/api/sync/jobs", OPERATOR, "{\"type\":\"send\",\"input\":{\"to\":\"ann\"}}");
    assertThat(assertProblem(second, 409, "same-job").path("job").asText())
        .isEqualTo(first.path("id").asText());
    post("{\"type\":\"send\",\"input\":{\"to\":\"bob\"},\"delay\":60}");
  }

  @Test
  void manyAreTakenListedCountedAndActedOn() {
    StringBuilder jobs = new StringBuilder();
    for (int i = 0; i < 300; i++) {
      jobs.append(i == 0 ? "" : ",")
          .append("{\"type\":\"sync_products\",\"key\":\"bulk ")
          .append(i % 3)
          .append("\",\"delay\":\"1h\"}");
    }
    HttpResponse<String> taken =
        send("POST", "/api/sync/jobs/bulk", OPERATOR, "{\"jobs\":[" + jobs + "]}");
    assertThat(taken.statusCode()).as(taken.body()).isEqualTo(202);
    Set<String> ids = new TreeSet<>();
    json(taken).path("ids").forEach(id -> ids.add(id.asText()));
    assertThat(ids).hasSize(300);
    await().atMost(SOON).until(() -> all("queue=bulk&status=QUEUED").equals(ids));
    assertThat(all("key=bulk%201&status=scheduled")).hasSize(100);
    JsonNode stats = json(send("GET", "/api/sync/queue/stats", OPERATOR, null));
    JsonNode bulk = queue(stats, "bulk");
    assertThat(bulk.path("scheduled").asInt()).isEqualTo(300);
    String cancel =
        "{\"action\":\"cancel\",\"filter\":{\"queue\":\"bulk\",\"key\":\"bulk 1\"},\"dry_run\":%s}";
    HttpResponse<String> dry =
        send("POST", "/api/sync/jobs/actions", OPERATOR, cancel.formatted("true"));
    assertThat(json(dry).path("matched").asInt()).isEqualTo(100);
    assertThat(json(dry).path("sample")).hasSize(10);
    assertThat(dry.statusCode()).isEqualTo(200);
    HttpResponse<String> done =
        send("POST", "/api/sync/jobs/actions", OPERATOR, cancel.formatted("false"));
    assertThat(done.statusCode()).as(done.body()).isEqualTo(202);
    await().atMost(SOON).until(() -> all("queue=bulk&status=CANCELLED").size() == 100);
    send("POST", "/api/sync/jobs/actions", OPERATOR, "{\"action\":\"cancel\",\"filter\":{}}");
    await().atMost(SOON).until(() -> all("status=scheduled,ready").isEmpty());
  }

  @Test
  void whatFailedIsGroupedAndReplayed() {
    worker.work("send");
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      String id = post("{\"type\":\"send\",\"input\":{\"n\":" + i + "}}").path("id").asText();
      ids.add(id);
      await().atMost(SOON).until(() -> worker.works(id));
      worker.fail(id, "connection to 10.0.0." + i + " refused");
    }
    await().atMost(SOON).until(() -> all("status=FAILED&type=send").size() == 3);
    JsonNode group =
        json(send("GET", "/api/queues/dead-letters?queue=plain", OPERATOR, null)).at("/groups/0");
    assertThat(group.path("count").asInt()).isEqualTo(3);
    String retry =
        "{\"action\":\"retry\",\"filter\":{\"fingerprint\":\""
            + group.path("fingerprint").asText()
            + "\"},\"rate\":100}";
    assertThat(json(send("POST", "/api/sync/jobs/actions", OPERATOR, retry)).path("asked").asInt())
        .isEqualTo(3);
    for (String id : ids) {
      await().atMost(SOON).until(() -> worker.works(id));
      worker.succeed(id, "{}");
      await().atMost(SOON).until(() -> get(id).path("status").asText().equals("COMPLETED"));
    }
  }

  @Test
  void aPausedQueueBeginsNothing() {
    assertThat(send("POST", "/api/queues/plain/pause", OPERATOR, null).statusCode()).isEqualTo(200);
    worker.work("sync_products");
    String id = post("{\"type\":\"sync_products\"}").path("id").asText();
    assertThat(reasons(id)).contains("queue_paused");
    JsonNode urgent = json(send("POST", "/api/sync/quick", OPERATOR, "{\"integration_id\":\"3\"}"));
    assertThat(urgent.path("queue").asText()).isEqualTo("urgent");
    await().atMost(SOON).until(() -> worker.works(urgent.path("id").asText()));
    worker.succeed(urgent.path("id").asText(), "{}");
    assertThat(worker.works(id)).isFalse();
    assertThat(send("POST", "/api/queues/plain/resume", OPERATOR, null).statusCode())
        .isEqualTo(200);
    await().atMost(SOON).until(() -> worker.works(id));
    worker.succeed(id, "{}");
    assertProblem(send("POST", "/api/queues/none/pause", OPERATOR, null), 404, "unknown-queue");
  }

  @Test
  void whatIsWrongIsToldPlaceByPlace() {
    Map<String, String> wrong =
        Map.of(
            "{}", "/type",
            "{\"type\":\"fly\"}", "/type",
            "{\"type\":\"send\",\"sync_type\":\"products\"}", "/type",
            "{\"sync_type\":\"products\",\"input\":{}}", "/input",
            "{\"type\":\"send\",\"priority\":10}", "/priority",
            "{\"type\":\"send\",\"priority\":\"soon\"}", "/priority",
            "{\"type\":\"send\",\"run_at\":\"tomorrow\"}", "/run_at",
            "{\"type\":\"send\",\"delay\":\"1 fortnight\"}", "/delay",
            "{\"type\":\"send\",\"key\":\"\"}", "/key",
            "{\"type\":\"send\",\"a/b\":1}", "/a~1b");
    wrong.forEach(
        (body, pointer) ->
            assertThat(
                    assertProblem(
                            send("POST", "/api/sync/jobs", OPERATOR, body), 422, "invalid-job")
                        .at("/errors/0/pointer")
                        .asText())
                .as(body)
                .isEqualTo(pointer));
    String bulk = "{\"jobs\":[{\"type\":\"send\"},{\"type\":\"fly\"},7]}";
    assertThat(
            assertProblem(send("POST", "/api/sync/jobs/bulk", OPERATOR, bulk), 422, "invalid-job")
                .path("errors")
                .findValuesAsText("pointer"))
        .containsExactly("/jobs/1/type", "/jobs/2");
    assertProblem(
        send("GET", "/api/sync/jobs?status=odd", OPERATOR, null), 400, "invalid-parameter");
    assertProblem(send("GET", "/api/sync/jobs?limit=0", OPERATOR, null), 400, "invalid-parameter");
    assertProblem(send("GET", "/api/sync/jobs?cursor=x", OPERATOR, null), 400, "invalid-parameter");
    assertProblem(
        send("GET", "/api/sync/jobs?color=red", OPERATOR, null), 400, "invalid-parameter");
    String nobody = "/api/sync/jobs/0001-018f3c1e-7b1a-4c7e-9d7e-3a1f2b4c5d6e";
    for (String path : List.of(nobody, nobody + "/log", nobody + "/why", "/api/sync/jobs/x")) {
      assertProblem(send("GET", path, OPERATOR, null), 404, "unknown-job");
    }
  }

  @Test
  void aScheduleIsChangedTriggeredAndDropped() {
    await()
        .atMost(SOON)
        .until(() -> send("GET", "/api/schedules/nightly", OPERATOR, null).statusCode() == 200);
    JsonNode declared = json(send("GET", "/api/schedules/nightly?count=3", OPERATOR, null));
    assertThat(declared.path("origin").asText()).isEqualTo("catalog");
    assertThat(declared.path("next")).hasSize(3);
    assertProblem(
        send("DELETE", "/api/schedules/nightly", OPERATOR, null), 409, "job-not-in-state");
    String line = "{\"job\":\"send\",\"cron\":\"30 2 29 3 *\",\"zone\":\"Europe/Madrid\"}";
    HttpResponse<String> changed = send("PUT", "/api/schedules/nightly", OPERATOR, line);
    assertThat(changed.statusCode()).as(changed.body()).isEqualTo(200);
    assertThat(json(changed).path("origin").asText()).isEqualTo("changed");
    JsonNode next = json(send("GET", "/api/schedules/nightly?count=30", OPERATOR, null));
    assertThat(next.path("next").findValuesAsText("warning"))
        .as("some 29th of March is the night in which clocks skip an hour")
        .anyMatch(text -> text.contains("skip"));
    HttpResponse<String> dropped = send("DELETE", "/api/schedules/nightly", OPERATOR, null);
    assertThat(json(dropped).path("restored").asBoolean()).isTrue();
    HttpResponse<String> made =
        send(
            "PUT",
            "/api/schedules/mine",
            OPERATOR,
            "{\"job\":\"send\",\"cron\":\"@daily\",\"input\":{\"n\":1.50}}");
    assertThat(made.statusCode()).as(made.body()).isEqualTo(200);
    HttpResponse<String> job = send("POST", "/api/schedules/mine/trigger", OPERATOR, null);
    assertThat(job.statusCode()).as(job.body()).isEqualTo(201);
    assertThat(json(job).at("/input/n").decimalValue()).isEqualByComparingTo("1.5");
    assertThat(json(job).path("created_by").asText()).startsWith("schedule/mine");
    assertThat(
            json(send("POST", "/api/schedules/mine/pause", OPERATOR, null))
                .path("paused")
                .asBoolean())
        .isTrue();
    assertThat(
            json(send("POST", "/api/schedules/mine/resume", OPERATOR, null))
                .path("paused")
                .asBoolean())
        .isFalse();
    Instant now = Instant.now();
    HttpResponse<String> filled =
        send(
            "POST",
            "/api/schedules/mine/backfill",
            OPERATOR,
            "{\"after\":\"" + now.minus(Duration.ofDays(3)) + "\"}");
    assertThat(json(filled).path("times").asInt()).isEqualTo(3);
    await()
        .atMost(SOON)
        .untilAsserted(() -> assertThat(all("type=send&status=QUEUED")).hasSizeGreaterThan(3));
    for (String body :
        List.of(
            "{}",
            "{\"after\":\"" + now + "\",\"until\":\"" + now + "\"}",
            "{\"after\":\"1990-01-01T00:00:00Z\"}",
            "{\"after\":\"" + now + "\",\"until\":\"" + now.plusSeconds(99) + "\"}")) {
      assertProblem(
          send("POST", "/api/schedules/mine/backfill", OPERATOR, body), 422, "invalid-job");
    }
    assertThat(send("DELETE", "/api/schedules/mine", OPERATOR, null).statusCode()).isEqualTo(200);
    assertProblem(send("GET", "/api/schedules/mine", OPERATOR, null), 404, "unknown-schedule");
    assertProblem(
        send("PUT", "/api/schedules/mine", OPERATOR, "{\"job\":\"fly\",\"cron\":\"x\"}"),
        422,
        "invalid-job");
    send("POST", "/api/sync/jobs/actions", OPERATOR, "{\"action\":\"cancel\",\"filter\":{}}");
  }

  @Test
  void onlyWhoOperatesWantsJobs() {
    String analyst = Tokens.of("analyst");
    String device = Tokens.of("device");
    assertThat(send("GET", "/api/sync/jobs", analyst, null).statusCode()).isEqualTo(200);
    for (String token : List.of(analyst, device)) {
      assertProblem(send("POST", "/api/sync/jobs", token, "{}"), 403, "forbidden");
      assertProblem(send("POST", "/api/sync/jobs/bulk", token, "{}"), 403, "forbidden");
      assertProblem(send("POST", "/api/sync/quick", token, "{}"), 403, "forbidden");
      assertProblem(send("POST", "/api/sync/jobs/actions", token, "{}"), 403, "forbidden");
      assertProblem(send("POST", "/api/queues/plain/pause", token, null), 403, "forbidden");
      assertProblem(send("PUT", "/api/schedules/x", token, "{}"), 403, "forbidden");
    }
    assertProblem(send("GET", "/api/sync/jobs", device, null), 403, "forbidden");
    assertProblem(send("GET", "/api/sync/queue/stats", null, null), 401, "unauthenticated");
  }

  private static JsonNode queue(JsonNode stats, String name) {
    for (JsonNode queue : stats.path("queues")) {
      if (queue.path("name").asText().equals(name)) {
        return queue;
      }
    }
    throw new AssertionError("no queue " + name + " in " + stats);
  }

  private static Set<String> all(String query) {
    Set<String> ids = new TreeSet<>();
    String cursor = "";
    do {
      HttpResponse<String> page =
          send("GET", "/api/sync/jobs?limit=70&" + query + cursor, OPERATOR, null);
      assertThat(page.statusCode()).as(page.body()).isEqualTo(200);
      json(page).path("jobs").forEach(job -> ids.add(job.path("id").asText()));
      JsonNode next = json(page).path("next_cursor");
      cursor = next.isNull() ? "" : "&cursor=" + next.asText();
    } while (!cursor.isEmpty());
    return ids;
  }

  private static List<String> reasons(String id) {
    return json(send("GET", path(id) + "/why", OPERATOR, null))
        .path("reasons")
        .findValuesAsText("code");
  }

  private static JsonNode post(String body) {
    HttpResponse<String> response = send("POST", "/api/sync/jobs", OPERATOR, body);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(201);
    assertThat(response.headers().firstValue("Location"))
        .contains(path(json(response).path("id").asText()));
    return json(response);
  }

  private static JsonNode get(String id) {
    return json(send("GET", path(id), OPERATOR, null));
  }

  private static String path(String id) {
    return "/api/sync/jobs/" + id;
  }

  private static HttpResponse<String> send(
      String method, String path, @Nullable String token, @Nullable String body) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + requireNode().port() + path))
            .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    if (token != null) {
      request.header("Authorization", "Bearer " + token);
    }
    if (body != null) {
      request.header("Content-Type", "application/json");
    }
    try {
      return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static RunningApi requireNode() {
    RunningApi running = node;
    if (running == null) {
      throw new IllegalStateException("the node is not started");
    }
    return running;
  }
}
