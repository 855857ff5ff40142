package dev.tidemark.api;

import static dev.tidemark.api.ApiUnderTest.json;
import static dev.tidemark.api.Problems.assertProblem;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.api.entities.RelaySettings;
import dev.tidemark.api.node.NodeSettings;
import dev.tidemark.api.pull.PullSettings;
import dev.tidemark.api.rate.RateSettings;
import dev.tidemark.contract.ScopedChange;
import dev.tidemark.pipeline.runtime.StreamsSettings;
import dev.tidemark.servers.EmbeddedKafka;
import dev.tidemark.servers.ServerConfig;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a device gets from nodes that follow a real topic. Each test has scopes of its own. */
@Tag("integration")
@Timeout(120)
class ChangesTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String CATALOG =
      """
      version: 1
      entities:
        ticket:
          table: ticket
          key: id
          scope: "town/{town_id}"
        note:
          table: note
          key: id
          scope: "town/{town_id}"
      """;

  @TempDir private static Path directory;

  private static final EmbeddedKafka KAFKA = new EmbeddedKafka(ServerConfig.temporary());
  private static final List<RunningApi> NODES = new ArrayList<>();

  private final HttpClient client = HttpClient.newHttpClient();
  private final String town = "town/" + UUID.randomUUID();
  private final String other = "town/" + UUID.randomUUID();
  private ScopedTopic topic;

  @BeforeAll
  static void startNodes() throws Exception {
    KAFKA.start();
    Files.writeString(directory.resolve("catalog.yml"), CATALOG);
    NODES.add(startNode("first"));
    NODES.add(startNode("second"));
  }

  @AfterAll
  static void stopNodes() {
    NODES.forEach(RunningApi::close);
    KAFKA.close();
  }

  @BeforeEach
  void openTopic() {
    topic = new ScopedTopic(KAFKA.bootstrapServers());
  }

  @AfterEach
  void closeTopic() {
    topic.close();
    client.close();
  }

  @Test
  void aFirstSyncComesInPagesAndWhatFollowsInOrder() {
    List<ScopedChange> puts = new ArrayList<>();
    for (int i = 0; i < 25; i++) {
      puts.add(topic.put(town, "ticket", "t" + i, null));
    }
    puts.forEach(put -> topic.commit(put));
    topic.commit(topic.put(other, "ticket", "foreign", null));
    List<String> seen = new ArrayList<>();
    JsonNode page = present(pull(0, town, "?limit=10&min_version=0001-0000000000000001"));
    while (page.path("has_more").asBoolean()) {
      assertThat(page.path("changes").size()).isEqualTo(10);
      assertThat(page.path("poll_after").asInt()).isZero();
      seen.addAll(page.path("changes").findValuesAsText("version"));
      page = present(pull(0, town, "?limit=10&cursor=" + page.path("cursor").asText()));
    }
    seen.addAll(page.path("changes").findValuesAsText("version"));
    assertThat(seen).isEqualTo(puts.stream().map(put -> put.version().toString()).toList());
    assertThat(page.path("poll_after").asInt()).isEqualTo(10);
    topic.commit(topic.remove(town, "ticket", "t3"), topic.put(town, "ticket", "t4", null));
    JsonNode delta =
        present(
            pull(
                0,
                town,
                "?min_version=0001-0000000000000001&cursor=" + page.path("cursor").asText()));
    assertThat(texts(delta)).containsExactly("remove ticket/t3", "put ticket/t4");
    assertThat(delta.at("/changes/1/data/id").asText()).isEqualTo("t4");
    assertThat(delta.at("/changes/0").has("data")).isFalse();
  }

  @Test
  void anyNodeGoesOnFromACursorOfAnother() {
    topic.commit(topic.put(town, "ticket", "1", null));
    String cursor = cursor(pull(0, town, "?min_version=0001-0000000000000001"));
    topic.commit(topic.put(town, "ticket", "2", null));
    JsonNode page = present(pull(1, town, "?min_version=0001-0000000000000001&cursor=" + cursor));
    assertThat(texts(page)).containsExactly("put ticket/2");
    assertThat(texts(present(pull(0, town, "?cursor=" + page.path("cursor").asText())))).isEmpty();
  }

  @Test
  void aDeviceKnowsItsEchoes() {
    topic.commit(
        topic.put(town, "ticket", "mine", "tablet-1"), topic.put(town, "ticket", "its", "phone"));
    JsonNode page = present(pull(0, town, "?min_version=0001-0000000000000001"));
    assertThat(page.at("/changes/0/echo").asBoolean()).isTrue();
    assertThat(page.at("/changes/0/origin/operation").asText()).isEqualTo("operation-mine");
    assertThat(page.at("/changes/1").has("echo")).isFalse();
    assertThat(page.at("/changes/1/origin/device").asText()).isEqualTo("phone");
  }

  @Test
  void aDeviceThatGetsAScopeGetsItsRowsAndThatLosesOneLosesThem() {
    topic.commit(topic.put(town, "ticket", "1", null), topic.put(other, "ticket", "2", null));
    JsonNode page = present(pull(0, town, "?min_version=0001-0000000000000001"));
    assertThat(texts(page)).containsExactly("put ticket/1");
    page = present(pull(0, device(town, other), "?cursor=" + page.path("cursor").asText(), ""));
    assertThat(texts(page)).containsExactly("put ticket/2");
    page = present(pull(0, device(other), "?cursor=" + page.path("cursor").asText(), ""));
    assertThat(texts(page)).containsExactly("remove ticket/1");
    page = present(pull(0, device(), "?cursor=" + page.path("cursor").asText(), ""));
    assertThat(texts(page)).containsExactly("remove ticket/2");
  }

  @Test
  void aRowThatMovesLeavesOneDeviceAndComesToAnother() {
    topic.commit(topic.put(town, "ticket", "1", null));
    String here = cursor(pull(0, town, "?min_version=0001-0000000000000001"));
    String there = cursor(pull(0, other, ""));
    String both = cursor(pull(0, device(town, other), "", ""));
    topic.commit(topic.remove(town, "ticket", "1", other), topic.put(other, "ticket", "1", null));
    String now = "?min_version=0001-0000000000000001&cursor=";
    assertThat(texts(present(pull(0, town, now + here)))).containsExactly("remove ticket/1");
    assertThat(texts(present(pull(0, other, now + there)))).containsExactly("put ticket/1");
    assertThat(texts(present(pull(0, device(town, other), now + both, ""))))
        .containsExactly("put ticket/1");
  }

  @Test
  void aCursorGoesOnWithItsTypes() {
    topic.commit(topic.put(town, "ticket", "1", null), topic.put(town, "note", "1", null));
    JsonNode page = present(pull(0, town, "?types=note&min_version=0001-0000000000000001"));
    assertThat(texts(page)).containsExactly("put note/1");
    String cursor = page.path("cursor").asText();
    assertThat(texts(present(pull(0, town, "?cursor=" + cursor)))).isEmpty();
    assertProblem(pull(0, town, "?types=ticket&cursor=" + cursor), 400, "invalid-parameter");
  }

  @Test
  void whatSomebodyHasSeenIsInTheAnswer() {
    topic.commit(topic.put(town, "ticket", "1", null));
    topic.begin(topic.put(town, "ticket", "2", null));
    HttpResponse<String> tooEarly =
        pull(0, device(town), "?min_version=0001-0000000000000001", "wait=0");
    assertProblem(tooEarly, 503, "unavailable");
    assertThat(tooEarly.headers().firstValue("Retry-After")).contains("1");
    CompletableFuture<HttpResponse<String>> waiting =
        CompletableFuture.supplyAsync(
            () -> pull(0, device(town), "?min_version=0001-0000000000000001", "wait=20"));
    topic.end();
    assertThat(texts(present(waiting.join()))).containsExactly("put ticket/1", "put ticket/2");
  }

  @Test
  void whatIsNoCursorOfTheCallersIsRefused() {
    String cursor = cursor(pull(0, town, ""));
    for (String wrong :
        List.of(
            "made-up",
            "AAAA",
            cursor.substring(1),
            cursor.substring(0, cursor.length() - 2) + "AA",
            "A".repeat(7_000))) {
      JsonNode problem = assertProblem(pull(0, town, "?cursor=" + wrong), 400, "invalid-parameter");
      assertThat(problem.at("/errors/0/pointer").asText()).isEqualTo("/query/cursor");
    }
    String another =
        Tokens.signed(
            claims ->
                claims
                    .subject("another")
                    .claim("roles", List.of("device"))
                    .claim("scopes", List.of()));
    assertProblem(pull(0, another, "?cursor=" + cursor, ""), 400, "invalid-parameter");
    for (String wrong :
        List.of("limit=0", "limit=5001", "limit=x", "types=nothing", "min_version=1", "cursor=")) {
      assertProblem(pull(0, town, "?" + wrong), 400, "invalid-parameter");
    }
    assertProblem(pull(0, Tokens.of("operator"), "", ""), 403, "forbidden");
  }

  @Test
  void whoWasAwayTooLongStartsAnew() {
    topic.commit(topic.put(town, "ticket", "1", null));
    String cursor = cursor(pull(0, town, "?min_version=0001-0000000000000001"));
    topic.commit(
        ScopedTopic.at(Instant.now().minus(Duration.ofDays(91)), topic.remove(town, "ticket", "1")),
        topic.put(town, "ticket", "2", null));
    String expired = cursor;
    await("the removal is forgotten")
        .atMost(Duration.ofSeconds(90))
        .until(() -> pull(0, town, "?cursor=" + expired).statusCode() == 410);
    JsonNode problem = assertProblem(pull(0, town, "?cursor=" + cursor), 410, "cursor-expired");
    assertThat(problem.path("detail").asText()).contains("without a cursor");
    assertThat(texts(present(pull(0, town, "")))).containsExactly("put ticket/2");
  }

  @Test
  void answersAreCompressedForWhoeverAsksForIt() throws Exception {
    for (int i = 0; i < 100; i++) {
      topic.commit(topic.put(town, "ticket", "1" + i, null));
    }
    present(pull(0, town, "?min_version=0001-0000000000000001"));
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(address(0) + "/api/sync/changes"))
            .header("Authorization", "Bearer " + device(town))
            .header("Accept-Encoding", "gzip")
            .build();
    HttpResponse<byte[]> response = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
    assertThat(response.headers().firstValue("Content-Encoding")).contains("gzip");
    try (GZIPInputStream plain = new GZIPInputStream(new ByteArrayInputStream(response.body()))) {
      String text = new String(plain.readAllBytes(), UTF_8);
      assertThat(text).contains("\"has_more\":false");
      assertThat(response.body().length).isLessThan(text.length() / 4);
    }
  }

  @Test
  void healthAndMetricsTellOfTheLog() {
    present(pull(0, town, ""));
    assertThat(get(0, "/health", Tokens.of("operator"), "").body()).contains("\"scope-log\"");
    assertThat(get(0, "/prometheus", Tokens.of("admin"), "").body())
        .contains(
            "tidemark_scope_log_records_total",
            "tidemark_scope_log_delay_seconds",
            "tidemark_scope_log_lag",
            "tidemark_pull_pages_seconds",
            "tidemark_pull_changes_total");
  }

  private static RunningApi startNode(String name) throws InterruptedException {
    StreamsSettings streams = StreamsSettings.of(KAFKA.bootstrapServers(), directory.resolve(name));
    RunningApi node =
        Api.start(
            new ApiSettings(
                ApiUnderTest.HTTP,
                ApiUnderTest.TOKENS,
                Optional.empty(),
                RateSettings.DEFAULTS,
                RelaySettings.DEFAULTS,
                ApiUnderTest.SYNC,
                PullSettings.of(Tokens.SECRET),
                NodeSettings.of(directory.resolve("catalog.yml"), "127.0.0.1", 4, streams)));
    assertThat(node.awaitRunning(PATIENCE)).isTrue();
    return node;
  }

  private static String device(String... scopes) {
    return Tokens.signed(
        claims ->
            claims
                .subject("device")
                .claim("device", "tablet-1")
                .claim("roles", List.of("device"))
                .claim("scopes", List.of(scopes)));
  }

  private static JsonNode present(HttpResponse<String> response) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return json(response);
  }

  private static String cursor(HttpResponse<String> response) {
    return present(response).path("cursor").asText();
  }

  private static List<String> texts(JsonNode page) {
    List<String> texts = new ArrayList<>();
    for (JsonNode change : page.path("changes")) {
      texts.add(
          change.path("kind").asText()
              + " "
              + change.path("type").asText()
              + "/"
              + change.path("id").asText());
    }
    return texts;
  }

  private HttpResponse<String> pull(int node, String scope, String query) {
    return scope.startsWith("town/")
        ? pull(node, device(scope), query, "")
        : pull(node, scope, query, "");
  }

  private HttpResponse<String> pull(int node, String token, String query, String prefer) {
    return get(node, "/api/sync/changes" + query, token, prefer);
  }

  private HttpResponse<String> get(int node, String path, String token, String prefer) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(address(node) + path))
            .header("Authorization", "Bearer " + token);
    if (!prefer.isEmpty()) {
      request.header("Prefer", prefer);
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

  private static String address(int node) {
    return "http://127.0.0.1:" + NODES.get(node).port();
  }
}
