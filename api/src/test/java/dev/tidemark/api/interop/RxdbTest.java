package dev.tidemark.api.interop;

import static dev.tidemark.api.Problems.assertProblem;
import static dev.tidemark.api.interop.InteropRig.device;
import static dev.tidemark.api.interop.InteropRig.ok;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.api.FakeSync;
import dev.tidemark.api.ScopedTopic;
import dev.tidemark.api.Tokens;
import dev.tidemark.contract.ScopedChange;
import dev.tidemark.contract.WireSerdes;
import dev.tidemark.contract.sync.Result;
import dev.tidemark.contract.sync.Ruling;
import dev.tidemark.contract.sync.Strategy;
import dev.tidemark.contract.sync.Submission;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What RxDB hears. Each test has a device and scopes of its own. */
@Tag("integration")
@Timeout(120)
class RxdbTest {
  private static final String PULL = "/interop/rxdb/activity/pull";
  private static final String PUSH = "/interop/rxdb/activity/push";
  private static final String STREAM = "/interop/rxdb/activity/stream";
  private static final int CROWD = 80;

  @TempDir private static Path directory;

  private static InteropRig rig;

  private final HttpClient client = HttpClient.newHttpClient();
  private final String town = "town/" + UUID.randomUUID();
  private final String other = "town/" + UUID.randomUUID();
  private final String name = "tablet-" + UUID.randomUUID();
  private ScopedTopic topic;

  @BeforeAll
  static void start() {
    rig = new InteropRig(directory);
  }

  @AfterAll
  static void stop() {
    rig.close();
  }

  @BeforeEach
  void openTopic() {
    topic = rig.topic();
  }

  @AfterEach
  void closeTopic() {
    topic.close();
    client.close();
    decide(FakeSync.applied());
    rig.sync().kafkaAway(false);
    rig.sync().postgresAway(false);
  }

  @Test
  void onlyADeviceIsLetIn() {
    for (String path : List.of(PULL, STREAM)) {
      assertProblem(rig.api().get(path), 401, "unauthenticated");
      assertProblem(rig.api().get(path, Tokens.of("operator")), 403, "forbidden");
    }
    String body = "{\"rows\":[]}";
    assertProblem(rig.api().post(PUSH, "made-up", body), 401, "unauthenticated");
    assertProblem(rig.api().post(PUSH, Tokens.of("operator"), body), 403, "forbidden");
    assertProblem(rig.api().post(PUSH, Tokens.of("device", town), body), 403, "forbidden");
  }

  @Test
  void aTypeThatIsNoneIsNotFound() {
    for (String path : List.of("pull", "stream")) {
      assertProblem(
          rig.api().get("/interop/rxdb/nothing/" + path, token()), 404, "unknown-entity-type");
    }
    assertProblem(
        rig.api().post("/interop/rxdb/nothing/push", token(), "{\"rows\":[]}"),
        404,
        "unknown-entity-type");
  }

  @Test
  void whatIsNoQuestionIsRefused() {
    String cursor = cursor(ok(pull("")));
    for (String wrong :
        List.of(
            "made-up",
            "AAAA",
            "%00",
            cursor.substring(1),
            cursor.substring(0, cursor.length() - 2) + "AA",
            "A".repeat(7_000))) {
      refused(pull("?cursor=" + wrong), "/query/cursor");
    }
    refused(rig.api().get(PULL + "?cursor=" + cursor, device("another", town)), "/query/cursor");
    refused(rig.api().get("/interop/rxdb/secret/pull?cursor=" + cursor, token()), "/query/types");
    for (String wrong : List.of("0", "-1", "5001", "1e3", "", "x", "99999999999999999999")) {
      refused(pull("?limit=" + wrong), "/query/limit");
    }
  }

  private static void refused(HttpResponse<String> response, String pointer) {
    JsonNode problem = assertProblem(response, 400, "invalid-parameter");
    assertThat(problem.at("/errors/0/pointer").asText()).isEqualTo(pointer);
  }

  @Test
  void whatIsNoPushIsRefusedAsAWhole() {
    for (String wrong : List.of("[]", "{", "null", "{\"rows\":[],\"rows\":[]}")) {
      assertProblem(post(wrong), 400, "malformed-json");
    }
    for (String wrong : List.of("{}", "{\"rows\":{}}", "{\"rows\":\"x\"}")) {
      JsonNode problem = assertProblem(post(wrong), 422, "invalid-batch");
      assertThat(problem.at("/errors/0/pointer").asText()).isEqualTo("/rows");
    }
    String unsent = "{\"rows\":[],\"sent_at\":7}";
    JsonNode problem = assertProblem(post(unsent), 422, "invalid-batch");
    assertThat(problem.at("/errors/0/pointer").asText()).isEqualTo("/sent_at");
    refused(rig.api().post(PUSH + "?strategy=x", token(), "{\"rows\":[]}"), "/query/strategy");
    String rows =
        IntStream.rangeClosed(0, 10_000).mapToObj(_ -> "{}").collect(Collectors.joining(","));
    problem = assertProblem(post("{\"rows\":[" + rows + "]}"), 413, "too-many-operations");
    assertThat(problem.at("/errors/0/pointer").asText()).isEqualTo("/rows");
    String large = "{\"rows\":[],\"x\":\"" + "x".repeat(1 << 20) + "\"}";
    assertProblem(post(large), 413, "body-too-large");
  }

  @Test
  void aFirstPullComesInPagesOfWhichOnlyTheLastIsShort() {
    for (int i = 0; i < 25; i++) {
      topic.commit(topic.put(town, "activity", "t" + i, null));
    }
    topic.commit(topic.put(other, "activity", "foreign", null));
    List<String> told = new ArrayList<>();
    JsonNode page = ok(pull("?limit=10"));
    while (page.path("documents").size() >= 10) {
      told.addAll(told(page));
      page = ok(pull("?limit=10&cursor=" + cursor(page)));
    }
    told.addAll(told(page));
    assertThat(told).isEqualTo(IntStream.range(0, 25).mapToObj(i -> "t" + i).toList());
    JsonNode document = ok(pull("?limit=1")).at("/documents/0");
    assertThat(document.path("_deleted").isBoolean()).isTrue();
    assertThat(document.path("tidemark_version").asText()).startsWith("0001-");
    assertThat(document.path("at").isNumber()).isTrue();
  }

  @Test
  void aPageIsFilledHoweverMuchOfOtherTypesLiesBetween() {
    List<ScopedChange> changes = new ArrayList<>();
    for (int i = 0; i < 6_000; i++) {
      changes.add(topic.put(town, i % 2_000 == 1_999 ? "activity" : "secret", "t" + i, null));
    }
    topic.commit(changes.toArray(ScopedChange[]::new));
    assertThat(told(present("?limit=3"))).containsExactly("t1999", "t3999", "t5999");
  }

  @Test
  void aLargePageGoesThroughAFile() {
    List<ScopedChange> changes = new ArrayList<>();
    for (int i = 0; i < 1_200; i++) {
      changes.add(topic.put(town, "activity", "t" + i, null));
    }
    topic.commit(changes.toArray(ScopedChange[]::new));
    JsonNode page = present("?limit=5000");
    assertThat(page.toString().length()).isGreaterThan(4 * InteropRig.PAGE_BYTES);
    assertThat(told(page)).hasSize(1_200).doesNotHaveDuplicates();
    assertThat(told(ok(pull("?cursor=" + cursor(page))))).isEmpty();
  }

  @Test
  void aDeltaTellsWhatHasChangedAndOfWhatIsGoneNothingButThat() {
    topic.commit(topic.put(town, "activity", "1", null), topic.put(town, "activity", "2", null));
    String cursor = cursor(ok(pull("")));
    ScopedChange gone = topic.remove(town, "activity", "1");
    topic.commit(
        gone, topic.put(town, "activity", "2", null), topic.put(town, "secret", "3", null));
    JsonNode delta = ok(pull("?cursor=" + cursor));
    assertThat(told(delta)).containsExactly("-1", "2");
    assertThat(delta.at("/documents/0"))
        .isEqualTo(
            Json.of("{'id':'1','_deleted':true,'tidemark_version':'" + gone.version() + "'}"));
    assertThat(told(ok(pull("?cursor=" + cursor(delta))))).isEmpty();
  }

  @Test
  void rightsThatChangeBringAndTakeDocuments() {
    topic.commit(topic.put(town, "activity", "1", null), topic.put(other, "activity", "2", null));
    String cursor = cursor(ok(pull("")));
    JsonNode both = ok(rig.api().get(PULL + "?cursor=" + cursor, device(name, town, other)));
    assertThat(told(both)).containsExactly("2");
    JsonNode there = ok(rig.api().get(PULL + "?cursor=" + cursor(both), device(name, other)));
    assertThat(told(there)).containsExactly("-1");
    JsonNode nowhere = ok(rig.api().get(PULL + "?cursor=" + cursor(there), device(name)));
    assertThat(told(nowhere)).containsExactly("-2");
  }

  @Test
  void aDocumentThatLeavesOneScopeAndIsStillSeenInAnotherIsNotDeleted() {
    topic.commit(topic.put(town, "activity", "1", null));
    String cursor = cursor(ok(pull("")));
    topic.commit(
        topic.remove(town, "activity", "1", other), topic.put(other, "activity", "1", null));
    String since = PULL + "?cursor=" + cursor;
    assertThat(told(ok(rig.api().get(since, device(name, town, other))))).containsExactly("1");
    assertThat(told(ok(rig.api().get(since, device(name, other))))).containsOnly("1");
    assertThat(told(ok(rig.api().get(since, token())))).containsExactly("-1");
  }

  @Test
  void whoWasAwayTooLongStartsAnew() {
    topic.commit(topic.put(town, "activity", "1", null));
    String cursor = cursor(ok(pull("")));
    topic.commit(
        ScopedTopic.at(
            Instant.now().minus(Duration.ofDays(91)), topic.remove(town, "activity", "1")),
        topic.put(town, "activity", "2", null));
    await("the removal is forgotten")
        .atMost(Duration.ofSeconds(60))
        .until(() -> pull("?cursor=" + cursor).statusCode() == 410);
    assertProblem(pull("?cursor=" + cursor), 410, "cursor-expired");
    assertThat(told(ok(pull("")))).containsExactly("2");
  }

  @Test
  void nothingIsToldBeforeWhatIsOnItsWay() {
    topic.begin(topic.put(town, "activity", "1", null));
    HttpResponse<String> early = pull("");
    assertProblem(early, 503, "unavailable");
    assertThat(early.headers().firstValue("Retry-After")).contains("1");
    topic.end();
    assertThat(told(ok(pull("")))).containsExactly("1");
  }

  @Test
  void aPushBecomesOperations() {
    String version = topic.put(town, "activity", "x", null).version().toString();
    String assumed = "{'id':'%s','name':'A','at':1,'tidemark_version':'" + version + "'}";
    JsonNode answer =
        push(
            row(
                "{'id':'c','name':'C','at':null,'tidemark_edit':'%s x'}".formatted(Instant.now()),
                null),
            row("{'id':'u','name':'U','at':1.0}", assumed.formatted("u")),
            row("{'id':'d','_deleted':true}", assumed.formatted("d")),
            row("{'id':'same','name':'A','at':1}", assumed.formatted("same")),
            row("{'id':'none','_deleted':true}", null));
    assertThat(answer.path("outcomes")).hasSize(3);
    assertThat(answer.at("/outcomes/0/id").asText()).isEqualTo("c");
    List<Submission> handed = handed();
    assertThat(handed)
        .extracting(one -> one.operation().kind() + " " + one.operation().key())
        .containsExactly("CREATE activity/c", "UPDATE activity/u", "DELETE activity/d");
    assertThat(handed)
        .extracting(one -> String.valueOf(one.operation().base()))
        .containsExactly("null", version, version);
    assertThat(handed).extracting(one -> one.operation().strategy()).containsOnly(Strategy.MERGE);
    assertThat(handed.get(0).operation().data()).isEqualTo(Json.of("{'id':'c','name':'C'}"));
    assertThat(handed.get(1).operation().data()).isEqualTo(Json.of("{'name':'U'}"));
  }

  @Test
  void aRowThatIsNotAsTheDeviceHasItComesBackWhoeverWon() {
    ScopedChange before = topic.row(town, "activity", "1", Json.object("{'id':'1','name':'A'}"));
    topic.commit(before);
    ScopedChange merged =
        topic.row(town, "activity", "1", Json.object("{'id':'1','name':'B','visits':7}"));
    rig.sync()
        .decide(
            _ -> {
              topic.commit(merged);
              return Optional.of(FakeSync.applied());
            });
    JsonNode answer = push(edit(before));
    assertThat(answer.at("/outcomes/0/outcome").asText()).isEqualTo("success");
    assertThat(answer.path("conflicts")).hasSize(1);
    JsonNode master = answer.at("/conflicts/0");
    assertThat(master.path("name").asText()).isEqualTo("B");
    assertThat(master.path("visits").asInt()).isEqualTo(7);
    assertThat(master.path("tidemark_version").asText()).isEqualTo(merged.version().toString());
    assertThat(master.path("_deleted").asBoolean(true)).isFalse();
    // Pushed once more it is what is there: no operation, and no conflict.
    JsonNode again = push(row(master.toString(), master.toString()));
    assertThat(again).isEqualTo(Json.of("{'conflicts':[],'outcomes':[]}"));
  }

  @Test
  void whatIsRefusedIsToldAsItIs() {
    ScopedChange before = topic.row(town, "activity", "1", Json.object("{'id':'1','name':'A'}"));
    topic.commit(before);
    decide(refusal());
    JsonNode answer = push(edit(before), row("{'id':'new','name':'A'}", null));
    assertThat(answer.path("outcomes").findValuesAsText("outcome"))
        .containsExactly("error", "error");
    assertThat(told(answer.path("conflicts"))).containsExactlyInAnyOrder("1", "-new");
    assertThat(answer.path("conflicts").findValuesAsText("name")).containsExactly("A");
  }

  @Test
  void aDeletionThatIsDoneIsNoConflictAndOneThatIsRefusedIs() {
    ScopedChange before = topic.row(town, "activity", "1", Json.object("{'id':'1','name':'A'}"));
    topic.commit(before);
    decide(refusal());
    assertThat(told(push(deletion(before)).path("conflicts"))).containsExactly("1");
    rig.sync()
        .decide(
            _ -> {
              topic.commit(topic.remove(town, "activity", "1"));
              return Optional.of(FakeSync.applied());
            });
    rig.sync().letPass(Duration.ofMinutes(2));
    assertThat(push(deletion(before)).path("conflicts")).isEmpty();
  }

  @Test
  void whatIsNotThroughInTimeIsSentAgainAndDoneOnce() {
    rig.sync().decide(_ -> Optional.empty());
    String body = body(row("{'id':'1','name':'A'}", null));
    HttpResponse<String> early = post(body);
    assertProblem(early, 503, "unavailable");
    assertThat(early.headers().firstValue("Retry-After")).contains("1");
    rig.sync().settle(handed().getFirst(), FakeSync.applied());
    JsonNode again = ok(post(body));
    assertThat(again.at("/outcomes/0/duplicate").asBoolean()).isTrue();
    assertThat(handed()).hasSize(1);
    assertThat(handed().getFirst().idempotencyKey()).matches("rx:[0-9a-f]{32}\\.0");
  }

  @Test
  void theSameIsDoneOnceAndAnotherEditOfItAgain() {
    String edit = "{'id':'1','name':'A','tidemark_edit':'%s %s'}";
    Instant now = Instant.now();
    push(row(edit.formatted(now, "a"), null), row(edit.formatted(now, "a"), null));
    assertThat(push(row(edit.formatted(now, "a"), null)).at("/outcomes/0/duplicate").asBoolean())
        .isTrue();
    assertThat(handed()).hasSize(1);
    push(row(edit.formatted(now, "b"), null));
    assertThat(handed()).hasSize(2);
    String phone = "phone-" + UUID.randomUUID();
    ok(rig.api().post(PUSH, device(phone, town), body(row(edit.formatted(now, "a"), null))));
    assertThat(rig.sync().handed())
        .filteredOn(one -> one.operation().device().equals(phone))
        .hasSize(1);
  }

  @Test
  void aRowThatCannotBeReadStopsNoOther() {
    String text600 = "x".repeat(600);
    JsonNode answer =
        push(
            "7",
            "null",
            "[]",
            "{}",
            "{'newDocumentState':7,'assumedMasterState':'x'}",
            row("{'id':'\\u0000','name':'A'}", null),
            row("{'id':{},'name':'A'}", null),
            row("{'id':'" + text600 + "','name':'A'}", null),
            row("{'id':'q\\\"','name':'\\u0000'}", null),
            row("{'id':'2','color':'red'}", null),
            row("{'id':'3','details':" + "[".repeat(40) + "]".repeat(40) + "}", null),
            row("{'id':'4','visits':1e999999999,'at':" + "9".repeat(900) + "}", null),
            row("{'id':'ok','name':'A','tidemark_edit':{}}", null));
    assertThat(handed()).extracting(one -> one.operation().key().id()).containsExactly("ok");
    assertThat(answer.path("outcomes").findValuesAsText("outcome")).contains("success", "error");
    assertThat(answer.path("conflicts").findValuesAsText("id")).contains("2", "3", "4", "ok");
  }

  @Test
  void halfACharacterIsRefusedAndHarmsNobody() {
    JsonNode answer =
        push(
            row("{'id':'1','name':'\\ud83d'}", null),
            row("{'id':'\\udc00','name':'A'}", null),
            row("{'id':'2','\\ud83d':'A'}", null),
            row("{'id':'ok','name':'\\ud83d\\ude00','tidemark_edit':'\\ud83d'}", null));
    assertThat(handed()).extracting(one -> one.operation().key().id()).containsExactly("ok");
    assertThat(handed().getFirst().operation().data().path("name").asText()).isEqualTo("😀");
    assertThat(answer.path("outcomes").findValuesAsText("outcome"))
        .containsExactly("error", "error", "error", "success");
  }

  @Test
  void aTimeThatNoClockShowsIsNone() {
    for (String time :
        List.of("-999999999-01-01T00:00:00+18:00", "+999999999-12-31T23:59:59Z", "x", "")) {
      JsonNode answer =
          ok(
              post(
                  "{\"sent_at\":\"9999-01-01T00:00:00Z\","
                      + body(row("{'id':'1','name':'A','tidemark_edit':'" + time + " x'}", null))
                          .substring(1)));
      assertThat(answer.path("outcomes")).hasSize(1);
    }
  }

  @Test
  void whatIsBehindBeingAwayIsSaidSo() {
    String body = body(row("{'id':'1','name':'A'}", null));
    rig.sync().kafkaAway(true);
    assertProblem(post(body), 503, "unavailable");
    rig.sync().kafkaAway(false);
    rig.sync().postgresAway(true);
    assertProblem(post(body), 503, "unavailable");
    ok(pull(""));
  }

  @Test
  void aStreamSaysAtOnceAndLaterThatThereIsSomethingToPull() throws Exception {
    try (BufferedReader events = stream(token())) {
      assertThat(next(events)).isEqualTo("resync {}");
      topic.commit(topic.put(town, "activity", "1", null));
      assertThat(nextButHeartbeats(events)).isEqualTo("resync {}");
      topic.commit(topic.put(other, "activity", "2", null), topic.put(town, "secret", "3", null));
      // Neither is for it, so that nothing comes until it is told that the line is alive.
      assertThat(next(events)).isEqualTo("heartbeat {}");
    }
  }

  @Test
  void aStreamEndsWithItsToken() throws Exception {
    String token =
        Tokens.signed(
            claims ->
                claims
                    .subject(name)
                    .expirationTime(Date.from(Instant.now().plusSeconds(2)))
                    .claim("device", name)
                    .claim("roles", List.of("device"))
                    .claim("scopes", List.of(town)));
    try (BufferedReader events = stream(token)) {
      String event = next(events);
      while (!event.startsWith("error")) {
        event = next(events);
      }
      assertThat(event).contains("/problems/unauthenticated");
      assertThat(events.lines().filter(line -> !line.isBlank())).isEmpty();
    }
  }

  @Test
  void manyStreamsKeepNobodyWaiting() throws Exception {
    List<BufferedReader> streams = new ArrayList<>();
    try {
      for (int i = 0; i < CROWD; i++) {
        streams.add(stream(token()));
      }
      topic.commit(topic.put(town, "activity", "1", null));
      assertThat(told(ok(pull("")))).containsExactly("1");
      for (BufferedReader events : streams) {
        assertThat(next(events)).isEqualTo("resync {}");
      }
    } finally {
      for (BufferedReader events : streams) {
        events.close();
      }
    }
  }

  private BufferedReader stream(String token) throws IOException, InterruptedException {
    HttpResponse<InputStream> response =
        client.send(
            HttpRequest.newBuilder(rig.api().uri(STREAM))
                .header("Authorization", "Bearer " + token)
                .header("Accept", "text/event-stream")
                .build(),
            HttpResponse.BodyHandlers.ofInputStream());
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("X-Accel-Buffering")).contains("no");
    return new BufferedReader(new InputStreamReader(response.body(), UTF_8));
  }

  private static String nextButHeartbeats(BufferedReader events) throws IOException {
    String event = next(events);
    while (event.startsWith("heartbeat")) {
      event = next(events);
    }
    return event;
  }

  /** The next event: its name and its data. */
  private static String next(BufferedReader events) throws IOException {
    String name = "";
    String line = events.readLine();
    while (line != null) {
      if (line.startsWith("event:")) {
        name = line.substring("event:".length()).strip();
      } else if (line.startsWith("data:")) {
        return name + " " + line.substring("data:".length()).strip();
      }
      line = events.readLine();
    }
    return "the end";
  }

  private static Ruling refusal() {
    return new Ruling(
        Result.REFUSED,
        null,
        List.of(),
        null,
        "refused",
        Json.object("{'code':'not_found'}"),
        WireSerdes.exactJson().createObjectNode(),
        null,
        null,
        null);
  }

  private static void decide(Ruling ruling) {
    rig.sync().decide(_ -> Optional.of(ruling));
  }

  private static String edit(ScopedChange before) {
    return row("{'id':'1','name':'B'}", assumed(before));
  }

  private static String deletion(ScopedChange before) {
    return row("{'id':'1','_deleted':true}", assumed(before));
  }

  private static String assumed(ScopedChange before) {
    return "{'id':'1','name':'A','_deleted':false,'tidemark_version':'" + before.version() + "'}";
  }

  private static String row(String state, @Nullable String assumed) {
    return "{'newDocumentState':"
        + state
        + (assumed == null ? "" : ",'assumedMasterState':" + assumed)
        + "}";
  }

  private static String body(String... rows) {
    return ("{'rows':[" + String.join(",", rows) + "]}").replace('\'', '"');
  }

  private List<Submission> handed() {
    return rig.sync().handed().stream()
        .filter(one -> one.operation().device().equals(name))
        .toList();
  }

  private String token() {
    return device(name, town);
  }

  private HttpResponse<String> post(String body) {
    return rig.api().post(PUSH, token(), body);
  }

  private JsonNode push(String... rows) {
    return ok(post(body(rows)));
  }

  private HttpResponse<String> pull(String query) {
    return rig.api().get(PULL + query, token());
  }

  /** What a pull says once the log has all that was sent. */
  private JsonNode present(String query) {
    await().atMost(Duration.ofSeconds(60)).until(() -> pull(query).statusCode() == 200);
    return ok(pull(query));
  }

  private static String cursor(JsonNode page) {
    return page.at("/checkpoint/cursor").asText();
  }

  /** Ids, with a minus before those that are gone. */
  private static List<String> told(JsonNode page) {
    List<String> told = new ArrayList<>();
    for (JsonNode document : page.isArray() ? page : page.path("documents")) {
      told.add((document.path("_deleted").asBoolean() ? "-" : "") + document.path("id").asText());
    }
    return told;
  }
}
