package dev.tidemark.api;

import static dev.tidemark.api.ApiUnderTest.json;
import static dev.tidemark.api.Problems.assertProblem;
import static dev.tidemark.api.SyncTest.batch;
import static dev.tidemark.api.SyncTest.device;
import static dev.tidemark.api.SyncTest.operation;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever comes, it is the sender's fault and is told so. */
class HostileSyncTest {
  private static final FakeSync SYNC = new FakeSync();
  private static final ApiUnderTest API =
      ApiUnderTest.start(ApiUnderTest.settings(), new FakeEntities(), SYNC, List.of(), List.of());

  @BeforeAll
  static void tellColumns() {
    SYNC.columns("activity", SyncTest.ACTIVITY);
  }

  @AfterAll
  static void stop() {
    API.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "[]",
        "null",
        "7",
        "{}{}",
        "{\"batch_id\":\"a\",\"batch_id\":\"b\"}",
        "{\"a\":NaN}",
        "{\"a\":\"\\ud8\"}"
      })
  void whatIsNoJsonObjectIsMalformed(String body) {
    HttpResponse<String> response = API.post("/api/sync", device(), body);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
  }

  @Test
  void deepNestingIsMalformed() {
    String deep = "[".repeat(10_000) + "]".repeat(10_000);
    assertProblem(
        API.post("/api/sync", device(), "{\"operations\":" + deep + "}"), 400, "malformed-json");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"batch_id\":1,\"device_id\":\"tablet-1\",\"operations\":[]}",
        "{\"batch_id\":\"\",\"device_id\":\"tablet-1\",\"operations\":[]}",
        "{\"batch_id\":\"a/b\",\"device_id\":\"tablet-1\",\"operations\":[]}",
        "{\"batch_id\":\"a\\u0000\",\"device_id\":\"tablet-1\",\"operations\":[]}",
        "{\"batch_id\":\"a\",\"device_id\":null,\"operations\":[]}",
        "{\"batch_id\":\"a\",\"device_id\":[],\"operations\":[]}",
        "{\"batch_id\":\"a\",\"device_id\":\"tablet-1\",\"operations\":{}}",
        "{\"batch_id\":\"a\",\"device_id\":\"tablet-1\"}",
        "{\"batch_id\":\"a\",\"device_id\":\"tablet-1\",\"operations\":[],\"is_admin\":true}",
        "{\"batch_id\":\"a\",\"device_id\":\"tablet-1\",\"operations\":[],\"\\ud800\":1}",
        "{\"batch_id\":\"a\",\"device_id\":\"tablet-1\",\"operations\":[],\"sent_at\":\"now\"}",
        "{\"batch_id\":\"a\",\"device_id\":\"tablet-1\",\"operations\":[],\"sent_at\":1e999999999}"
      })
  void whatIsNoBatchIsInvalid(String body) {
    JsonNode problem = assertProblem(API.post("/api/sync", device(), body), 422, "invalid-batch");
    assertThat(problem.path("errors")).isNotEmpty();
  }

  @Test
  void anotherDevicesBatchIsNotTaken() {
    assertProblem(API.post("/api/sync", SyncTest.token("tablet-2"), batch("b")), 403, "forbidden");
    assertProblem(API.post("/api/sync", Tokens.of("device"), batch("b")), 403, "forbidden");
    assertProblem(API.post("/api/sync", Tokens.of("analyst"), batch("b")), 403, "forbidden");
    assertProblem(
        API.post(
            "/api/sync",
            SyncTest.token("operator:x"),
            batch("b").replace("tablet-1", "operator:x")),
        403,
        "forbidden");
  }

  @Test
  void tooManyOperationsAreTooLarge() {
    List<String> operations = new ArrayList<>();
    for (int i = 0; i < 1_001; i++) {
      operations.add("{}");
    }
    assertProblem(
        API.post("/api/sync", device(), batch("b", operations.toArray(String[]::new))),
        413,
        "too-many-operations");
  }

  static Stream<String> badOperations() {
    String good = operation("hostile", "activity", "17", "update", "{\"name\":\"x\"}", "");
    return Stream.of(
        "null",
        "[]",
        "7",
        "\"x\"",
        "{}",
        good.replace("\"update\"", "\"upsert\""),
        good.replace("\"update\"", "7"),
        good.replace("\"merge\"", "{}"),
        good.replace("\"hostile\"", "\"\""),
        good.replace("\"hostile\"", "\"é\""),
        good.replace("\"hostile\"", "\"" + "k".repeat(129) + "\""),
        good.replace("\"hostile\"", "[1]"),
        good.replace(": 17,", ": 1.5,"),
        good.replace(": 17,", ": true,"),
        good.replace(": 17,", ": {\"id\": 1, \"x\": 2},"),
        good.replace(": 17,", ": {\"id\": {}},"),
        good.replace(": 17,", ": \"seventeen\","),
        good.replace(": 17,", ": \"\","),
        good.replace(": 17,", ": \"a\\u0000\","),
        good.replace(": 17,", ": " + "9".repeat(600) + ","),
        good.replace("\"client_timestamp\": \"", "\"client_timestamp\": \"x"),
        good.replace(SyncTest.MOMENT.toString(), "1970-01-01T00:00:00Z"),
        good.replace(SyncTest.MOMENT.toString(), "9999-12-31T23:59:59Z"),
        good.replace(SyncTest.MOMENT.toString(), "+999999999-12-31T23:59:59Z"),
        good.replace(SyncTest.MOMENT.toString(), "2026-06-30T23:59:60Z"),
        good.replace("{\"name\":\"x\"}", "[]"),
        good.replace("{\"name\":\"x\"}", "null"),
        good.replace("{\"name\":\"x\"}", "{\"name\":7}"),
        good.replace("{\"name\":\"x\"}", "{\"name\":\"a\\u0000b\"}"),
        good.replace("{\"name\":\"x\"}", "{\"name\":\"\\ud800\"}"),
        good.replace("{\"name\":\"x\"}", "{\"extra\":{\"\\u0000\":1}}"),
        good.replace("{\"name\":\"x\"}", "{\"extra\":1e999999999}"),
        good.replace("{\"name\":\"x\"}", "{\"extra\":[1e-999999999]}"),
        good.replace("{\"name\":\"x\"}", "{\"extra\":" + "[".repeat(20) + "]".repeat(20) + "}"),
        good.replace("{\"name\":\"x\"}", "{\"name\":\"" + "x".repeat(70_000) + "\"}"),
        good.replace("{\"name\":\"x\"}", "{\"municipality_id\":2147483648}"),
        good.replace("{\"name\":\"x\"}", "{\"municipality_id\":1.0}"),
        good.replace("{\"name\":\"x\"}", "{\"done\":1}"),
        good.replace("{\"name\":\"x\"}", "{\"tags\":\"a\"}"),
        good.replace("{\"name\":\"x\"}", "{\"due\":\"soon\"}"),
        good.replace("{\"name\":\"x\"}", "{\"price\":\"much\"}"),
        good.replace("{\"name\":\"x\"}", "{\"id\":18}"),
        good.replace("{\"name\":\"x\"}", "{\"id\":null}"),
        good.replace("{\"name\":\"x\"}", "{\"'; drop table activity; --\":1}"),
        good.replace("\"merge\"", "\"merge\", \"is_admin\": true"),
        good.replace("\"merge\"", "\"merge\", \"sequence\": -1"),
        good.replace("\"merge\"", "\"merge\", \"sequence\": 1e3"),
        good.replace("\"merge\"", "\"merge\", \"sequence\": 99999999999999999999"),
        good.replace("\"merge\"", "\"merge\", \"base_version\": 1"),
        good.replace("\"merge\"", "\"merge\", \"base_version\": \"-001-0000000000000000\""),
        good.replace("\"merge\"", "\"merge\", \"base_version\": \"0001-FFFFFFFFFFFFFFFF\""),
        good.replace("\"merge\"", "\"merge\", \"base_data\": 7"),
        good.replace("\"merge\"", "\"merge\", \"base_data\": {\"nope\": 7}"),
        good.replace("\"update\"", "\"delete\""));
  }

  @ParameterizedTest
  @MethodSource("badOperations")
  void aBadOperationIsAnErrorOfItsOwn(String operation) {
    HttpResponse<String> response = API.post("/api/sync", device(), batch("b", operation));
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    JsonNode errors = json(response).path("errors");
    assertThat(errors).as(operation).hasSize(1);
    assertThat(errors.at("/0/errors/0/pointer").asText()).startsWith("/operations/0");
    assertThat(errors.at("/0/status").asInt()).isBetween(400, 499);
    assertThat(SYNC.handed()).noneMatch(handed -> handed.idempotencyKey().equals("hostile"));
  }

  @Test
  void idsThatAreTheSameAreWrittenTheSame() {
    API.post(
        "/api/sync",
        device(),
        batch(
            "ids",
            operation("i1", "activity", "\"0042\"", "update", "{\"name\":\"x\"}", ""),
            operation("i2", "activity", "{\"id\": 42}", "create", "{\"name\":\"x\"}", "")));
    assertThat(SYNC.handed().stream().filter(one -> one.batch().equals("ids")))
        .hasSize(2)
        .allSatisfy(one -> assertThat(one.operation().key().canonical()).isEqualTo("activity/42"));
    assertThat(
            SYNC.handed().stream()
                .filter(one -> one.idempotencyKey().equals("i2"))
                .map(one -> one.operation().data().path("id").isIntegralNumber()))
        .containsExactly(true);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/api/sync/operations/1",
        "/api/sync/operations/00000000-0000-8000-8000-000000000000",
        "/api/sync/operations/%00",
        "/api/sync/batches/none",
        "/api/sync/batches/%00",
        "/api/sync/status/%00",
        "/api/sync/status/someone-else"
      })
  void whatIsNotThereIsNotFound(String path) {
    assertThat(API.get(path, device()).statusCode()).isBetween(400, 404);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "limit=0",
        "limit=-1",
        "limit=1000000000",
        "limit=abc",
        "status=maybe",
        "type=x",
        "cursor=%00",
        "cursor=bm8"
      })
  void aPageIsAskedForInTheRightWords(String query) {
    assertThat(API.get("/api/sync/conflicts?" + query, device()).statusCode()).isEqualTo(400);
  }

  @Test
  void othersAnswersAreNotShown() {
    HttpResponse<String> response =
        API.post(
            "/api/sync",
            device(),
            batch("mine", operation("mine", "activity", "5", "update", "{\"name\":\"x\"}", "")));
    String id = json(response).at("/successes/0/operation_id").asText();
    assertThat(API.get("/api/sync/operations/" + id, device()).statusCode()).isEqualTo(200);
    assertProblem(
        API.get("/api/sync/operations/" + id, SyncTest.token("tablet-2")),
        404,
        "unknown-operation");
    assertProblem(
        API.post("/api/sync/operations/" + id + "/undo", SyncTest.token("tablet-2"), "{}"),
        404,
        "unknown-operation");
    assertProblem(
        API.post("/api/sync/conflicts/" + id + "/resolve", device(), "{\"resolution\":\"client\"}"),
        404,
        "unknown-operation");
  }
}
