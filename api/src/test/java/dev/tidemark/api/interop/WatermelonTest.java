package dev.tidemark.api.interop;

import static dev.tidemark.api.Problems.assertProblem;
import static dev.tidemark.api.interop.InteropRig.device;
import static dev.tidemark.api.interop.InteropRig.ok;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.api.FakeSync;
import dev.tidemark.api.ScopedTopic;
import dev.tidemark.api.Tokens;
import dev.tidemark.contract.EntityKey;
import dev.tidemark.contract.ScopedChange;
import dev.tidemark.contract.Version;
import dev.tidemark.contract.WireSerdes;
import dev.tidemark.contract.sync.Result;
import dev.tidemark.contract.sync.Ruling;
import dev.tidemark.contract.sync.Strategy;
import dev.tidemark.contract.sync.Submission;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What WatermelonDB hears. Each test has a device and scopes of its own. */
@Tag("integration")
@Timeout(120)
class WatermelonTest {
  private static final String SYNC = "/interop/watermelon/sync";
  private static final String BOTH = "?tables=activity,secret";

  @TempDir private static Path directory;

  private static InteropRig rig;

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
    decide(FakeSync.applied());
    rig.sync().kafkaAway(false);
    rig.sync().postgresAway(false);
  }

  @Test
  void onlyADeviceIsLetIn() {
    for (String query : List.of(SYNC + BOTH, SYNC)) {
      assertProblem(rig.api().get(query), 401, "unauthenticated");
      assertProblem(rig.api().get(query, Tokens.of("operator")), 403, "forbidden");
      assertProblem(rig.api().get(query, Tokens.of("device", town)), 403, "forbidden");
    }
    String body = "{\"changes\":{}}";
    assertProblem(rig.api().post(SYNC, "made-up", body), 401, "unauthenticated");
    assertProblem(rig.api().post(SYNC, Tokens.of("operator"), body), 403, "forbidden");
    assertProblem(rig.api().post(SYNC, Tokens.of("device", town), body), 403, "forbidden");
  }

  @Test
  void whatIsNoQuestionIsRefused() {
    refused("", "/query/tables");
    refused("?tables=", "/query/tables");
    refused("?tables=nothing", "/query/tables");
    refused("?tables=activity,", "/query/tables");
    for (String wrong : List.of("x", "-1", "1.5", "1e3", "12345678901234567", "%00", "Infinity")) {
      refused(BOTH + "&last_pulled_at=" + wrong, "/query/last_pulled_at");
    }
    refused(BOTH + "&migration=%7B", "/query/migration");
    refused(BOTH + "&migration=null%20null", "/query/migration");
  }

  private void refused(String query, String pointer) {
    JsonNode problem = assertProblem(pull(query), 400, "invalid-parameter");
    assertThat(problem.at("/errors/0/pointer").asText()).as(query).isEqualTo(pointer);
  }

  @Test
  void whatIsNoPushIsRefusedAsAWhole() {
    assertProblem(post(""), 400, "invalid-parameter");
    for (String wrong : List.of("[]", "{", "null", "{\"changes\":{},\"changes\":{}}")) {
      assertProblem(post(wrong), 400, "malformed-json");
    }
    invalid("{}", "/changes");
    invalid("{'changes':[]}", "/changes");
    invalid("{'changes':{'activity':[]}}", "/changes/activity");
    invalid("{'changes':{'a/b~':7}}", "/changes/a~1b~0");
    invalid("{'changes':{'activity':{'updated':{'1':{'id':'1'}}}}}", "/changes/activity");
    invalid("{'changes':{'activity':{'deleted':'7'}}}", "/changes/activity");
    invalid("{'changes':{'activity':{'upserted':[]}}}", "/changes/activity");
    for (String wrong : List.of("'7'", "1.5", "-1", "[]", "1e30", "99999999999999999999")) {
      invalid("{'changes':{},'last_pulled_at':" + wrong + "}", "/last_pulled_at");
    }
    for (String wrong : List.of("7", "'yesterday'", "'2026-01-15T14:30:05'", "{}")) {
      invalid("{'changes':{},'sent_at':" + wrong + "}", "/sent_at");
    }
    JsonNode problem =
        assertProblem(
            rig.api().post(SYNC + "?strategy=guess", token(), "{\"changes\":{}}"),
            400,
            "invalid-parameter");
    assertThat(problem.at("/errors/0/pointer").asText()).isEqualTo("/query/strategy");
    assertThat(handed()).isEmpty();
  }

  private void invalid(String body, String pointer) {
    JsonNode problem = assertProblem(post(body.replace('\'', '"')), 422, "invalid-batch");
    assertThat(problem.at("/errors/0/pointer").asText()).as(body).isEqualTo(pointer);
  }

  @Test
  void moreThanAServerTakesIsRefused() {
    String large = "{\"changes\":{},\"x\":\"" + "x".repeat(1 << 20) + "\"}";
    assertProblem(post(large), 413, "body-too-large");
    String many =
        IntStream.rangeClosed(0, 10_000)
            .mapToObj(i -> "\"" + i + "\"")
            .collect(Collectors.joining(","));
    JsonNode problem =
        assertProblem(
            post("{\"changes\":{\"activity\":{\"deleted\":[" + many + "]}}}"),
            413,
            "too-many-operations");
    assertThat(problem.at("/errors/0/pointer").asText()).isEqualTo("/changes");
  }

  @Test
  void aFirstPullTellsEveryRowAsUpdated() {
    ScopedChange put =
        topic.row(
            town,
            "activity",
            "1",
            Json.object("{'id':'1','name':'A','_status':'x','visits':9007199254740993}"));
    topic.commit(put, topic.put(other, "activity", "foreign", null));
    HttpResponse<String> response = pull(BOTH);
    assertThat(response.headers().firstValue("Cache-Control")).contains("private, no-store");
    JsonNode pulled = ok(response);
    assertThat(pulled.has("experimentalStrategy")).isFalse();
    assertThat(pulled.path("timestamp").longValue()).isBetween(1L, (1L << 53) - 1);
    assertThat(pulled.at("/changes/secret"))
        .isEqualTo(Json.of("{'created':[],'updated':[],'deleted':[]}"));
    assertThat(pulled.at("/changes/activity/created")).isEmpty();
    assertThat(pulled.at("/changes/activity/deleted")).isEmpty();
    assertThat(pulled.at("/changes/activity/updated")).hasSize(1);
    JsonNode row = pulled.at("/changes/activity/updated/0");
    assertThat(row.path("id").asText()).isEqualTo("1");
    assertThat(row.path("visits").asText()).isEqualTo("9007199254740993");
    assertThat(row.path("tidemark_version").asText()).isEqualTo(put.version().toString());
    assertThat(row.path("updated_at").isIntegralNumber()).isTrue();
    assertThat(row.has("_status")).isFalse();
  }

  @Test
  void aNullAndAZeroAreAFirstPullToo() {
    topic.commit(topic.put(town, "activity", "1", null));
    for (String none : List.of("", "null", "0")) {
      JsonNode pulled = ok(pull(BOTH + "&migration=null&last_pulled_at=" + none));
      assertThat(told(pulled)).containsExactly("activity/1");
      assertThat(pulled.has("experimentalStrategy")).isFalse();
    }
  }

  @Test
  void aDeltaTellsWhatHasChangedAndWhatIsGone() {
    topic.commit(topic.put(town, "activity", "1", null), topic.put(town, "activity", "2", null));
    long timestamp = timestamp(ok(pull(BOTH)));
    assertThat(told(ok(pull(timestamp)))).isEmpty();
    topic.commit(topic.put(town, "activity", "2", null), topic.remove(town, "activity", "1"));
    topic.commit(topic.put(town, "secret", "3", null));
    JsonNode delta = ok(pull(timestamp));
    assertThat(told(delta)).containsExactlyInAnyOrder("activity/2", "-activity/1", "secret/3");
    assertThat(delta.has("experimentalStrategy")).isFalse();
    assertThat(timestamp(delta)).isGreaterThan(timestamp);
    assertThat(told(ok(pull(timestamp(delta))))).isEmpty();
  }

  @Test
  void aRowThatMovesIsToldOnceAsItIs() {
    topic.commit(topic.put(town, "activity", "1", null));
    String both = device(name, town, other);
    long timestamp = timestamp(ok(rig.api().get(SYNC + BOTH, both)));
    topic.commit(
        topic.remove(town, "activity", "1", other), topic.put(other, "activity", "1", null));
    String since = SYNC + BOTH + "&last_pulled_at=" + timestamp;
    assertThat(told(ok(rig.api().get(since, both)))).containsExactly("activity/1");
  }

  @Test
  void rightsThatChangeBringAndTakeRowsInOneAnswer() {
    topic.commit(topic.put(town, "activity", "1", null), topic.put(other, "activity", "2", null));
    long here = timestamp(ok(pull(BOTH)));
    String since = SYNC + BOTH + "&last_pulled_at=";
    JsonNode both = ok(rig.api().get(since + here, device(name, town, other)));
    assertThat(told(both)).containsExactly("activity/2");
    JsonNode there = ok(rig.api().get(since + timestamp(both), device(name, other)));
    assertThat(told(there)).containsExactly("-activity/1");
    JsonNode nowhere = ok(rig.api().get(since + timestamp(there), device(name)));
    assertThat(told(nowhere)).containsExactly("-activity/2");
    assertThat(Stream.of(both, there, nowhere))
        .noneMatch(pulled -> pulled.has("experimentalStrategy"));
  }

  @Test
  void aTableThatIsNewOrHasBecomeAnotherIsToldWhole() {
    topic.commit(topic.put(town, "activity", "1", null), topic.put(town, "secret", "2", null));
    long timestamp = timestamp(ok(pull("?tables=activity")));
    JsonNode added = ok(pull(timestamp));
    assertThat(told(added)).containsExactly("secret/2");
    for (String migration :
        List.of("{\"tables\":[\"secret\"]}", "{\"columns\":[{\"table\":\"secret\"}]}")) {
      String query = "&last_pulled_at=" + timestamp(added) + "&migration=" + encoded(migration);
      assertThat(told(ok(pull(BOTH + query)))).containsExactly("secret/2");
    }
  }

  @Test
  void whatIsNoTimestampOfTheDeviceMeansAllRowsAndAReplacement() {
    topic.commit(topic.put(town, "activity", "1", null));
    long own = timestamp(ok(pull(BOTH)));
    topic.commit(topic.put(town, "activity", "2", null));
    List<Long> wrong =
        List.of(8192L, own + 5, (1L << 53) - 1, own + 8192L * 1_000_000, 9_999_999_999_999_999L);
    for (long timestamp : wrong) {
      JsonNode pulled = ok(pull(timestamp));
      assertThat(pulled.path("experimentalStrategy").asText())
          .as("%d", timestamp)
          .isEqualTo("replacement");
      assertThat(told(pulled)).containsExactlyInAnyOrder("activity/1", "activity/2");
    }
    JsonNode anothers =
        ok(
            rig.api()
                .get(
                    SYNC + BOTH + "&last_pulled_at=" + own,
                    device("phone-" + UUID.randomUUID(), town)));
    // It has the number of a set of its own now, but had none when it asked.
    assertThat(anothers.path("experimentalStrategy").asText()).isEqualTo("replacement");
  }

  @Test
  void whoWasAwayTooLongGetsAReplacement() {
    topic.commit(topic.put(town, "activity", "1", null));
    long timestamp = timestamp(ok(pull(BOTH)));
    topic.commit(
        ScopedTopic.at(
            Instant.now().minus(Duration.ofDays(91)), topic.remove(town, "activity", "1")),
        topic.put(town, "activity", "2", null));
    await("the removal is forgotten")
        .atMost(Duration.ofSeconds(60))
        .until(() -> ok(pull(timestamp)).has("experimentalStrategy"));
    assertThat(told(ok(pull(timestamp)))).containsExactly("activity/2");
  }

  @Test
  void aLargeAnswerGoesThroughAFileThatIsGoneAfterwards() throws IOException {
    List<ScopedChange> puts = new ArrayList<>();
    for (int i = 0; i < 1_500; i++) {
      puts.add(topic.put(town, "activity", "t" + i, null));
    }
    topic.commit(puts.toArray(ScopedChange[]::new));
    HttpResponse<String> response = pull(BOTH);
    assertThat(response.body().length()).isGreaterThan(4 * InteropRig.PAGE_BYTES);
    assertThat(told(ok(response))).hasSize(1_500);
    await("the file is gone").until(() -> spooled() == 0);
  }

  @Test
  void whoGoesAwayInTheMiddleLeavesNoFileOpen() throws IOException {
    String text = "x".repeat(200_000);
    for (int i = 0; i < 80; i++) {
      topic.commit(
          topic.row(town, "activity", "t" + i, Json.object("{'id':'t','name':'" + text + "'}")));
    }
    ok(pull(BOTH));
    String request =
        "GET %s HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\n\r\n"
            .formatted(SYNC + BOTH, token());
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), rig.api().port())) {
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      assertThat(new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII))
          .isEqualTo("HTTP/1.1 200");
      assertThat(spooled()).isPositive();
    }
    await("the file is let go").until(() -> spooled() == 0);
  }

  /** Files of answers that have a name, or are open without one. */
  private static long spooled() throws IOException {
    long count = 0;
    for (String directory : List.of(System.getProperty("java.io.tmpdir"), "/proc/self/fd")) {
      try (Stream<Path> files = Files.list(Path.of(directory))) {
        count += files.filter(WatermelonTest::isSpool).count();
      }
    }
    return count;
  }

  private static boolean isSpool(Path file) {
    try {
      Path named = Files.isSymbolicLink(file) ? Files.readSymbolicLink(file) : file;
      return named.getFileName() != null && named.toString().contains("tidemark-pull-");
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  void nothingIsToldBeforeWhatIsOnItsWay() {
    topic.begin(topic.put(town, "activity", "1", null));
    HttpResponse<String> early = pull(BOTH);
    assertProblem(early, 503, "unavailable");
    assertThat(early.headers().firstValue("Retry-After")).contains("1");
    topic.end();
    assertThat(told(ok(pull(BOTH)))).containsExactly("activity/1");
  }

  @Test
  void aPushBecomesOperations() {
    long timestamp = timestamp(ok(pull(BOTH)));
    JsonNode answer =
        push(
            """
            {'last_pulled_at':%d,'sent_at':'%s','changes':{'activity':{
              'created':[{'id':'c','_status':'created','_changed':'','name':'C','visits':null,
                          'tidemark_version':'0001-0000000000000005','updated_at':%d}],
              'updated':[{'id':'u','_status':'updated','_changed':'name,visits','name':'U','at':7,
                          'visits':null,'tidemark_version':'0001-0000000000000006'}],
              'deleted':[{'id':'d','tidemark_version':'0001-0000000000000007'}]}}}
            """
                .formatted(timestamp, Instant.now(), Instant.now().toEpochMilli()));
    assertThat(answer.path("experimentalRejectedIds")).isEmpty();
    assertThat(answer.path("outcomes")).hasSize(3);
    assertThat(answer.at("/outcomes/0/table").asText()).isEqualTo("activity");
    assertThat(answer.at("/outcomes/0/id").asText()).isEqualTo("c");
    assertThat(answer.at("/outcomes/0/outcome").asText()).isEqualTo("success");
    List<Submission> handed = handed();
    assertThat(handed)
        .extracting(one -> one.operation().kind() + " " + one.operation().key())
        .containsExactly("CREATE activity/c", "UPDATE activity/u", "DELETE activity/d");
    assertThat(handed).extracting(one -> one.operation().strategy()).containsOnly(Strategy.MERGE);
    assertThat(handed)
        .extracting(one -> String.valueOf(one.operation().base()))
        .containsExactly("null", "0001-0000000000000006", "0001-0000000000000007");
    assertThat(handed.get(0).operation().data()).isEqualTo(Json.of("{'id':'c','name':'C'}"));
    assertThat(handed.get(1).operation().data()).isEqualTo(Json.of("{'name':'U','visits':null}"));
  }

  @Test
  void aStrategyIsThatOfAllOperations() {
    ok(rig.api().post(SYNC + "?strategy=manual", token(), updates("1")));
    assertThat(handed())
        .extracting(one -> one.operation().strategy())
        .containsExactly(Strategy.MANUAL);
  }

  @Test
  void whatIsOwedIsToldUntilTheLogHasMovedOn() {
    topic.commit(topic.put(town, "activity", "1", null));
    long timestamp = timestamp(ok(pull(BOTH)));
    JsonNode answer = push(timestamp, updates("1"));
    assertThat(answer.path("experimentalRejectedIds")).isEmpty();
    // The log has nothing behind the timestamp, and the row is told all the same.
    JsonNode pulled = ok(pull(timestamp));
    assertThat(told(pulled)).containsExactly("activity/1");
    topic.commit(topic.put(town, "secret", "2", null));
    JsonNode next = ok(pull(timestamp(pulled)));
    assertThat(told(next)).containsExactlyInAnyOrder("activity/1", "secret/2");
    assertThat(told(ok(pull(timestamp(next))))).isEmpty();
  }

  @Test
  void whatTheLogTellsAnywayIsNotOwed() {
    topic.commit(topic.put(town, "activity", "1", null));
    long timestamp = timestamp(ok(pull(BOTH)));
    topic.commit(topic.put(town, "activity", "1", null));
    push(timestamp, updates("1"));
    JsonNode pulled = ok(pull(timestamp));
    assertThat(told(pulled)).containsExactly("activity/1");
    assertThat(told(ok(pull(timestamp(pulled))))).isEmpty();
  }

  @Test
  void whatIsOpenIsSyncedAndOwed() {
    decide(FakeSync.ruling(Result.OPEN, "manual"));
    topic.commit(topic.put(town, "activity", "1", null));
    long timestamp = timestamp(ok(pull(BOTH)));
    JsonNode answer = push(timestamp, updates("1"));
    assertThat(answer.path("experimentalRejectedIds")).isEmpty();
    assertThat(told(ok(pull(timestamp)))).containsExactly("activity/1");
  }

  @Test
  void whatIsRefusedStaysPendingInTheDevice() {
    decide(refusal());
    topic.commit(topic.put(town, "activity", "1", null));
    long timestamp = timestamp(ok(pull(BOTH)));
    JsonNode answer = push(timestamp, updates("1"));
    assertThat(answer.path("experimentalRejectedIds")).isEqualTo(Json.of("{'activity':['1']}"));
    assertThat(answer.at("/outcomes/0/outcome").asText()).isEqualTo("error");
    assertThat(answer.at("/outcomes/0/code").asText()).isEqualTo("not_found");
    assertThat(told(ok(pull(timestamp)))).isEmpty();
  }

  @Test
  void aDeletionThatIsRefusedIsForgottenByTheDeviceAndTheRowComesBack() {
    decide(refusal());
    topic.commit(topic.put(town, "activity", "1", null));
    long timestamp = timestamp(ok(pull(BOTH)));
    JsonNode answer = push(timestamp, "{'changes':{'activity':{'deleted':['1']}}}");
    assertThat(answer.path("experimentalRejectedIds")).isEmpty();
    assertThat(told(ok(pull(timestamp)))).containsExactly("activity/1");
  }

  @Test
  void aRowThatIsGoneIsOwedAsDeleted() {
    long timestamp = timestamp(ok(pull(BOTH)));
    push(timestamp, updates("1"));
    assertThat(told(ok(pull(timestamp)))).containsExactly("-activity/1");
  }

  @Test
  void whatIsNotThroughInTimeStaysPendingAndIsTheSameOperationLater() {
    rig.sync().decide(_ -> Optional.empty());
    JsonNode answer = push(0, updates("1"));
    assertThat(answer.path("experimentalRejectedIds")).isEqualTo(Json.of("{'activity':['1']}"));
    assertThat(answer.at("/outcomes/0/outcome").asText()).isEqualTo("pending");
    rig.sync().settle(handed().getFirst(), FakeSync.applied());
    JsonNode again = push(0, updates("1"));
    assertThat(again.path("experimentalRejectedIds")).isEmpty();
    assertThat(again.at("/outcomes/0/duplicate").asBoolean()).isTrue();
    assertThat(handed()).hasSize(1);
  }

  @Test
  void theSameIsDoneOnceAndAnotherEditOfItAgain() {
    String edit =
        "{'changes':{'activity':{'updated':[{'id':'1','_changed':'name,updated_at','name':'A',"
            + "'updated_at':%d}]}}}";
    long now = Instant.now().toEpochMilli();
    push(0, edit.formatted(now));
    JsonNode again = push(0, edit.formatted(now));
    assertThat(again.at("/outcomes/0/duplicate").asBoolean()).isTrue();
    assertThat(handed()).hasSize(1);
    assertThat(handed().getFirst().idempotencyKey()).matches("wm:[0-9a-f]{32}\\.0");
    push(0, edit.formatted(now + 1));
    assertThat(handed()).hasSize(2);
  }

  @Test
  void theSameOfAnotherDeviceIsAnotherOperation() {
    ok(post(updates("1").replace('\'', '"')));
    String phone = "phone-" + UUID.randomUUID();
    ok(rig.api().post(SYNC, device(phone, town), updates("1")));
    assertThat(handed()).hasSize(1);
    assertThat(handed(phone)).hasSize(1);
  }

  @Test
  void whatWasRefusedIsTriedAnewAfterAMinute() {
    decide(refusal());
    for (int n = 0; n < 5; n++) {
      push(0, updates("1"));
      assertThat(push(0, updates("1")).at("/outcomes/0/duplicate").asBoolean()).isTrue();
      assertThat(handed()).hasSize(n + 1);
      assertThat(handed().getLast().idempotencyKey()).endsWith("." + n);
      rig.sync().letPass(Duration.ofSeconds(61));
    }
    decide(FakeSync.applied());
    push(0, updates("1"));
    assertThat(handed().getLast().idempotencyKey()).endsWith(".5");
    rig.sync().letPass(Duration.ofSeconds(61));
    assertThat(push(0, updates("1")).at("/outcomes/0/duplicate").asBoolean()).isTrue();
    assertThat(handed()).hasSize(6);
  }

  @Test
  void moreThanABatchGoesThroughInBatches() {
    String rows =
        IntStream.range(0, 1_500)
            .mapToObj(i -> "{'id':'%d','name':'A'}".formatted(i))
            .collect(Collectors.joining(","));
    JsonNode answer = push(0, "{'changes':{'activity':{'created':[" + rows + "]}}}");
    assertThat(answer.path("outcomes")).hasSize(1_500);
    assertThat(answer.path("experimentalRejectedIds")).isEmpty();
    assertThat(handed()).hasSize(1_500);
    assertThat(handed().stream().collect(Collectors.groupingBy(Submission::batch)).values())
        .extracting(List::size)
        .containsExactlyInAnyOrder(1_000, 500);
  }

  @Test
  void theBaseOfAPlainDeletionIsWhatTheDeviceHadPulled() {
    ScopedChange first = topic.put(town, "activity", "1", null);
    topic.commit(first);
    long timestamp = timestamp(ok(pull(BOTH)));
    push(timestamp, "{'changes':{'activity':{'deleted':['1']}}}");
    assertThat(handed().getLast().operation().base()).isEqualTo(first.version());
    ScopedChange second = topic.put(town, "activity", "1", null);
    topic.commit(second);
    ok(pull(timestamp));
    push(timestamp, "{'changes':{'activity':{'deleted':['1']}}}");
    assertThat(handed().getLast().operation().base())
        .isEqualTo(new Version(second.version().epoch(), second.version().lsn() - 1));
  }

  @Test
  void aRowThatCannotBeReadStopsNoOther() {
    long timestamp = timestamp(ok(pull(BOTH)));
    String long600 = "x".repeat(600);
    JsonNode answer =
        push(
            timestamp,
            """
            {'changes':{
              '':{'created':[{'id':'1','name':'A'}],'deleted':['1']},
              'a/b':{'updated':[{'id':'1','_changed':'name','name':'A'}],'deleted':['2',{}]},
              'nothing':{'deleted':['1',7,null,[],{'id':{}}]},
              'activity':{
                'created':[7,null,'x',[],{},{'id':null,'name':'A'},{'id':['1'],'name':'A'},
                           {'id':'\\u0000','name':'A'},{'id':'1','color':'red'}],
                'updated':[{'id':'q\\"\\u2028','_changed':'name','name':'\\u0000'},
                           {'id':'ok','_changed':'name','name':'A'}],
                'deleted':['\\u0000','','%s',{'id':7.5},true]}}}
            """
                .formatted(long600));
    assertThat(handed())
        .extracting(one -> one.operation().key())
        .contains(new EntityKey("activity", "ok"));
    assertThat(answer.path("outcomes")).hasSizeGreaterThan(15);
    assertThat(answer.path("outcomes").findValuesAsText("outcome")).contains("success", "error");
    assertThat(answer.at("/experimentalRejectedIds/activity").toString())
        .contains("\"1\"")
        .doesNotContain("ok", "x");
    // Of all that only rows that can be are owed.
    assertThat(told(ok(pull(timestamp)))).allMatch(one -> one.matches("-activity/(ok|true)"));
  }

  @Test
  void jsonThatNestsWithoutEndIsRefusedByTheCoreAndHarmsNobody() {
    for (String deep : List.of("[".repeat(9_000) + "]".repeat(9_000), nested(9_000))) {
      JsonNode answer =
          push(
              0,
              "{'changes':{'activity':{'created':[{'id':'1','details':'%s'},{'id':'2'}]}}}"
                  .formatted(deep.replace("\"", "\\\"")));
      assertThat(answer.path("experimentalRejectedIds")).isEqualTo(Json.of("{'activity':['1']}"));
      assertThat(answer.at("/outcomes/0/type").asText()).isEqualTo("/problems/operation-too-large");
    }
  }

  @Test
  void halfACharacterIsRefusedAndHarmsNobody() {
    JsonNode answer =
        push(
            0,
            """
            {'changes':{'\\ud83d':{'deleted':['1']},'activity':{
              'created':[{'id':'1','name':'\\ud83d'},{'id':'2','details':'\\"\\\\ud83d\\"'},
                         {'id':'ok','name':'\\ud83d\\ude00'}],
              'deleted':['\\udc00']}}}
            """);
    assertThat(handed()).extracting(one -> one.operation().key().id()).containsExactly("ok");
    assertThat(answer.path("experimentalRejectedIds")).isEqualTo(Json.of("{'activity':['1','2']}"));
  }

  private static String nested(int depth) {
    return "{\"a\":".repeat(depth) + "1" + "}".repeat(depth);
  }

  @Test
  void whatIsBehindBeingAwayIsSaidSo() {
    rig.sync().kafkaAway(true);
    assertProblem(post(updates("1")), 503, "unavailable");
    rig.sync().kafkaAway(false);
    rig.sync().postgresAway(true);
    assertProblem(post(updates("1")), 503, "unavailable");
    assertProblem(pull(BOTH), 503, "unavailable");
    rig.sync().postgresAway(false);
    ok(post(updates("1")));
  }

  @Test
  void itIsMeasured() {
    ok(pull(BOTH));
    push(0, updates("1"));
    assertThat(rig.api().get("/prometheus", Tokens.of("admin")).body())
        .contains(
            "tidemark_interop_pulls_seconds_count{kind=\"first\",package=\"watermelon\"}",
            "tidemark_interop_pushes_seconds_count{package=\"watermelon\",through=\"true\"}",
            "tidemark_interop_rows_total{kind=\"update\",package=\"watermelon\",result=\"through\"}");
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

  private static String updates(String id) {
    return "{\"changes\":{\"activity\":{\"updated\":"
        + "[{\"id\":\"%s\",\"_changed\":\"name\",\"name\":\"A\"}]}}}".formatted(id);
  }

  private List<Submission> handed() {
    return handed(name);
  }

  private static List<Submission> handed(String device) {
    return rig.sync().handed().stream()
        .filter(one -> one.operation().device().equals(device))
        .toList();
  }

  private String token() {
    return device(name, town);
  }

  private HttpResponse<String> post(String body) {
    return rig.api().post(SYNC, token(), body);
  }

  private JsonNode push(String body) {
    return ok(post(body.replace('\'', '"')));
  }

  private JsonNode push(long lastPulled, String body) {
    return push(body.replaceFirst("\\{", "{'last_pulled_at':" + lastPulled + ","));
  }

  private HttpResponse<String> pull(String query) {
    return rig.api().get(SYNC + query, token());
  }

  private HttpResponse<String> pull(long timestamp) {
    return pull(BOTH + "&last_pulled_at=" + timestamp);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static long timestamp(JsonNode pulled) {
    return pulled.path("timestamp").longValue();
  }

  /** What was told: rows as type/id, what is gone with a minus before it. */
  private static List<String> told(JsonNode pulled) {
    List<String> told = new ArrayList<>();
    for (var table : pulled.path("changes").properties()) {
      assertThat(table.getValue().path("created")).isEmpty();
      table
          .getValue()
          .path("updated")
          .forEach(row -> told.add(table.getKey() + "/" + row.path("id").asText()));
      table
          .getValue()
          .path("deleted")
          .forEach(id -> told.add("-" + table.getKey() + "/" + id.asText()));
    }
    return told;
  }
}
