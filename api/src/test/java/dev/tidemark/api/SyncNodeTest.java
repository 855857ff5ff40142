package dev.tidemark.api;

import static dev.tidemark.api.ApiUnderTest.json;
import static dev.tidemark.api.Problems.assertProblem;
import static dev.tidemark.api.SyncTest.batch;
import static dev.tidemark.api.SyncTest.device;
import static dev.tidemark.api.SyncTest.operation;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.api.cache.CacheSettings;
import dev.tidemark.api.entities.RelaySettings;
import dev.tidemark.api.live.LiveSettings;
import dev.tidemark.api.node.NodeSettings;
import dev.tidemark.api.pull.PullSettings;
import dev.tidemark.api.rate.RateSettings;
import dev.tidemark.api.sync.SyncSettings;
import dev.tidemark.contract.postgres.PostgresUrl;
import dev.tidemark.pipeline.runtime.StreamsSettings;
import dev.tidemark.servers.EmbeddedKafka;
import dev.tidemark.servers.EmbeddedPostgres18;
import dev.tidemark.servers.ServerConfig;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node against a real broker and a real Postgres; only who decides is not the real one. */
@Tag("integration")
class SyncNodeTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Path TABLES =
      Path.of("../connectors/src/main/resources/dev/tidemark/connectors/schema/tables.sql");
  private static final String CATALOG =
      """
      version: 1
      entities:
        activity:
          table: activity
          key: id
          scope: "municipality/{municipality_id}"
      """;

  @TempDir private static Path directory;

  private static final EmbeddedKafka KAFKA = new EmbeddedKafka(ServerConfig.temporary());
  private static final EmbeddedPostgres18 POSTGRES =
      new EmbeddedPostgres18(ServerConfig.temporary());

  private final HttpClient client = HttpClient.newHttpClient();
  private @Nullable FakeResolver resolver;
  private @Nullable RunningApi node;

  @BeforeAll
  static void startServers() throws Exception {
    KAFKA.start();
    POSTGRES.start();
    FakeResolver.createTables(postgres(), Files.readString(TABLES));
    Files.writeString(directory.resolve("catalog.yml"), CATALOG);
  }

  @AfterAll
  static void stopServers() {
    KAFKA.close();
    POSTGRES.close();
  }

  @BeforeEach
  void start() {
    startNode();
    resolver = new FakeResolver(KAFKA.bootstrapServers(), postgres());
  }

  @AfterEach
  void stop() {
    if (resolver != null) {
      resolver.close();
    }
    if (node != null) {
      node.close();
    }
    client.close();
  }

  @Test
  void aBatchIsAnsweredWhenItsOutcomesAreHeardAndIsKnownAfterARestart() {
    HttpResponse<String> response =
        post("n1", operation("n1", "activity", "17", "update", "{\"name\":\"x\"}", ""));
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    JsonNode answer = json(response);
    assertThat(answer.at("/successes/0/version").asText()).isEqualTo("0001-000000000000004D");
    restart();
    await("the batch is written")
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(get("/api/sync/batches/n1").statusCode()).isEqualTo(200));
    JsonNode later = json(get("/api/sync/batches/n1"));
    assertThat(later.path("settled").asBoolean()).isTrue();
    assertThat(later.at("/successes/0/operation_id"))
        .isEqualTo(answer.at("/successes/0/operation_id"));
    JsonNode again =
        json(post("n2", operation("n1", "activity", "17", "update", "{\"name\":\"x\"}", "")));
    assertThat(again.at("/successes/0/operation_id"))
        .isEqualTo(answer.at("/successes/0/operation_id"));
    assertThat(again.at("/successes/0/duplicate").asBoolean()).isTrue();
    assertThat(answer.at("/successes/0").has("duplicate")).isFalse();
  }

  @Test
  void whatIsNotThroughIsCountedAndItsGapsAreTold() {
    resolver().pause(true);
    HttpResponse<String> response =
        post(
            "p1",
            operation("p1", "activity", "1", "update", "{\"name\":\"x\"}", ",\"sequence\":100"),
            operation("p2", "activity", "2", "update", "{\"name\":\"x\"}", ",\"sequence\":104"),
            operation("p3", "activity", "2", "update", "[]", ""));
    assertThat(response.statusCode()).isEqualTo(202);
    assertThat(json(response).path("errors")).hasSize(1);
    await("the batch is written")
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(json(get("/api/sync/status/tablet-1")).path("pending").asInt())
                    .isEqualTo(2));
    resolver().pause(false);
    await("all is through")
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(json(get("/api/sync/batches/p1")).path("settled").asBoolean()).isTrue());
    JsonNode status = json(get("/api/sync/status/tablet-1"));
    assertThat(status.path("pending").asInt()).isZero();
    assertThat(status.path("oldest_pending").isNull()).isTrue();
    assertThat(status.at("/sequence_gaps/0/from").asInt()).isEqualTo(101);
    assertThat(status.at("/sequence_gaps/0/to").asInt()).isEqualTo(103);
    assertThat(status.path("last_batch").asText()).isNotEmpty();
    assertThat(json(get("/api/sync/batches/p1")).path("errors")).hasSize(1);
  }

  @Test
  void anOpenConflictIsListedAndSettledOnce() {
    String manual =
        operation("m1", "activity", "5", "update", "{\"name\":\"x\"}", "")
            .replace("\"merge\"", "\"manual\"");
    JsonNode conflict = json(post("m1", manual)).at("/conflicts/0");
    String id = conflict.path("conflict_id").asText();
    assertThat(conflict.path("conflict_type").asText()).isEqualTo("update_update");
    assertThat(json(get("/api/sync/conflicts")).path("conflicts").findValuesAsText("conflict_id"))
        .contains(id);
    HttpResponse<String> settled =
        send("/api/sync/conflicts/" + id + "/resolve", Tokens.of("operator"), CLIENT);
    assertThat(settled.statusCode()).as(settled.body()).isEqualTo(200);
    assertThat(json(settled).at("/successes/0/resolves").asText()).isEqualTo(id);
    assertThat(send("/api/sync/conflicts/" + id + "/resolve", Tokens.of("operator"), CLIENT).body())
        .contains(json(settled).at("/successes/0/operation_id").asText());
    JsonNode problem =
        assertProblem(
            send("/api/sync/conflicts/" + id + "/resolve", device(), CLIENT),
            409,
            "conflict-already-resolved");
    assertThat(problem.path("operation")).isEqualTo(json(settled).at("/successes/0/operation_id"));
    assertThat(json(get("/api/sync/conflicts")).path("conflicts").findValuesAsText("conflict_id"))
        .doesNotContain(id);
    JsonNode resolved = json(get("/api/sync/conflicts?status=resolved&type=update_update&limit=1"));
    assertThat(resolved.at("/conflicts/0/resolved_by"))
        .isEqualTo(json(settled).at("/successes/0/operation_id"));
    String next = resolved.path("next_cursor").asText();
    assertThat(json(get("/api/sync/conflicts?status=all&cursor=" + next)).path("conflicts"))
        .isEmpty();
  }

  @Test
  void anOperationIsToldAndTakenBack() {
    String id =
        json(post("u1", operation("u1", "activity", "6", "update", "{\"name\":\"x\"}", "")))
            .at("/successes/0/operation_id")
            .asText();
    JsonNode record = json(get("/api/sync/operations/" + id));
    assertThat(record.at("/decision/fields/0/server").asText()).isEqualTo("before");
    // What was found may be a row that the device is not to know of.
    assertThat(record.path("decision").has("question")).isFalse();
    assertThat(
            json(send("/api/sync/operations/" + id, Tokens.of("operator"), null))
                .at("/decision/question/row/secret")
                .asText())
        .isEqualTo("of others");
    HttpResponse<String> words = get("/api/sync/operations/" + id + "?explain=text");
    assertThat(words.headers().firstValue("Content-Type").orElse("")).startsWith("text/plain");
    assertThat(words.body()).contains("tablet-1", "activity/6");
    HttpResponse<String> undone = send("/api/sync/operations/" + id + "/undo", device(), "");
    assertThat(undone.statusCode()).as(undone.body()).isEqualTo(200);
    assertThat(json(undone).at("/successes/0/undoes").asText()).isEqualTo(id);
    assertThat(json(undone).at("/successes/0/row/name").asText()).isEqualTo("before");
    assertProblem(
        send("/api/sync/operations/" + id + "/undo", Tokens.of("operator"), ""),
        409,
        "cannot-be-undone");
    assertThat(json(get("/api/sync/operations/" + id)).path("undone_by").asText()).isNotEmpty();
  }

  @Test
  void healthAndMetricsTellOfSync() {
    post("h1", operation("h1", "activity", "7", "update", "{\"name\":\"x\"}", ""));
    assertThat(send("/health", Tokens.of("operator"), null).body()).contains("\"outcomes\"");
    assertThat(send("/prometheus", Tokens.of("admin"), null).body())
        .contains(
            "tidemark_sync_batches_seconds",
            "tidemark_sync_operations_total",
            "tidemark_sync_stage_seconds",
            "tidemark_sync_waiting");
  }

  private static final String CLIENT = "{\"resolution\": \"client\"}";

  private FakeResolver resolver() {
    return Optional.ofNullable(resolver).orElseThrow();
  }

  private void startNode() {
    node =
        Api.start(
            new ApiSettings(
                ApiUnderTest.HTTP,
                ApiUnderTest.TOKENS,
                Optional.empty(),
                RateSettings.DEFAULTS,
                RelaySettings.DEFAULTS,
                SyncSettings.of(postgres()),
                PullSettings.of(Tokens.SECRET),
                LiveSettings.DEFAULTS,
                CacheSettings.of(postgres()),
                NodeSettings.of(
                    directory.resolve("catalog.yml"),
                    "127.0.0.1",
                    4,
                    StreamsSettings.of(KAFKA.bootstrapServers(), directory.resolve("state")))));
  }

  private void restart() {
    Optional.ofNullable(node).orElseThrow().close();
    startNode();
  }

  private HttpResponse<String> post(String id, String... operations) {
    return send("/api/sync", device(), batch(id, operations));
  }

  private HttpResponse<String> get(String path) {
    return send(path, device(), null);
  }

  private HttpResponse<String> send(String path, String token, @Nullable String body) {
    int port = Optional.ofNullable(node).orElseThrow().port();
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .header("Authorization", "Bearer " + token)
            .header("Prefer", "wait=2");
    if (body != null) {
      request.POST(HttpRequest.BodyPublishers.ofString(body));
      if (!body.isEmpty()) {
        request.header("Content-Type", "application/json");
      }
    }
    try {
      return client.send(request.build(), HttpResponse.BodyHandlers.ofString(UTF_8));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static PostgresUrl postgres() {
    return PostgresUrl.parse(POSTGRES.url().libpq());
  }
}
