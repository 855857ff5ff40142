package dev.tidemark.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.api.problem.ProblemType;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class ProblemsTest {
  private static final String TOKEN = Tokens.of("operator");
  private static final String BROWSER =
      "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
  private static final ApiUnderTest API = ApiUnderTest.start();

  @AfterAll
  static void stop() {
    API.close();
  }

  @Test
  void whatIsNotThereIs404() {
    JsonNode problem =
        Problems.assertProblem(API.get("/nowhere?secret=1", TOKEN), 404, "not-found");
    assertThat(problem.path("instance").asText()).isEqualTo("/nowhere");
  }

  @Test
  void theWrongMethodIs405AndTheRightOnesAreNamed() {
    HttpResponse<String> response = send("/probe/ok", request -> request.DELETE());
    Problems.assertProblem(response, 405, "method-not-allowed");
    assertThat(response.headers().firstValue("Allow").orElseThrow()).contains("GET", "HEAD");
  }

  @Test
  void anImpossibleMediaTypeIs406Or415() {
    Problems.assertProblem(
        send("/probe/ok", request -> request.header("Accept", "image/png")), 406, "not-acceptable");
    Problems.assertProblem(post("text/xml", "<a/>"), 415, "unsupported-media-type");
    Problems.assertProblem(
        post("application/json;charset=utf-16", "\u0000{"), 400, "malformed-json");
  }

  @Test
  void aClientThatAcceptsOnlyPagesGetsProblemsAllTheSame() {
    Problems.assertProblem(
        send("/nowhere", request -> request.header("Accept", "text/html")), 404, "not-found");
  }

  @Test
  void malformedJsonIsLocated() {
    JsonNode problem =
        Problems.assertProblem(
            post("application/json", "{\n  \"a\": 1,\n  nonsense\n}"), 400, "malformed-json");
    assertThat(problem.path("detail").asText()).contains("line 3");
    assertThat(problem.path("errors").path(0).path("detail").asText()).contains("line 3, column");
    for (String broken :
        List.of(
            "", "{", "nul", "{\"a\":1}}", "{\"a\":1,\"a\":2}", "{} {}", "[1,2", "\u0001", "NaN")) {
      HttpResponse<String> response = post("application/json", broken);
      assertThat(response.statusCode()).as(broken).isEqualTo(400);
    }
  }

  @Test
  void jsonThatNestsTooDeeplyIsRefused() {
    assertThat(post("application/json", "[".repeat(64) + "]".repeat(64)).statusCode())
        .isEqualTo(200);
    for (int depth : List.of(65, 10_000)) {
      Problems.assertProblem(
          post("application/json", "[".repeat(depth) + "]".repeat(depth)), 400, "malformed-json");
    }
  }

  @Test
  void aParameterThatCannotBeReadIsNamed() {
    JsonNode wrong =
        Problems.assertProblem(
            send("/probe/number?n=seven", request -> request), 400, "invalid-parameter");
    assertThat(wrong.path("errors").path(0).path("pointer").asText()).endsWith("/n");
    Problems.assertProblem(send("/probe/number", request -> request), 400, "invalid-parameter");
  }

  @Test
  void aBugIs500AndTellsNothing() {
    JsonNode problem =
        Problems.assertProblem(send("/probe/broken", request -> request), 500, "internal-error");
    assertThat(problem.toString()).doesNotContain("password", "SELECT");
  }

  @Test
  void whatIsAwayIs503AndSaysWhenToComeBack() {
    HttpResponse<String> response = send("/probe/away", request -> request);
    JsonNode problem = Problems.assertProblem(response, 503, "unavailable");
    assertThat(problem.path("detail").asText()).isEqualTo("Come back later.");
    assertThat(response.headers().firstValue("Retry-After")).contains("2");
  }

  @Test
  void headTellsTheStatusWithoutABody() {
    HttpResponse<String> response =
        send("/nowhere", request -> request.method("HEAD", HttpRequest.BodyPublishers.noBody()));
    assertThat(response.statusCode()).isEqualTo(404);
    assertThat(response.body()).isEmpty();
  }

  @Test
  void everyTypeHasAPageAtTheAddressThatItNames() {
    for (ProblemType type : ProblemType.values()) {
      HttpResponse<String> page = API.get(type.address(), TOKEN);
      assertThat(page.statusCode()).isEqualTo(200);
      assertThat(ApiUnderTest.json(page).path("explanation").asText())
          .isEqualTo(type.explanation());
      assertThat(ApiUnderTest.json(page).path("status").asInt()).isEqualTo(type.status());
    }
    Problems.assertProblem(API.get("/problems/boredom", TOKEN), 404, "not-found");
  }

  @Test
  void aBrowserGetsAPageWithItsStyleAndNeedsNoToken() {
    for (ProblemType type : ProblemType.values()) {
      HttpResponse<String> page = accepting(type.address(), BROWSER);
      assertThat(page.statusCode()).isEqualTo(200);
      assertThat(page.headers().firstValue("Content-Type")).contains("text/html; charset=utf-8");
      assertThat(page.headers().firstValue("Content-Security-Policy").orElseThrow())
          .contains("style-src 'self'");
      assertThat(page.headers().firstValue("Cache-Control")).contains("private, no-cache");
      assertThat(page.headers().firstValue("Vary")).contains("Accept");
      assertThat(page.body())
          .contains("<h1>" + type.title().replace("'", "&#39;") + "</h1>")
          .contains("aria-current=\"page\"")
          .doesNotContain("%", "<script", "style=");
      Matcher style =
          Pattern.compile("<link rel=\"stylesheet\" href=\"(.+)\">").matcher(page.body());
      assertThat(style.find()).isTrue();
      assertThat(API.get(style.group(1)).headers().firstValue("Content-Type"))
          .contains("text/css; charset=utf-8");
    }
    Problems.assertProblem(accepting("/problems/boredom", BROWSER), 404, "not-found");
  }

  @Test
  void whoeverDoesNotPreferAPageGetsJson() {
    for (String accept :
        List.of("*/*", "application/json", "text/html, application/json", "text/html;q=0.5, */*")) {
      HttpResponse<String> page = accepting("/problems/forbidden", accept);
      assertThat(page.headers().firstValue("Content-Type")).contains("application/json");
      assertThat(page.headers().firstValue("Vary")).contains("Accept");
    }
    Problems.assertProblem(
        send("/problems/forbidden", request -> request.header("Accept", "image/png")),
        406,
        "not-acceptable");
  }

  @Test
  void aPageMayHoldStyleAndDataNothing() {
    HttpResponse<String> page = send("/probe/page", request -> request);
    assertThat(page.headers().firstValue("Content-Security-Policy").orElseThrow())
        .contains("style-src 'self'");
    Problems.assertEveryAnswersHeaders(page);
    assertThat(page.headers().firstValue("Cache-Control")).contains("no-store");
  }

  private static HttpResponse<String> accepting(String path, String accept) {
    return API.send(path, request -> request.header("Accept", accept));
  }

  private static HttpResponse<String> post(String type, String body) {
    return send(
        "/probe/body",
        request ->
            request.header("Content-Type", type).POST(HttpRequest.BodyPublishers.ofString(body)));
  }

  private static HttpResponse<String> send(String path, UnaryOperator<HttpRequest.Builder> change) {
    return API.send(
        path, request -> change.apply(request.header("Authorization", "Bearer " + TOKEN)));
  }
}
