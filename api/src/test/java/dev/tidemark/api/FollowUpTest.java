package dev.tidemark.api;

import static dev.tidemark.api.ApiUnderTest.json;
import static dev.tidemark.api.SyncTest.batch;
import static dev.tidemark.api.SyncTest.device;
import static dev.tidemark.api.SyncTest.operation;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.contract.Version;
import dev.tidemark.contract.WireSerdes;
import dev.tidemark.contract.sync.Result;
import dev.tidemark.contract.sync.Ruling;
import dev.tidemark.contract.sync.Strategy;
import dev.tidemark.contract.sync.Submission;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Operations that take others back. */
class FollowUpTest {
  private static final Version BEFORE = new Version(1, 5);

  private final FakeSync sync = new FakeSync();
  private final ApiUnderTest api =
      ApiUnderTest.start(ApiUnderTest.settings(), new FakeEntities(), sync, List.of(), List.of());

  @BeforeEach
  void tellColumns() {
    sync.columns("activity", SyncTest.ACTIVITY);
  }

  @AfterEach
  void stop() {
    api.close();
  }

  @Test
  void whatCountsIsMergedOutOfWhatCameSince() {
    String done =
        done(
            "{'field':'tags','server':['a'],'result':['a','b']},"
                + "{'field':'name','server':'x','result':'y'}");
    assertThat(undo(done).statusCode()).isEqualTo(200);

    Submission taken = sync.handed().getLast();
    assertThat(taken.undoes()).isEqualTo(done);
    assertThat(taken.operation().strategy()).isEqualTo(Strategy.MERGE);
    assertThat(taken.operation().base()).isEqualTo(BEFORE);
    assertThat(taken.operation().data()).isEqualTo(object("{'tags':['a'],'name':'x'}"));
    assertThat(taken.baseData()).isEqualTo(object("{'tags':['a','b']}"));
  }

  @Test
  void whatDoesNotCountIsSetAsItWas() {
    String done = done("{'field':'name','server':'x','result':'y'}");
    assertThat(undo(done).statusCode()).isEqualTo(200);

    Submission taken = sync.handed().getLast();
    assertThat(taken.operation().strategy()).isEqualTo(Strategy.CLIENT_WINS);
    assertThat(taken.operation().base()).isNull();
    assertThat(taken.operation().data()).isEqualTo(object("{'name':'x'}"));
    assertThat(taken.baseData()).isNull();
  }

  @Test
  void whoeverComesSecondIsToldSo() {
    String done = done("{'field':'name','server':'x','result':'y'}");
    sync.decide(
        _ ->
            Optional.of(
                ruling(Result.REJECTED, object("{'code':'already_followed'}"), object("{}"))));
    JsonNode error = json(undo(done)).path("errors").path(0);
    assertThat(error.path("type").asText()).isEqualTo("/problems/cannot-be-undone");
  }

  /** An operation that is applied, with these fields decided. */
  private String done(String fields) {
    sync.decide(
        _ -> Optional.of(ruling(Result.APPLIED, null, object("{'fields':[" + fields + "]}"))));
    String one = operation("k1", "activity", "17", "update", "{\"name\":\"y\"}", "");
    assertThat(api.post("/api/sync", device(), batch("b1", one)).statusCode()).isEqualTo(200);
    return sync.handed().getLast().operation().id();
  }

  private HttpResponse<String> undo(String operation) {
    return api.send(
        "/api/sync/operations/" + operation + "/undo",
        request ->
            request
                .header("Authorization", "Bearer " + device())
                .POST(HttpRequest.BodyPublishers.noBody()));
  }

  private static Ruling ruling(Result result, @Nullable ObjectNode error, ObjectNode decision) {
    return new Ruling(result, null, List.of(), null, "reason", error, decision, BEFORE, null, null);
  }

  private static ObjectNode object(String text) {
    try {
      return (ObjectNode) WireSerdes.exactJson().readTree(text.replace('\'', '"'));
    } catch (IOException e) {
      throw new IllegalArgumentException(text, e);
    }
  }
}
