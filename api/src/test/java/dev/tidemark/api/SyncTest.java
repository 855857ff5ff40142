package dev.tidemark.api;

import static dev.tidemark.api.ApiUnderTest.json;
import static dev.tidemark.api.Problems.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.contract.sync.Result;
import dev.tidemark.contract.sync.Ruling;
import dev.tidemark.contract.sync.Submission;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Batches as a device sends them; what is behind the api is in memory. */
class SyncTest {
  static final Map<String, String> ACTIVITY =
      Map.of(
          "id", "int8",
          "municipality_id", "int4",
          "name", "text",
          "done", "bool",
          "tags", "_text",
          "due", "timestamptz",
          "extra", "jsonb",
          "price", "numeric");

  /** The same in every operation of a run, so that a repetition is one. */
  @SuppressWarnings("TimeInStaticInitializer") // it has to be recent, and one for all
  static final Instant MOMENT = Instant.now().minusSeconds(60);

  private final FakeEntities entities = new FakeEntities();
  private final FakeSync sync = new FakeSync();
  private final ApiUnderTest api =
      ApiUnderTest.start(ApiUnderTest.settings(), entities, sync, List.of(), List.of());

  @BeforeEach
  void tellColumns() {
    sync.columns("activity", ACTIVITY);
  }

  @AfterEach
  void stop() {
    api.close();
  }

  @Test
  void anOperationIsAnsweredWithItsNewVersionAndRow() {
    HttpResponse<String> response =
        post("b1", operation("k1", "activity", "17", "update", "{\"name\":\"x\"}", ""));
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    JsonNode answer = json(response);
    assertThat(answer.path("settled").asBoolean()).isTrue();
    assertThat(answer.path("processed").asInt()).isEqualTo(1);
    assertThat(answer.path("server_timestamp").asText()).isNotEmpty();
    JsonNode success = answer.path("successes").path(0);
    assertThat(success.path("version").asText()).isEqualTo(FakeSync.AFTER.toString());
    assertThat(success.path("row").path("name").asText()).isEqualTo("x");
    assertThat(success.path("entity_id").asText()).isEqualTo("17");
    assertThat(success.path("index").asInt()).isZero();
    Submission handed = sync.handed().getFirst();
    assertThat(handed.operation().device()).isEqualTo("tablet-1");
    assertThat(handed.permission().scopes()).containsExactly("municipality/3");
  }

  @Test
  void aRetryIsAnsweredFromTheLedgerAndHandsNothingOver() {
    String operation = operation("k1", "activity", "17", "update", "{\"name\":\"x\"}", "");
    JsonNode first = json(post("b1", operation));
    JsonNode second = json(post("b2", operation));
    assertThat(sync.handed()).hasSize(1);
    assertThat(second.path("successes").path(0).path("operation_id"))
        .isEqualTo(first.path("successes").path(0).path("operation_id"));
  }

  @Test
  void aKeyThatIsUsedForSomethingElseIsAnError() {
    post("b1", operation("k1", "activity", "17", "update", "{\"name\":\"x\"}", ""));
    JsonNode answer =
        json(post("b2", operation("k1", "activity", "17", "update", "{\"name\":\"y\"}", "")));
    JsonNode error = answer.path("errors").path(0);
    assertThat(error.path("type").asText()).isEqualTo("/problems/idempotency-key-reused");
    assertThat(error.path("status").asInt()).isEqualTo(422);
    assertThat(error.path("index").asInt()).isZero();
    assertThat(sync.handed()).hasSize(1);
  }

  @Test
  void aKeyMayComeTwiceInABatchWithTheSameContentOnly() {
    String one = operation("k1", "activity", "17", "update", "{\"name\":\"x\"}", "");
    String other = operation("k1", "activity", "17", "update", "{\"name\":\"y\"}", "");
    JsonNode answer = json(post("b1", one, one, other));
    assertThat(answer.path("successes")).hasSize(2);
    assertThat(answer.path("successes").path(1).path("index").asInt()).isEqualTo(1);
    assertThat(answer.path("errors").path(0).path("index").asInt()).isEqualTo(2);
    assertThat(sync.handed()).hasSize(1);
  }

  @Test
  void oneBadOperationDoesNotStopTheOthers() {
    JsonNode answer =
        json(
            post(
                "b1",
                operation("k1", "activity", "17", "update", "{\"name\":\"x\"}", ""),
                operation("k2", "activity", "18", "update", "{\"statuss\":\"x\"}", ""),
                operation("k3", "nothing", "18", "update", "{\"name\":\"x\"}", ""),
                operation("k4", "activity", "18", "update", "{\"done\":\"yes\"}", ""),
                operation("k5", "activity", "18", "update", "{\"id\":19}", ""),
                operation("k6", "activity", "18", "delete", null, "")));
    assertThat(answer.path("successes")).hasSize(2);
    assertThat(answer.path("errors").findValuesAsText("type"))
        .containsExactly(
            "/problems/unknown-column",
            "/problems/unknown-entity-type",
            "/problems/invalid-value",
            "/problems/invalid-value");
    assertThat(answer.path("errors").path(0).path("errors").path(0).path("pointer").asText())
        .isEqualTo("/operations/1/data/statuss");
    assertThat(answer.path("processed").asInt()).isEqualTo(6);
    assertThat(sync.handed()).hasSize(2);
  }

  @Test
  void whenTheWaitRunsOutTheAnswerIsFoundLater() {
    sync.decide(_ -> Optional.empty());
    HttpResponse<String> response =
        api.send(
            "/api/sync",
            request ->
                request
                    .header("Authorization", "Bearer " + device())
                    .header("Content-Type", "application/json")
                    .header("Prefer", "wait=0")
                    .POST(
                        HttpRequest.BodyPublishers.ofString(
                            batch(
                                "b1",
                                operation(
                                    "k1", "activity", "17", "update", "{\"name\":\"x\"}", "")))));
    assertThat(response.statusCode()).isEqualTo(202);
    assertThat(response.headers().firstValue("Preference-Applied")).contains("wait=0");
    String location = response.headers().firstValue("Location").orElseThrow();
    assertThat(location).isEqualTo("/api/sync/batches/b1");
    JsonNode later = json(api.get(location, device()));
    assertThat(later.path("settled").asBoolean()).isFalse();
    assertThat(later.path("pending").path(0).asInt()).isZero();
    sync.settle(sync.handed().getFirst(), FakeSync.applied());
    JsonNode settled = json(api.get(location, device()));
    assertThat(settled.path("settled").asBoolean()).isTrue();
    assertThat(settled.path("successes")).hasSize(1);
    JsonNode operators = json(api.get(location + "?device=tablet-1", Tokens.of("operator")));
    assertThat(operators.path("successes")).hasSize(1);
    assertProblem(api.get(location, token("tablet-2", "municipality/3")), 404, "unknown-batch");
  }

  @Test
  void anOutcomeThatOnlyTheLedgerHasIsFoundWhileWaiting() {
    sync.silent(true);
    JsonNode answer =
        json(post("b1", operation("k1", "activity", "17", "update", "{\"name\":\"x\"}", "")));
    assertThat(answer.path("settled").asBoolean()).isTrue();
  }

  @Test
  void whileKafkaIsAwayNothingIsTaken() {
    sync.kafkaAway(true);
    HttpResponse<String> response =
        post("b1", operation("k1", "activity", "17", "update", "{\"name\":\"x\"}", ""));
    assertProblem(response, 503, "unavailable");
    assertThat(response.headers().firstValue("Retry-After")).contains("1");
  }

  @Test
  void whilePostgresIsAwayOperationsGoOnAndQuestionsDoNot() {
    sync.postgresAway(true);
    assertThat(
            post("b1", operation("k1", "activity", "17", "update", "{\"name\":\"x\"}", ""))
                .statusCode())
        .isEqualTo(200);
    assertProblem(api.get("/api/sync/batches/b1", device()), 503, "unavailable");
    assertProblem(api.get("/api/sync/status/tablet-1", device()), 503, "unavailable");
  }

  @Test
  void aDeviceSeesItsOwnStatusAndNoOther() {
    post("b1", operation("k1", "activity", "17", "update", "{\"name\":\"x\"}", ""));
    assertThat(
            json(api.get("/api/sync/status/tablet-1", device())).at("/operations/applied").asInt())
        .isEqualTo(1);
    assertProblem(api.get("/api/sync/status/tablet-2", device()), 404, "unknown-device");
    assertThat(api.get("/api/sync/status/tablet-1", Tokens.of("operator")).statusCode())
        .isEqualTo(200);
    assertProblem(
        api.get("/api/sync/status/tablet-9", Tokens.of("operator")), 404, "unknown-device");
  }

  @Test
  void aRefusedOperationIsAnErrorWithTheReasonInWords() {
    sync.decide(
        submission ->
            Optional.of(
                new Ruling(
                    Result.REFUSED,
                    null,
                    List.of(),
                    null,
                    "refused",
                    submission.operation().data().objectNode().put("code", "not_found"),
                    submission.operation().data().objectNode(),
                    null,
                    null,
                    null)));
    JsonNode answer =
        json(post("b1", operation("k1", "activity", "17", "update", "{\"name\":\"x\"}", "")));
    JsonNode error = answer.path("errors").path(0);
    assertThat(error.path("type").asText()).isEqualTo("/problems/unknown-entity");
    assertThat(error.path("code").asText()).isEqualTo("not_found");
  }

  private HttpResponse<String> post(String batch, String... operations) {
    return api.post("/api/sync", device(), batch(batch, operations));
  }

  static String batch(String id, String... operations) {
    return """
    {"batch_id": "%s", "device_id": "tablet-1", "sent_at": "%s", "operations": [%s]}
    """
        .formatted(id, Instant.now(), String.join(",", operations));
  }

  static String operation(
      String key, String type, String id, String kind, @Nullable String data, String more) {
    return """
    {"entity_type": "%s", "entity_id": %s, "operation": "%s", %s "client_timestamp": "%s",
     "idempotency_key": "%s", "conflict_resolution_strategy": "merge"%s}
    """
        .formatted(
            type, id, kind, data == null ? "" : "\"data\": " + data + ",", MOMENT, key, more);
  }

  static String device() {
    return token("tablet-1", "municipality/3");
  }

  static String token(String device, String... scopes) {
    return Tokens.signed(
        claims ->
            claims
                .claim("roles", List.of("device"))
                .claim("device", device)
                .claim("scopes", List.of(scopes)));
  }
}
