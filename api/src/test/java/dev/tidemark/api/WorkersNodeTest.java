package dev.tidemark.api;

import static dev.tidemark.api.ApiUnderTest.json;
import static dev.tidemark.api.Problems.assertProblem;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.api.cache.CacheSettings;
import dev.tidemark.api.entities.RelaySettings;
import dev.tidemark.api.live.LiveSettings;
import dev.tidemark.api.node.NodeSettings;
import dev.tidemark.api.pull.PullSettings;
import dev.tidemark.api.rate.RateSettings;
import dev.tidemark.api.webhooks.WebhookSettings;
import dev.tidemark.contract.webhook.WebhookSignature;
import dev.tidemark.pipeline.runtime.StreamsSettings;
import dev.tidemark.servers.EmbeddedKafka;
import dev.tidemark.servers.ServerConfig;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
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
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Workers that speak HTTP: two nodes beside a real broker, and a client of each test's own. */
@Tag("integration")
class WorkersNodeTest {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final String OPERATOR = Tokens.of("operator");
  private static final String WORKER = Tokens.of("worker");
  private static final String NOBODY = "http-018f3c1e-7b1a-4c7e-9d7e-3a1f2b4c5d6e";
  private static final String NO_JOB = "0001-018f3c1e-7b1a-4c7e-9d7e-3a1f2b4c5d6e";
  private static final Map<String, String> SECRETS =
      Map.of(
          "TIDEMARK_WEBHOOK_SECRET", "the-secret-for-all-others",
          "TIDEMARK_WEBHOOK_SECRET_INTEGRATION_1", "the-secret-of-a-shop");
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
      jobs:
        whole: {queue: plain, attempts: 2, backoff: {first: 1ms, longest: 1ms, jitter: 0%}}
        lost: {queue: plain, attempts: 2}
        silent: {queue: plain, attempts: 2}
        unwanted: {queue: plain, attempts: 2}
        back: {queue: plain, attempts: 1}
        moved: {queue: plain, attempts: 1}
        held: {queue: plain, attempts: 1}
        many: {queue: plain, attempts: 1}
        left: {queue: plain, attempts: 2}
        none: {queue: plain, attempts: 1}
        send: {queue: plain, attempts: 1}
        receive_webhook: {queue: plain, unique: {within: 24h}}
      """;

  @TempDir private static Path directory;

  private static final EmbeddedKafka KAFKA = new EmbeddedKafka(ServerConfig.temporary());
  private static final List<RunningApi> NODES = new ArrayList<>();

  @BeforeAll
  static void start() throws IOException {
    KAFKA.start();
    Files.writeString(directory.resolve("catalog.yml"), CATALOG);
    for (String name : List.of("first", "second")) {
      NODES.add(
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
                      4,
                      StreamsSettings.of(KAFKA.bootstrapServers(), directory.resolve(name))),
                  new WebhookSettings(SECRETS))));
    }
    for (RunningApi node : NODES) {
      await()
          .atMost(SOON)
          .until(() -> send("GET", node.port(), "/api/sync/jobs").statusCode() == 200);
    }
  }

  @AfterAll
  static void stop() {
    NODES.forEach(RunningApi::close);
    KAFKA.close();
  }

  @Test
  void aWorkerOfAnotherLanguageDoesAJob() {
    try (HttpWorker worker = worker(4, 30, "whole")) {
      String id = submit("whole", "{\"to\":\"ann\"}");
      JsonNode begin = worker.begin();
      assertThat(begin.path("id").asText()).isEqualTo(id);
      assertThat(begin.path("type").asText()).isEqualTo("whole");
      assertThat(begin.at("/input/to").asText()).isEqualTo("ann");
      assertThat(Instant.parse(begin.path("soft_deadline").asText()))
          .isBefore(Instant.parse(begin.path("hard_deadline").asText()));
      assertThat(begin.has("saved")).isFalse();
      assertThat(get(id).path("worker").asText()).isEqualTo(worker.name());
      accepted(worker.say(id, "progress", ",\"percent\":40,\"text\":\"page 4\""));
      accepted(worker.say(id, "log", ",\"lines\":[\"one\",\"two\"]"));
      accepted(worker.say(id, "save", ",\"state\":{\"page\":4}"));
      await().atMost(SOON).until(() -> get(id).at("/progress/percent").asInt() == 40);
      HttpResponse<String> failed =
          worker.end(id, "fail", ",\"error\":\"timeout\\nafter 7 s\",\"final\":false");
      assertThat(failed.statusCode()).as(failed.body()).isEqualTo(200);
      assertThat(worker.say(id, 1, "fail", ",\"error\":\"said again\"").statusCode())
          .isEqualTo(200);
      JsonNode again = worker.begin();
      assertThat(again.path("attempt").asInt()).isEqualTo(2);
      assertThat(again.at("/saved/page").asInt()).isEqualTo(4);
      assertProblem(worker.say(id, 1, "complete", ""), 409, "job-not-in-state");
      HttpResponse<String> done = worker.say(id, "complete", ",\"result\":{\"rows\":3}");
      assertThat(done.statusCode()).as(done.body()).isEqualTo(200);
      assertThat(json(done).path("status").asText()).isEqualTo("COMPLETED");
      JsonNode job = get(id);
      assertThat(job.path("status").asText()).isEqualTo("COMPLETED");
      assertThat(job.at("/result/rows").asInt()).isEqualTo(3);
      assertThat(job.at("/attempts/0/error").asText()).isEqualTo("timeout\nafter 7 s");
      assertThat(worker.say(id, "complete", ",\"result\":{\"rows\":3}").statusCode())
          .isEqualTo(200);
      assertProblem(
          worker.say(id, "complete", ",\"result\":{\"rows\":4}"), 409, "job-not-in-state");
      assertProblem(worker.say(id, "progress", ",\"percent\":50"), 409, "job-not-in-state");
      assertProblem(worker.say(id, 3, "progress", ",\"percent\":50"), 409, "job-not-in-state");
      await()
          .atMost(SOON)
          .until(
              () ->
                  json(send("GET", port(), "/api/sync/jobs/" + id + "/log"))
                      .path("lines")
                      .findValuesAsText("line")
                      .equals(List.of("one", "two")));
    }
  }

  @Test
  void anAnswerThatIsLostLosesNothingAndCostsNoAttempt() {
    try (HttpWorker worker = worker(4, 30, "lost")) {
      String id = submit("lost", "{}");
      JsonNode lost = worker.begin();
      worker.running.clear();
      // Later than a worker that knows of a job would have said so.
      Instant late = Instant.now().plusSeconds(8);
      await()
          .atMost(SOON)
          .pollInterval(Duration.ofMillis(500))
          .until(
              () -> {
                assertThat(worker.claim(20).path("begin")).containsExactly(lost);
                return Instant.now().isAfter(late);
              });
      worker.running.put(id, 1);
      assertThat(worker.claim(1).path("begin")).isEmpty();
      assertThat(worker.end(id, "complete", "").statusCode()).isEqualTo(200);
      assertThat(get(id).path("attempts")).isEmpty();
    }
  }

  @Test
  void whoIsSilentLosesItsJobAndItsResultDoesNotCount() {
    try (HttpWorker silent = worker(1, 5, "silent")) {
      String id = submit("silent", "{}");
      assertThat(silent.begin().path("id").asText()).isEqualTo(id);
      try (HttpWorker other = worker(1, 5, "silent")) {
        assertThat(other.begin().path("attempt").asInt()).isEqualTo(2);
        assertProblem(
            silent.say(id, "complete", ",\"result\":\"too late\""), 409, "job-not-in-state");
        assertThat(silent.heartbeat().path("end").findValuesAsText("why"))
            .containsExactly("abandoned");
        assertProblem(other.say(id, 1, "complete", ""), 409, "job-not-in-state");
        assertProblem(silent.say(id, 2, "complete", ""), 409, "job-not-in-state");
        assertThat(other.say(id, "complete", ",\"result\":\"in time\"").statusCode())
            .isEqualTo(200);
        assertThat(get(id).path("result").asText()).isEqualTo("in time");
      }
    }
  }

  @Test
  void aWorkerIsToldThatNobodyWantsAJobAnyMore() {
    try (HttpWorker worker = worker(2, 30, "unwanted")) {
      String id = submit("unwanted", "{}");
      worker.begin();
      assertThat(send("DELETE", port(), "/api/sync/jobs/" + id).statusCode()).isEqualTo(200);
      JsonNode end = worker.claim(30).path("end");
      assertThat(end.findValuesAsText("id")).containsExactly(id);
      assertThat(end.findValuesAsText("why")).containsExactly("cancelled");
      assertThat(worker.heartbeat().path("end").findValuesAsText("why"))
          .containsExactly("cancelled");
      HttpResponse<String> progress = worker.say(id, "progress", ",\"percent\":1");
      assertThat(json(progress).path("cancel_requested").asBoolean()).isTrue();
      HttpResponse<String> failed = worker.end(id, "fail", ",\"error\":\"it was cancelled\"");
      assertThat(failed.statusCode()).as(failed.body()).isEqualTo(200);
      assertThat(get(id).path("status").asText()).isEqualTo("CANCELLED");
    }
  }

  @Test
  void whatIsHandedBackHasAsManyAttemptsLeft() {
    try (HttpWorker worker = worker(1, 30, "back")) {
      String id = submit("back", "{}");
      worker.begin();
      HttpResponse<String> back = worker.end(id, "hand-back", "");
      assertThat(back.statusCode()).as(back.body()).isEqualTo(200);
      JsonNode again = worker.begin();
      assertThat(again.path("id").asText()).isEqualTo(id);
      assertThat(worker.say(id, 1, "hand-back", "").statusCode()).isEqualTo(200);
      assertThat(get(id).path("attempts")).isEmpty();
      assertThat(worker.end(id, "complete", "").statusCode()).isEqualTo(200);
      assertProblem(
          worker.say(id, again.path("attempt").asInt(), "hand-back", ""), 409, "job-not-in-state");
    }
  }

  @Test
  void anyNodeAnswersAnyRequest() {
    try (HttpWorker worker = worker(2, 30, "moved")) {
      for (int i = 0; i < 6; i++) {
        worker.port = NODES.get(i % 2).port();
        String id = submit("moved", "{}");
        JsonNode begin = worker.begin();
        assertThat(begin.path("id").asText()).isEqualTo(id);
        worker.running.clear();
        worker.port = NODES.get((i + 1) % 2).port();
        assertThat(worker.claim(20).path("begin")).containsExactly(begin);
        worker.running.put(id, begin.path("attempt").asInt());
        assertThat(worker.end(id, "complete", "").statusCode()).isEqualTo(200);
        worker.port = NODES.get(i % 2).port();
        assertThat(worker.claim(1).path("begin")).as("it is done").isEmpty();
      }
    }
  }

  @Test
  void whatWasGivenToWhoClaimsNoMoreGoesToAnother() {
    try (HttpWorker busy = worker(8, 60, "held")) {
      String first = submit("held", "{}");
      assertThat(busy.begin().path("id").asText()).isEqualTo(first);
      // It may be given more until it says that it wants none.
      String second = submit("held", "{}");
      await().atMost(SOON).until(() -> get(second).path("worker").asText().equals(busy.name()));
      await()
          .atMost(SOON)
          .pollInterval(Duration.ofMillis(500))
          .until(
              () -> {
                busy.heartbeat();
                return get(second).path("phase").asText().equals("ready");
              });
      assertThat(get(second).path("attempts")).isEmpty();
      try (HttpWorker other = worker(1, 30, "held")) {
        assertThat(other.begin().path("id").asText()).isEqualTo(second);
        assertThat(other.end(second, "complete", "").statusCode()).isEqualTo(200);
      }
      assertThat(busy.end(first, "complete", "").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void whoHasOneSlotIsNeverToldToBeginTwo() {
    Set<String> all = new TreeSet<>();
    for (int i = 0; i < 12; i++) {
      all.add(submit("many", "{}"));
    }
    Set<String> done = new TreeSet<>();
    try (HttpWorker worker = worker(1, 30, "many")) {
      while (done.size() < all.size()) {
        String id = worker.begin().path("id").asText();
        assertThat(worker.claim(1).path("begin")).as("it is full").isEmpty();
        assertThat(worker.end(id, "complete", "").statusCode()).isEqualTo(200);
        done.add(id);
      }
    }
    assertThat(done).isEqualTo(all);
    all.forEach(id -> assertThat(get(id).path("attempts")).isEmpty());
  }

  @Test
  void whoGoesLeavesItsJobsToOthers() {
    HttpWorker gone = worker(1, 300, "left");
    String id;
    try (gone) {
      id = submit("left", "{}");
      gone.begin();
    }
    try (HttpWorker other = worker(1, 30, "left")) {
      assertThat(other.begin().path("id").asText()).isEqualTo(id);
      assertThat(other.end(id, "complete", "").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void aWorkerDoesJobsAndNothingElse() {
    String shift = "{\"types\":[\"none\"]}";
    for (String role : List.of("worker", "operator", "admin")) {
      assertThat(post("/api/workers", Tokens.of(role), shift).statusCode()).isEqualTo(201);
    }
    for (String role : List.of("device", "analyst", "scraper")) {
      assertProblem(post("/api/workers", Tokens.of(role), shift), 403, "forbidden");
      assertProblem(
          post("/api/workers/" + NOBODY + "/claim", Tokens.of(role), shift), 403, "forbidden");
      assertProblem(
          post("/api/workers/" + NOBODY + "/jobs/" + NO_JOB + "/complete", Tokens.of(role), "{}"),
          403,
          "forbidden");
    }
    assertProblem(post("/api/workers", null, shift), 401, "unauthenticated");
    for (String path :
        List.of("/api/sync/jobs", "/api/sync/queue/stats", "/api/cache/metrics", "/prometheus")) {
      assertProblem(HttpWorker.send("GET", port(), path, WORKER, null, 0), 403, "forbidden");
    }
    assertProblem(post("/api/sync/jobs", WORKER, "{\"type\":\"none\"}"), 403, "forbidden");
    assertThat(HttpWorker.send("GET", port(), "/api/sync/changes", WORKER, null, 0).statusCode())
        .isEqualTo(403);
  }

  @Test
  void whatIsWrongIsToldPlaceByPlace() {
    Map<String, String> shifts =
        Map.of(
            "{}",
            "/types",
            "{\"types\":[]}",
            "/types",
            "{\"types\":[\"none\",\"fly\"]}",
            "/types/1",
            "{\"types\":[\"none\"],\"slots\":0}",
            "/slots",
            "{\"types\":[\"none\"],\"slots\":101}",
            "/slots",
            "{\"types\":[\"none\"],\"lease_seconds\":4}",
            "/lease_seconds",
            "{\"types\":[\"none\"],\"running\":[]}",
            "/running",
            "{\"types\":[\"none\"],\"running\":{\"x/y\":1}}",
            "/running/x~1y",
            "{\"types\":[\"none\"],\"running\":{\"" + NO_JOB + "\":0}}",
            "/running/" + NO_JOB,
            "{\"types\":[\"none\"],\"color\":\"red\"}",
            "/color");
    shifts.forEach(
        (body, pointer) -> {
          assertThat(pointer(post("/api/workers/" + NOBODY + "/claim", WORKER, body)))
              .as(body)
              .isEqualTo(pointer);
          assertThat(pointer(post("/api/workers/" + NOBODY + "/heartbeat", WORKER, body)))
              .as(body)
              .isEqualTo(pointer);
        });
    Map<String, String> ends =
        Map.of(
            "complete {}",
            "/attempt",
            "complete {\"attempt\":0}",
            "/attempt",
            "complete {\"attempt\":1,\"result\":\"" + "x".repeat(100_000) + "\"}",
            "/result",
            "fail {\"attempt\":1}",
            "/error",
            "fail {\"attempt\":1,\"error\":\"e\",\"final\":1}",
            "/final",
            "progress {\"attempt\":1,\"percent\":101}",
            "/percent",
            "save {\"attempt\":1,\"state\":\"" + "x".repeat(10_000) + "\"}",
            "/state",
            "log {\"attempt\":1,\"lines\":[]}",
            "/lines",
            "log {\"attempt\":1,\"lines\":[\"a\",1]}",
            "/lines/1",
            "hand-back {\"attempt\":1,\"why\":1}",
            "/why");
    ends.forEach(
        (what, pointer) -> {
          int space = what.indexOf(' ');
          String path =
              "/api/workers/" + NOBODY + "/jobs/" + NO_JOB + "/" + what.substring(0, space);
          assertThat(pointer(post(path, WORKER, what.substring(space + 1))))
              .as(path)
              .isEqualTo(pointer);
        });
    String none = "{\"types\":[\"none\"]}";
    for (String name : List.of("http-7", "node-018f3c1e-7b1a-4c7e-9d7e-3a1f2b4c5d6e", "x")) {
      assertProblem(post("/api/workers/" + name + "/claim", WORKER, none), 404, "unknown-worker");
      assertProblem(
          post("/api/workers/" + name + "/heartbeat", WORKER, none), 404, "unknown-worker");
    }
    for (String id : List.of(NO_JOB, "x")) {
      assertProblem(
          post("/api/workers/" + NOBODY + "/jobs/" + id + "/complete", WORKER, "{\"attempt\":1}"),
          404,
          "unknown-job");
    }
  }

  @Test
  void whatAnotherProgramTellsBecomesAJobOnce() {
    String body = "{\"topic\":\"orders/updated\",\"text\":\"\u00e4\"}";
    HttpResponse<String> told =
        tell("integration/1", "the-secret-of-a-shop", Instant.now(), "7", body, body);
    assertThat(told.statusCode()).as(told.body()).isEqualTo(202);
    String id = json(told).path("job").asText();
    await().atMost(SOON).until(() -> get(id).path("status").asText().equals("QUEUED"));
    JsonNode job = get(id);
    assertThat(job.path("unique_key").asText()).isEqualTo("integration/1/7");
    assertThat(job.path("created_by").asText()).isEqualTo("webhook/integration/1");
    assertThat(job.at("/input/source").asText()).isEqualTo("integration/1");
    assertThat(job.at("/input/id").asText()).isEqualTo("7");
    assertThat(job.at("/input/body").asText()).isEqualTo(body);
    assertThat(job.at("/input/headers").properties())
        .extracting(Map.Entry::getKey)
        .containsExactlyInAnyOrder("Content-Type", "User-Agent");
    HttpResponse<String> again =
        tell("integration/1", "the-secret-of-a-shop", Instant.now(), "7", body, body);
    assertThat(again.statusCode()).isEqualTo(202);
    await()
        .atMost(SOON)
        .until(() -> get(json(again).path("job").asText()).path("same_as").asText().equals(id));
    assertThat(
            tell("desk", "the-secret-for-all-others", Instant.now(), "7", body, body).statusCode())
        .isEqualTo(202);
  }

  @Test
  void whoDoesNotSignIsNotHeard() {
    String secret = "the-secret-of-a-shop";
    assertProblem(
        tell("integration/1", "the-secret-for-all-others", Instant.now(), "1", "{}", "{}"),
        401,
        "unauthenticated");
    assertProblem(
        tell("integration/1", secret, Instant.now(), "1", "{}", "{\"a\":1}"),
        401,
        "unauthenticated");
    assertProblem(
        tell("integration/1", secret, Instant.now().minusSeconds(400), "1", "{}", "{}"),
        401,
        "unauthenticated");
    assertProblem(tell("Desk", secret, Instant.now(), "1", "{}", "{}"), 401, "unauthenticated");
    assertProblem(post("/api/webhooks/desk", null, "{}"), 401, "unauthenticated");
    assertProblem(post("/api/webhooks/desk", OPERATOR, "{}"), 401, "unauthenticated");
    String large = "x".repeat(50_000);
    assertProblem(
        tell("integration/1", secret, Instant.now(), "1", large, large), 413, "body-too-large");
    String quotes = "\"".repeat(40_000);
    assertProblem(
        tell("integration/1", secret, Instant.now(), "1", quotes, quotes), 413, "body-too-large");
    assertProblem(
        tell("integration/1", secret, Instant.now(), "a b", "{}", "{}"), 400, "invalid-parameter");
    assertProblem(
        tell("integration/1", secret, Instant.now(), "1", "\0", "\0"), 400, "bad-request");
  }

  private static HttpResponse<String> tell(
      String source, String secret, Instant at, String id, String signed, String sent) {
    String signature = WebhookSignature.sign(secret, at, id, signed.getBytes(UTF_8));
    return HttpWorker.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + "/api/webhooks/" + source))
            .header("Content-Type", "application/json")
            .header(WebhookSignature.HEADER, signature)
            .header(WebhookSignature.ID_HEADER, id)
            .POST(HttpRequest.BodyPublishers.ofString(sent))
            .build());
  }

  @Test
  void theExampleInTheDocumentationWorks() throws Exception {
    assumeTrue(hasPython(), "there is no python3");
    String page = Files.readString(Path.of("..", "docs", "workers.md"));
    int start = page.indexOf("```python\n") + "```python\n".length();
    Path script = directory.resolve("worker.py");
    Files.writeString(script, page.substring(start, page.indexOf("```", start)));
    ProcessBuilder builder = new ProcessBuilder("python3", script.toString()).inheritIO();
    builder.environment().put("TIDEMARK_URL", "http://127.0.0.1:" + port());
    builder.environment().put("TIDEMARK_TOKEN", WORKER);
    Process process = builder.start();
    try {
      List<String> ids = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        ids.add(submit("send", "{\"to\":\"" + i + "\"}"));
      }
      String broken = submit("send", "{}");
      for (int i = 0; i < 10; i++) {
        String id = ids.get(i);
        await().atMost(SOON).until(() -> get(id).path("status").asText().equals("COMPLETED"));
        assertThat(get(id).at("/result/sent_to").asText()).isEqualTo(Integer.toString(i));
      }
      await().atMost(SOON).until(() -> get(broken).path("status").asText().equals("FAILED"));
      assertThat(get(broken).at("/attempts/0/error").asText()).contains("KeyError");
      process.destroy();
      assertThat(process.waitFor(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).isZero();
    } finally {
      process.destroyForcibly();
    }
  }

  private static boolean hasPython() throws InterruptedException {
    try {
      return new ProcessBuilder("python3", "--version").start().waitFor() == 0;
    } catch (IOException _) {
      return false;
    }
  }

  private static String pointer(HttpResponse<String> response) {
    return assertProblem(response, 422, "invalid-job").at("/errors/0/pointer").asText();
  }

  private static void accepted(HttpResponse<String> response) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(202);
    assertThat(json(response).path("status").asText()).isEqualTo("RUNNING");
  }

  private static HttpWorker worker(int slots, int leaseSeconds, String... types) {
    return new HttpWorker(port(), WORKER, slots, leaseSeconds, types);
  }

  private static String submit(String type, String input) {
    HttpResponse<String> response =
        post("/api/sync/jobs", OPERATOR, "{\"type\":\"" + type + "\",\"input\":" + input + "}");
    assertThat(response.statusCode()).as(response.body()).isIn(201, 202);
    return json(response).path("id").asText();
  }

  private static JsonNode get(String id) {
    return json(send("GET", port(), "/api/sync/jobs/" + id));
  }

  private static HttpResponse<String> post(String path, @Nullable String token, String body) {
    return HttpWorker.send("POST", port(), path, token, body, 0);
  }

  private static HttpResponse<String> send(String method, int port, String path) {
    return HttpWorker.send(method, port, path, OPERATOR, null, 0);
  }

  private static int port() {
    return NODES.getFirst().port();
  }
}
