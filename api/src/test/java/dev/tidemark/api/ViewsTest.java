package dev.tidemark.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.contract.catalog.view.KeyTemplate;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ViewsTest {
  private static final String USER = FakeViews.USER;
  private static final String DEVICE = Tokens.of("device", "public", "user/" + USER);
  private static final String OPERATOR = Tokens.of("operator");

  private final FakeViews views = new FakeViews();
  private final ApiUnderTest api = ApiUnderTest.start(views, List.of(views.health()));

  @AfterEach
  void stop() {
    api.close();
    views.cache().close();
  }

  @Test
  void anAnswerSaysWhereItCameFrom() {
    views.say("services:" + USER, "[{\"id\":1}]");
    HttpResponse<String> first = api.get("/api/views/services/" + USER, OPERATOR);
    HttpResponse<String> second = api.get("/api/views/services/" + USER, OPERATOR);
    for (HttpResponse<String> response : List.of(first, second)) {
      assertThat(response.statusCode()).isEqualTo(200);
      assertThat(response.body()).isEqualTo("[{\"id\":1}]");
      assertThat(header(response, "Content-Type")).isEqualTo("application/json");
      assertThat(header(response, "Cache-Control")).isEqualTo("private, no-cache");
      assertThat(header(response, "Vary")).contains("Authorization");
      assertThat(header(response, "Age")).isEqualTo("0");
      assertThat(header(response, "ETag")).matches("\"[A-Za-z0-9_-]{16}\"");
    }
    assertThat(header(first, "Cache-Status")).isEqualTo("tidemark; fwd=miss; detail=postgres");
    assertThat(header(second, "Cache-Status")).isEqualTo("tidemark; hit; detail=memory");
    assertThat(views.asked()).containsExactly("services:" + USER);
  }

  @Test
  void whoeverHasTheAnswerIsNotSentItAgain() {
    String path = "/api/views/services/" + USER;
    String etag = header(api.get(path, OPERATOR), "ETag");
    HttpResponse<String> same = with(path, OPERATOR, "If-None-Match", "\"x\", W/" + etag);
    assertThat(same.statusCode()).isEqualTo(304);
    assertThat(same.body()).isEmpty();
    assertThat(header(same, "ETag")).isEqualTo(etag);
    assertThat(header(same, "Cache-Status")).isEqualTo("tidemark; hit; detail=memory");
    assertThat(header(same, "Cache-Control")).isEqualTo("private, no-cache");
    assertThat(with(path, OPERATOR, "If-None-Match", "\"x\"").statusCode()).isEqualTo(200);
  }

  @Test
  void nothingThereIsKeptAsWell() {
    String path = "/api/views/person/" + USER;
    for (String how :
        List.of("tidemark; fwd=miss; detail=postgres", "tidemark; hit; detail=memory")) {
      HttpResponse<String> response = api.get(path, OPERATOR);
      Problems.assertProblem(response, 404, "nothing-there");
      assertThat(header(response, "Cache-Status")).isEqualTo(how);
      assertThat(header(response, "Cache-Control")).isEqualTo("private, no-cache");
    }
    assertThat(api.get("/api/views/services/" + USER, OPERATOR).body()).isEqualTo("[]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"no-cache", "No-Cache", "max-age=0, no-cache"})
  void whoeverWantsTheTruthGetsIt(String directive) {
    String path = "/api/views/services/" + USER;
    views.say("services:" + USER, "[1]");
    assertThat(api.get(path, OPERATOR).body()).isEqualTo("[1]");
    views.say("services:" + USER, "[2]");
    assertThat(api.get(path, OPERATOR).body()).isEqualTo("[1]");
    HttpResponse<String> truth = with(path, OPERATOR, "Cache-Control", directive);
    assertThat(truth.body()).isEqualTo("[2]");
    assertThat(header(truth, "Cache-Status")).isEqualTo("tidemark; fwd=bypass; detail=bypass");
  }

  @Test
  void minVersionAsksPostgresAndHasToBeOne() {
    String path = "/api/views/services/" + USER;
    assertThat(api.get(path, OPERATOR).statusCode()).isEqualTo(200);
    HttpResponse<String> asked = api.get(path + "?min_version=0001-0000000001E00760", OPERATOR);
    assertThat(header(asked, "Cache-Status")).isEqualTo("tidemark; fwd=bypass; detail=bypass");
    for (String wrong : List.of("", "1", "latest", "0001-xyz")) {
      JsonNode problem =
          Problems.assertProblem(
              api.get(path + "?min_version=" + wrong, OPERATOR), 400, "invalid-parameter");
      assertThat(problem.at("/errors/0/pointer").asText()).isEqualTo("/query/min_version");
    }
  }

  @Test
  void aDeviceReadsWhatItsScopesAllow() {
    assertThat(api.get("/api/views/services/" + USER, DEVICE).statusCode()).isEqualTo(200);
    assertThat(api.get("/api/views/everything", DEVICE).statusCode()).isEqualTo(200);
    for (String path :
        List.of(
            "/api/views/services/" + FakeViews.OTHER,
            "/api/views/secret/1",
            "/api/views/secret/one",
            "/api/views/nonsense",
            "/api/views/services")) {
      JsonNode problem = Problems.assertProblem(api.get(path, DEVICE), 404, "unknown-view");
      assertThat(problem.has("errors")).as(path).isFalse();
    }
    assertThat(views.asked()).containsExactly("services:" + USER, "everything");
    Problems.assertProblem(
        api.get("/api/views/everything", Tokens.of("device", "user/" + USER)), 404, "unknown-view");
    Problems.assertProblem(api.get("/api/views/everything"), 401, "unauthenticated");
    Problems.assertProblem(
        api.get("/api/views/everything", Tokens.of("scraper")), 403, "forbidden");
    views.say("secret:1", "{}");
    for (String role : List.of("operator", "analyst", "admin")) {
      for (String path : List.of("/api/views/services/" + USER, "/api/views/secret/1")) {
        assertThat(api.get(path, Tokens.of(role)).statusCode()).isEqualTo(200);
      }
    }
  }

  @Test
  void wrongParametersAreNamedAll() {
    JsonNode problem =
        Problems.assertProblem(
            api.get("/api/views/agenda/nobody/2026-02-30", OPERATOR), 400, "invalid-parameter");
    assertThat(problem.path("errors").findValuesAsText("pointer"))
        .containsExactly("/path/user_id", "/path/date");
    for (String path :
        List.of(
            "/api/views/agenda/" + USER,
            "/api/views/agenda/" + USER + "/2026-01-15/more",
            "/api/views/agenda/" + USER + "/2026-01-15/more/still",
            "/api/views/services?first=" + USER,
            "/api/views/everything/x")) {
      Problems.assertProblem(api.get(path, OPERATOR), 404, "unknown-view");
    }
    assertThat(views.asked()).isEmpty();
  }

  @Test
  void aValueHasOneText() {
    assertThat(api.get("/api/views/services/" + USER.toUpperCase(Locale.ROOT), DEVICE).statusCode())
        .isEqualTo(200);
    views.say("secret:7", "{}");
    assertThat(api.get("/api/views/secret/0007", OPERATOR).statusCode()).isEqualTo(200);
    assertThat(views.asked()).containsExactly("services:" + USER, "secret:7");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a/b", "a:b", "100%", "*", "%2F", "a b", "a+b", "ü", "?", "#", "&x=1", ";v=1", "..", "a,b",
        "{text}", "\"", "\\", "😀", "%25"
      })
  void aTextComesToItsKeyWhateverIsInIt(String text) {
    String key = new KeyTemplate("note", List.of("text")).of(Map.of("text", text)::get);
    views.say(key, "[\"found\"]");
    HttpResponse<String> response = api.get("/api/views/note/" + encoded(text), DEVICE);
    assertThat(views.asked()).containsExactly(key);
    assertThat(response.body()).isEqualTo("[\"found\"]");
    JsonNode explained = ApiUnderTest.json(api.get("/api/cache/explain/" + encoded(key), OPERATOR));
    assertThat(explained.path("key").asText()).isEqualTo(key);
    assertThat(explained.at("/parameters/text").asText()).isEqualTo(text);
    assertThat(explained.at("/tiers/memory/bytes").asInt()).isEqualTo(9);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a+b", "a(b)!", "a&b;c=d", "~'$,@"})
  void whatNeedNotBeEncodedIsUnderstoodAsItIs(String text) {
    String key = "note:" + text;
    assertThat(api.get("/api/views/note/" + text, DEVICE).statusCode()).isEqualTo(200);
    assertThat(views.asked()).containsExactly(key);
    assertThat(
            ApiUnderTest.json(api.get("/api/cache/explain/" + key, OPERATOR)).path("key").asText())
        .isEqualTo(key);
  }

  @Test
  void aTextThatIsNoneIsRefused() {
    for (String text : List.of("a%00b", "%0A", "x".repeat(513))) {
      Problems.assertProblem(api.get("/api/views/note/" + text, DEVICE), 400, "invalid-parameter");
    }
  }

  @Test
  void whenPostgresIsAwayWhatIsKeptIsGiven() {
    assertThat(api.get("/api/views/services/" + USER, DEVICE).statusCode()).isEqualTo(200);
    views.away(true);
    assertThat(api.get("/api/views/services/" + USER, DEVICE).statusCode()).isEqualTo(200);
    HttpResponse<String> other = api.get("/api/views/person/" + USER, DEVICE);
    Problems.assertProblem(other, 503, "unavailable");
    assertThat(header(other, "Retry-After")).isEqualTo("1");
  }

  @Test
  void aNodeThatHasNotHeardOfEverythingAsksPostgresAndSaysSo() {
    assertThat(ApiUnderTest.json(api.get("/health")).path("status").asText()).isEqualTo("UP");
    assertThat(api.get("/api/views/services/" + USER, DEVICE).statusCode()).isEqualTo(200);
    views.cache().freshness().forget("the history is another one");
    HttpResponse<String> response = api.get("/api/views/services/" + USER, DEVICE);
    assertThat(header(response, "Cache-Status")).isEqualTo("tidemark; fwd=bypass; detail=bypass");
    HttpResponse<String> health = api.get("/health", OPERATOR);
    assertThat(health.statusCode()).isEqualTo(200);
    assertThat(ApiUnderTest.json(health).path("status").asText()).isEqualTo("DEGRADED");
    assertThat(ApiUnderTest.json(health).at("/components/cache/detail").asText())
        .isEqualTo("Postgres is asked each time: the history is another one");
  }

  @Test
  void aTextIsFilledInForItsReader() {
    views.say(
        "letter:3",
        "[{\"id\":3,\"for_plan\":null,\"subject\":\"Hi {{name}}\",\"body\":\"{{ n }} of {{n}}\"},"
            + "{\"id\":4,\"for_plan\":\"PRO\",\"subject\":\"Dear {{name}}\",\"body\":\"$1 \\\\\"}]");
    assertThat(render("/3", "{\"variables\":{\"name\":\"A$1\\\\\",\"n\":1.50}}").body())
        .isEqualTo(
            "{\"id\":3,\"for_plan\":null,\"subject\":\"Hi A$1\\\\\",\"body\":\"1.50 of 1.50\"}");
    HttpResponse<String> pro =
        render("/3", "{\"variant\":\"PRO\",\"variables\":{\"name\":\"B\",\"unused\":\"x\"}}");
    assertThat(ApiUnderTest.json(pro).path("subject").asText()).isEqualTo("Dear B");
    assertThat(header(pro, "Cache-Control")).isEqualTo("no-store");
    HttpResponse<String> other =
        render("/3", "{\"variant\":\"BASIC\",\"variables\":{\"name\":\"C\",\"n\":1}}");
    assertThat(ApiUnderTest.json(other).path("id").asInt()).isEqualTo(3);
    assertThat(views.asked()).containsExactly("letter:3");
  }

  @Test
  void variablesWithoutAValueAreNamed() {
    views.say("letter:3", "[{\"subject\":\"{{a}} {{b.c}}\",\"body\":\"{{a}} {{d}}\"}]");
    JsonNode problem =
        Problems.assertProblem(
            render("/3", "{\"variables\":{\"d\":\"\"}}"), 422, "missing-variables");
    assertThat(problem.path("errors").findValuesAsText("pointer"))
        .containsExactly("/variables/a", "/variables/b.c");
    Problems.assertProblem(render("/3", "{}"), 422, "missing-variables");
  }

  @Test
  void aBodyThatIsNoneIsRefused() {
    for (Map.Entry<String, String> wrong :
        Map.of(
                "{\"variant\":1}", "/variant",
                "{\"variables\":[]}", "/variables",
                "{\"variables\":{\"a\":{}}}", "/variables/a",
                "{\"variables\":{\"a/b~\":null}}", "/variables/a~1b~0",
                "{\"variables\":{\"a\":true}}", "/variables/a",
                "{\"who/m\":\"x\"}", "/who~1m")
            .entrySet()) {
      JsonNode problem = Problems.assertProblem(render("/3", wrong.getKey()), 422, "invalid-value");
      assertThat(problem.at("/errors/0/pointer").asText()).isEqualTo(wrong.getValue());
    }
    Problems.assertProblem(render("/3", ""), 400, "invalid-parameter");
    for (String broken : List.of("{", "{}x", "[]", "{\"variant\":1,\"variant\":2}")) {
      Problems.assertProblem(render("/3", broken), 400, "malformed-json");
    }
    Problems.assertProblem(
        api.send(
            "/api/render/letter/3",
            request ->
                request
                    .header("Authorization", "Bearer " + DEVICE)
                    .header("Content-Type", "text/plain")
                    .POST(HttpRequest.BodyPublishers.ofString("{}"))),
        415,
        "unsupported-media-type");
  }

  @Test
  void onlyTextsAreFilledInAndOnlyForWhomTheyAre() {
    Problems.assertProblem(render("/99", "{}"), 404, "nothing-there");
    Problems.assertProblem(render("/x", "{}"), 400, "invalid-parameter");
    Problems.assertProblem(render("", "{\"first\":\"3\"}"), 404, "unknown-view");
    Problems.assertProblem(
        api.post("/api/render/services/" + USER, DEVICE, "{}"), 404, "unknown-view");
    Problems.assertProblem(
        api.post("/api/render/letter/3", Tokens.of("device", "user/" + USER), "{}"),
        404,
        "unknown-view");
    views.say("letter:5", "[{\"for_plan\":\"PRO\",\"subject\":\"s\",\"body\":\"b\"}]");
    Problems.assertProblem(render("/5", "{\"variant\":\"BASIC\"}"), 404, "nothing-there");
  }

  private HttpResponse<String> render(String path, String body) {
    return api.post("/api/render/letter" + path, DEVICE, body);
  }

  private HttpResponse<String> with(String path, String token, String name, String value) {
    UnaryOperator<HttpRequest.Builder> change =
        request -> request.header("Authorization", "Bearer " + token).header(name, value);
    return api.send(path, change);
  }

  private static String header(HttpResponse<?> response, String name) {
    return String.join(" | ", response.headers().allValues(name));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8)
        .replace("+", "%20")
        .replace("..", "%2E%2E");
  }
}
