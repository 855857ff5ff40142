package dev.tidemark.standalone.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.tidemark.contract.catalog.Catalog;
import dev.tidemark.standalone.reference.ReferenceCatalog;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever comes, the whole system answers as the OpenAPI document says it may, and settles what it
 * has accepted. {@code -Dfuzz.seed=} repeats a run, {@code -Dfuzz.requests=} makes it longer.
 */
final class SyncFuzzIT {
  private static final long SEED = Long.getLong("fuzz.seed", 2026);
  private static final int REQUESTS = Integer.getInteger("fuzz.requests", 4_000);
  private static final int DEVICES = 4;
  private static final int AT_ONCE = 50;
  private static final Duration SETTLED_WITHIN = Duration.ofSeconds(30);

  @TempDir private static Path directory;
  private static FuzzedSystem system;

  private final HttpClient client = HttpClient.newHttpClient();

  @BeforeAll
  static void start() throws Exception {
    system = FuzzedSystem.start(directory.resolve("data"));
  }

  @AfterAll
  static void stop() throws Exception {
    system.stop();
  }

  /** What one device did, in an order that its seed decides. */
  private record Run(Map<String, String> accepted, Map<Integer, Integer> statuses) {}

  @Test
  void noRequestBreaksItAndEveryAcceptedBatchIsSettled() throws Exception {
    Catalog catalog = ReferenceCatalog.catalog();
    Map<String, List<JsonNode>> rows =
        system.rows(catalog.types().stream().map(type -> type.table().toString()).toList());
    JsonNode document =
        new YAMLMapper().readTree(get("/openapi.yml", system.operatorToken()).body());
    Run run = new Run(new ConcurrentHashMap<>(), new ConcurrentHashMap<>());
    try (ExecutorService devices = Executors.newFixedThreadPool(DEVICES)) {
      List<Future<?>> all =
          IntStream.range(0, DEVICES)
              .<Future<?>>mapToObj(
                  number ->
                      devices.submit(
                          () -> {
                            fuzz(number, document, catalog, rows, run);
                            return null;
                          }))
              .toList();
      for (Future<?> one : all) {
        one.get();
      }
    }
    await()
        .atMost(SETTLED_WITHIN)
        .untilAsserted(
            () -> {
              for (Map.Entry<String, String> one : Map.copyOf(run.accepted()).entrySet()) {
                String path = one.getKey();
                HttpResponse<String> answer = get(path, one.getValue());
                assertThat(answer.statusCode()).as(path + answer.body()).isEqualTo(200);
                JsonNode batch = Answers.read(answer.body());
                assertThat(batch.path("settled").asBoolean()).as(answer.body()).isTrue();
                Answers.checkBatch(-1, batch, answer.body());
                run.accepted().remove(path);
              }
            });
    // Otherwise it would only have been shown that refusing works.
    assertThat(run.statuses().getOrDefault(200, 0))
        .as("%s", run.statuses())
        .isGreaterThan(REQUESTS / 5);
    assertThat(get("/health/readiness", system.operatorToken()).statusCode()).isEqualTo(200);
    assertThat(get("/prometheus", system.operatorToken()).statusCode()).isEqualTo(200);
  }

  /** A device that hears nothing asks again, perhaps while the first is still on its way. */
  @Test
  void oneKeyHasOneEffectHoweverManySendItAtOnce() throws Exception {
    String device = "eager-1";
    String token = system.deviceToken(device);
    long id = 77_000_001;
    long before =
        system.number(
            "insert into field.activities (id, municipality_id, kind, title, planned_for, visits)"
                + " values (%d, 3, 'TRAINING', 'Eager', '2026-03-03', 5) returning visits"
                    .formatted(id));
    await()
        .atMost(SETTLED_WITHIN)
        .until(() -> get("/api/entities/activity/" + id, token).statusCode() == 200);
    String body =
        """
        {"batch_id": "once", "device_id": "%s", "operations": [
          {"entity_type": "activity", "entity_id": %d, "operation": "update", "data": {"visits": %d},
           "base_data": {"visits": %d}, "client_timestamp": "%s", "idempotency_key": "once",
           "conflict_resolution_strategy": "merge"}]}
        """
            .formatted(device, id, before + 1, before, Instant.now());
    List<Future<HttpResponse<String>>> answers = new ArrayList<>();
    try (ExecutorService senders = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < AT_ONCE; i++) {
        answers.add(senders.submit(() -> post("/api/sync", token, body)));
      }
    }
    Set<String> operations = new HashSet<>();
    for (Future<HttpResponse<String>> one : answers) {
      HttpResponse<String> answer = one.get();
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
      JsonNode success = Answers.read(answer.body()).path("successes").path(0);
      assertThat(success.path("result").asText()).as(answer.body()).isEqualTo("applied");
      operations.add(success.path("operation_id").asText());
    }
    assertThat(operations).hasSize(1);
    assertThat(system.number("select visits from field.activities where id = " + id))
        .isEqualTo(before + 1);
    assertThat(
            system.number(
                "select count(*) from tidemark.ledger where device_id = '" + device + "'"))
        .isEqualTo(1);
  }

  private HttpResponse<String> post(String path, String token, String body)
      throws IOException, InterruptedException {
    return client.send(
        HttpRequest.newBuilder(URI.create(system.api() + path))
            .header("Authorization", "Bearer " + token)
            .header("Content-Type", "application/json")
            .header("Prefer", "wait=30")
            .POST(BodyPublishers.ofString(body))
            .build(),
        BodyHandlers.ofString());
  }

  private void fuzz(
      int number, JsonNode document, Catalog catalog, Map<String, List<JsonNode>> rows, Run run)
      throws IOException, InterruptedException {
    String device = "fuzz-" + number;
    String token = system.deviceToken(device);
    String operator = system.operatorToken();
    Random random = new Random(SEED + number);
    Specimens specimens = new Specimens(random, catalog, rows);
    SchemaRequests requests = new SchemaRequests(random, document, specimens);
    assertThat(requests.routes()).isGreaterThan(6);
    for (int i = 0; i < REQUESTS / DEVICES; i++) {
      SchemaRequests.Request request = requests.next(device);
      String bearer = random.nextInt(10) == 0 ? operator : token;
      String said = "seed %d, device %d, request %d: %s".formatted(SEED, number, i, request);
      HttpResponse<String> answer = send(request, bearer, said);
      Answers.check(request.method(), said, answer);
      run.statuses().merge(answer.statusCode(), 1, Integer::sum);
      if (isAboutABatch(request) && answer.statusCode() < 300) {
        JsonNode batch = Answers.read(answer.body());
        Answers.checkBatch(operations(request), batch, said + answer.body());
        specimens.learn(batch);
        run.accepted().put("/api/sync/batches/" + batch.path("batch_id").asText(), bearer);
      }
    }
  }

  private static boolean isAboutABatch(SchemaRequests.Request request) {
    String path = URI.create(request.target()).getPath();
    return request.method().equals("POST")
        && (path.equals("/api/sync") || path.endsWith("/undo") || path.endsWith("/resolve"));
  }

  private static int operations(SchemaRequests.Request request) {
    return request.target().contains("/undo") || request.target().contains("/resolve")
        ? 1
        : Answers.read(new String(request.body(), UTF_8)).path("operations").size();
  }

  private HttpResponse<String> send(SchemaRequests.Request request, String token, String said)
      throws InterruptedException {
    HttpRequest.Builder builder =
        HttpRequest.newBuilder(URI.create(system.api() + request.target()))
            .timeout(Duration.ofSeconds(30))
            .header("Authorization", "Bearer " + token)
            .method(
                request.method(),
                request.body().length == 0
                    ? BodyPublishers.noBody()
                    : BodyPublishers.ofByteArray(request.body()));
    request.headers().forEach(builder::header);
    try {
      return client.send(builder.build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new AssertionError(said, e);
    }
  }

  private HttpResponse<String> get(String path, String token)
      throws IOException, InterruptedException {
    return client.send(
        HttpRequest.newBuilder(URI.create(system.api() + path))
            .header("Authorization", "Bearer " + token)
            .build(),
        BodyHandlers.ofString());
  }

  static List<HostileRequests.Hostile> hostile() {
    return HostileRequests.of(system);
  }

  @ParameterizedTest
  @MethodSource
  void hostile(HostileRequests.Hostile hostile) throws IOException {
    HostileRequests.Said said = HostileRequests.send(URI.create(system.api()), hostile.bytes());
    assertThat(hostile.expected()).as(said.text()).contains(said.status());
    if (said.status() >= 400) {
      assertThat(said.text().toLowerCase(Locale.ROOT))
          .contains("application/problem+json", "\"type\":", "\"title\":", "\"detail\":");
    }
    assertThat(get200("/health/liveness")).isTrue();
  }

  private boolean get200(String path) throws IOException {
    try {
      return get(path, system.operatorToken()).statusCode() == 200;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
