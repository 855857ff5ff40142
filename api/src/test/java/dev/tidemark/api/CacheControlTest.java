package dev.tidemark.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.contract.Invalidation;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CacheControlTest {
  private static final String USER = FakeViews.USER;
  private static final String OPERATOR = Tokens.of("operator");

  private final FakeViews views = new FakeViews();
  private final ApiUnderTest api = ApiUnderTest.start(views, List.of());

  @AfterEach
  void stop() {
    api.close();
    views.cache().close();
  }

  @Test
  void onlyWhoOperatesSeesIntoTheCache() {
    for (Map.Entry<String, String> route :
        Map.of(
                "/api/cache/metrics", "GET",
                "/api/cache/status", "GET",
                "/api/cache/fallback-status", "GET",
                "/api/cache/explain/everything", "GET",
                "/api/cache/warm", "POST",
                "/api/cache/invalidate", "DELETE",
                "/api/cache/everything", "DELETE",
                "/api/performance", "GET")
            .entrySet()) {
      String path = route.getKey();
      String method = route.getValue();
      Problems.assertProblem(
          api.send(path, request -> request.method(method, HttpRequest.BodyPublishers.noBody())),
          401,
          "unauthenticated");
      for (String role : List.of("device", "analyst", "scraper")) {
        Problems.assertProblem(send(method, path, Tokens.of(role)), 403, "forbidden");
      }
      assertThat(views.sent()).isEmpty();
      for (String role : List.of("operator", "admin")) {
        HttpResponse<String> response = send(method, path, Tokens.of(role));
        assertThat(response.statusCode()).as(path).isEqualTo(200);
        assertThat(response.headers().allValues("Cache-Control")).containsExactly("no-store");
      }
      if (method.equals("DELETE")) {
        assertThat(views.sent()).isNotEmpty();
        views.forgetSent();
      }
    }
  }

  @Test
  void metricsHaveExactlyThisShape() {
    views.say("services:" + USER, "[]");
    for (int i = 0; i < 3; i++) {
      assertThat(api.get("/api/views/services/" + USER, OPERATOR).statusCode()).isEqualTo(200);
    }
    views.away(true);
    assertThat(api.get("/api/views/note/x", OPERATOR).statusCode()).isEqualTo(503);
    JsonNode metrics = json("/api/cache/metrics");
    assertThat(metrics.properties().stream().map(Map.Entry::getKey))
        .containsExactly(
            "hits",
            "misses",
            "errors",
            "total_requests",
            "hit_rate",
            "uptime_seconds",
            "cache_info");
    assertThat(metrics.path("cache_info").properties().stream().map(Map.Entry::getKey))
        .containsExactly("connected", "redis_version", "used_memory", "connected_clients");
    assertThat(metrics.path("hits").asInt()).isEqualTo(2);
    assertThat(metrics.path("misses").asInt()).isEqualTo(1);
    assertThat(metrics.path("errors").asInt()).isEqualTo(1);
    assertThat(metrics.path("total_requests").asInt()).isEqualTo(4);
    assertThat(metrics.path("hit_rate").asDouble()).isEqualTo(66.67);
    assertThat(metrics.path("uptime_seconds").isIntegralNumber()).isTrue();
    assertThat(metrics.at("/cache_info/connected").isBoolean()).isTrue();
    assertThat(metrics.at("/cache_info/redis_version").isNull()).isTrue();
  }

  @Test
  void statusTellsOfEachTierAndView() {
    JsonNode status = json("/api/cache/status");
    assertThat(status.path("status").asText()).isEqualTo("ok");
    assertThat(status.at("/freshness/fresh").asBoolean()).isTrue();
    assertThat(status.path("views").findValuesAsText("key"))
        .contains("agenda:{user_id}:{date}", "everything");
    assertThat(status.path("checks").findValuesAsText("within_seconds"))
        .containsExactly("1", "10", "60");
    assertThat(status.at("/tiers/redis/redis_configured").asBoolean()).isFalse();
    views.cache().freshness().forget("the history is another one");
    JsonNode aside = json("/api/cache/status");
    assertThat(aside.path("status").asText()).isEqualTo("standing_aside");
    assertThat(aside.at("/freshness/obstacle").asText()).isEqualTo("the history is another one");
    assertThat(aside.at("/freshness/proven_seconds_ago").isNull()).isTrue();
  }

  @Test
  void fallbackIsNotActiveWhereNoRedisIsMeantToBe() {
    JsonNode fallback = json("/api/cache/fallback-status");
    assertThat(fallback.path("fallback_active").asBoolean()).isFalse();
    assertThat(fallback.path("redis_configured").asBoolean()).isFalse();
    assertThat(fallback.path("since").isNull()).isTrue();
    assertThat(fallback.path("reason").asText()).isEqualTo("TIDEMARK_REDIS is not set");
  }

  @Test
  void aKeyHasAStory() {
    String key = "agenda:" + USER + ":2026-01-15";
    assertThat(api.get("/api/views/agenda/" + USER + "/2026-01-15", OPERATOR).statusCode())
        .isEqualTo(200);
    JsonNode kept = json("/api/cache/explain/" + key);
    assertThat(kept.at("/tiers/memory/bytes").asInt()).isEqualTo(2);
    assertThat(kept.path("last_invalidation").isNull()).isTrue();
    assertThat(send("DELETE", "/api/cache/agenda?date=2026-01-15", OPERATOR).statusCode())
        .isEqualTo(200);
    JsonNode dropped = json("/api/cache/explain/" + key);
    assertThat(dropped.at("/tiers/memory").isNull()).isTrue();
    assertThat(dropped.at("/last_invalidation/target").asText()).isEqualTo("agenda:*:2026-01-15");
    assertThat(dropped.at("/last_invalidation/reason").asText()).isEqualTo("request");
    assertThat(dropped.at("/story/0").asText()).contains("a request of someone");
    for (String none :
        List.of(
            "agenda",
            "agenda:*:2026-01-15",
            "agenda:" + USER + ":2026-02-30",
            "agenda:" + USER.toUpperCase(Locale.ROOT) + ":2026-01-15",
            "agenda:" + USER + ":2026-01-15:more",
            "nonsense:1",
            "secret:007",
            "note:a%2Fb")) {
      JsonNode problem =
          Problems.assertProblem(
              api.get("/api/cache/explain/" + none, OPERATOR), 400, "invalid-parameter");
      assertThat(problem.at("/errors/0/pointer").asText()).isEqualTo("/path/key");
    }
  }

  @Test
  void warmingFetchesWhatTheCatalogNames() {
    JsonNode first = ApiUnderTest.json(send("POST", "/api/cache/warm", OPERATOR));
    assertThat(first.toString()).isEqualTo("{\"warmed\":2,\"kept\":0,\"failed\":1}");
    JsonNode again = ApiUnderTest.json(send("POST", "/api/cache/warm?view=agenda", OPERATOR));
    assertThat(again.toString()).isEqualTo("{\"warmed\":0,\"kept\":2,\"failed\":1}");
    for (String view : List.of("services", "nonsense", "")) {
      Problems.assertProblem(
          send("POST", "/api/cache/warm?view=" + view, OPERATOR), 400, "invalid-parameter");
    }
  }

  @Test
  void whatIsDroppedIsSaidToAllNodes() {
    Map<String, String> targets =
        Map.of(
            "/api/cache/invalidate?key=note:x",
            "note:x",
            "/api/cache/invalidate?key=note:a%252Fb",
            "note:a%2Fb",
            "/api/cache/invalidate?view=note",
            "note:*",
            "/api/cache/note",
            "note:*",
            "/api/cache/note?text=a/b",
            "note:a%2Fb",
            "/api/cache/agenda?date=2026-01-15",
            "agenda:*:2026-01-15",
            "/api/cache/agenda?user_id=" + USER,
            "agenda:*:*",
            "/api/cache/agenda?date=2026-01-15&user_id=" + USER,
            "agenda:" + USER + ":2026-01-15",
            "/api/cache/everything",
            "everything");
    for (Map.Entry<String, String> target : targets.entrySet()) {
      views.forgetSent();
      JsonNode told = ApiUnderTest.json(send("DELETE", target.getKey(), OPERATOR));
      assertThat(told.toString())
          .as(target.getKey())
          .isEqualTo("{\"invalidated\":[\"" + target.getValue() + "\"],\"transaction\":777}");
      Invalidation sent = views.sent().getFirst();
      assertThat(sent.target()).isEqualTo(target.getValue());
      assertThat(sent.transaction()).isEqualTo(FakeViews.TRANSACTION);
      assertThat(sent.cause())
          .isEqualTo(
              new Invalidation.Cause(Invalidation.Reason.REQUEST, "someone", null, List.of()));
    }
    views.forgetSent();
    assertThat(send("DELETE", "/api/cache/invalidate", OPERATOR).statusCode()).isEqualTo(200);
    assertThat(views.sent()).hasSameSizeAs(FakeViews.CATALOG.views());
  }

  @Test
  void whatIsNotUnderstoodDropsNothing() {
    for (Map.Entry<String, String> wrong :
        Map.ofEntries(
                Map.entry("/api/cache/invalidate?keys=note:x", "/query/keys"),
                Map.entry("/api/cache/invalidate?key=note:x&view=note", "/query/view"),
                Map.entry("/api/cache/invalidate?key=note:x&key=note:y", "/query/key"),
                Map.entry("/api/cache/invalidate?view=note&why=x", "/query/why"),
                Map.entry("/api/cache/invalidate?key=note", "/query/key"),
                Map.entry("/api/cache/invalidate?key=", "/query/key"),
                Map.entry("/api/cache/invalidate?view=nonsense", "/query/view"),
                Map.entry("/api/cache/agenda?day=2026-01-15", "/query/day"),
                Map.entry("/api/cache/agenda?date=2026-02-30", "/query/date"),
                Map.entry("/api/cache/agenda?date=", "/query/date"),
                Map.entry("/api/cache/agenda?date=2026-01-15&date=2026-01-16", "/query/date"),
                Map.entry("/api/cache/everything?x=1", "/query/x"))
            .entrySet()) {
      JsonNode problem =
          Problems.assertProblem(
              send("DELETE", wrong.getKey(), OPERATOR), 400, "invalid-parameter");
      assertThat(problem.at("/errors/0/pointer").asText())
          .as(wrong.getKey())
          .isEqualTo(wrong.getValue());
    }
    Problems.assertProblem(send("DELETE", "/api/cache/nonsense", OPERATOR), 404, "unknown-view");
    assertThat(views.sent()).isEmpty();
  }

  @Test
  void nothingIsDroppedWithoutATransactionToDropItAt() {
    views.away(true);
    Problems.assertProblem(
        send("DELETE", "/api/cache/invalidate?view=note", OPERATOR), 503, "unavailable");
    assertThat(views.sent()).isEmpty();
  }

  @Test
  void performanceTellsOfTheParts() {
    assertThat(api.get("/api/views/note/x", OPERATOR).statusCode()).isEqualTo(200);
    JsonNode report = json("/api/performance");
    assertThat(report.properties().stream().map(Map.Entry::getKey))
        .containsExactly("cache", "queue", "polling", "overall");
    assertThat(report.at("/cache/requests").asInt()).isEqualTo(1);
    assertThat(report.at("/overall/requests").asInt()).isPositive();
  }

  private JsonNode json(String path) {
    HttpResponse<String> response = api.get(path, OPERATOR);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return ApiUnderTest.json(response);
  }

  private HttpResponse<String> send(String method, String path, String token) {
    return api.send(
        path,
        request ->
            request
                .header("Authorization", "Bearer " + token)
                .method(method, HttpRequest.BodyPublishers.noBody()));
  }
}
