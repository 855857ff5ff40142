package dev.tidemark.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.api.assets.Assets;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class AuthenticationTest {
  private static final List<String> CLOSED =
      List.of(
          "/api/entities/activity/1",
          "/prometheus",
          "/openapi.yml",
          "/probe/ok",
          "/nowhere",
          "/",
          "/health/other",
          "/assets",
          "/assets/",
          "/assets/files/page.css",
          "/problems",
          "/problems/not-found/more",
          "/health/../prometheus",
          "//prometheus",
          "/beans",
          "/env",
          "/login",
          "/oauth/access_token",
          "/keys",
          "/metrics",
          "/swagger",
          "/META-INF/swagger/tidemark-api.yml");

  private static ApiUnderTest api = ApiUnderTest.start();

  @BeforeAll
  static void start() {
    assertThat(api.port()).isPositive();
  }

  @AfterAll
  static void stop() {
    api.close();
  }

  @Test
  void nothingAnswersWithoutATokenButHealthAndPages() {
    for (String path : CLOSED) {
      HttpResponse<String> response = api.get(path);
      Problems.assertProblem(response, 401, "unauthenticated");
      assertThat(response.headers().firstValue("WWW-Authenticate"))
          .as(path)
          .contains("Bearer realm=\"tidemark\"");
    }
    for (String path :
        List.of(
            "/health",
            "/health/liveness",
            "/health/readiness",
            "/problems/unauthenticated",
            Assets.address("page.css"))) {
      assertThat(api.get(path).statusCode()).as(path).isEqualTo(200);
    }
  }

  @Test
  void everyOtherMethodIsClosedAsWell() {
    for (String method : List.of("POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE")) {
      HttpResponse<String> response =
          api.send(
              "/probe/ok",
              request -> request.method(method, java.net.http.HttpRequest.BodyPublishers.noBody()));
      Problems.assertProblem(response, 401, "unauthenticated");
    }
  }

  @Test
  void aRefusedTokenIsToldWhy() {
    HttpResponse<String> response =
        api.get("/probe/ok", Tokens.signed(claims -> claims.issuer("mallory")));
    Problems.assertProblem(response, 401, "unauthenticated");
    assertThat(response.headers().firstValue("WWW-Authenticate"))
        .contains(
            "Bearer realm=\"tidemark\", error=\"invalid_token\","
                + " error_description=\"the token is from another issuer\"");
  }

  @Test
  void otherCredentialsAreRefused() {
    for (String header :
        List.of("Basic YTpi", "Bearer", "Bearer ", "bearer abc", "Digest x", "x")) {
      Problems.assertProblem(
          api.send("/probe/ok", request -> request.header("Authorization", header)),
          401,
          "unauthenticated");
    }
    String token = Tokens.of("operator");
    Problems.assertProblem(
        api.send(
            "/probe/ok",
            request ->
                request
                    .header("Authorization", "Bearer " + token)
                    .header("Authorization", "Bearer " + token)),
        401,
        "unauthenticated");
    Problems.assertProblem(
        api.send("/probe/ok", request -> request.header("Cookie", "JWT=" + token)),
        401,
        "unauthenticated");
  }

  @Test
  void aTokenOverTheLimitIsRefusedWithoutBeingRead() {
    String token = Tokens.signed(claims -> claims.claim("padding", "x".repeat(8_000)));
    Problems.assertProblem(api.get("/probe/ok", token), 401, "unauthenticated");
    String longer = Tokens.signed(claims -> claims.claim("padding", "x".repeat(100_000)));
    Problems.assertProblem(api.get("/probe/ok", longer), 431, "headers-too-large");
  }

  @Test
  void rolesDecideWhoReadsTheMetrics() {
    for (String role : List.of("device", "analyst")) {
      Problems.assertProblem(api.get("/prometheus", Tokens.of(role)), 403, "forbidden");
    }
    for (String role : List.of("operator", "admin", "scraper")) {
      assertThat(api.get("/prometheus", Tokens.of(role)).statusCode()).isEqualTo(200);
    }
  }

  @Test
  void theScrapeTokenOpensTheMetricsAndNothingElse() {
    assertThat(api.get("/prometheus", ApiUnderTest.SCRAPE_TOKEN).statusCode()).isEqualTo(200);
    Problems.assertProblem(
        api.get("/api/entities/activity/1", ApiUnderTest.SCRAPE_TOKEN), 403, "forbidden");
    Problems.assertProblem(
        api.get("/prometheus", ApiUnderTest.SCRAPE_TOKEN + "x"), 401, "unauthenticated");
  }

  @Test
  void noOriginIsLetIn() {
    HttpResponse<String> preflight =
        api.send(
            "/probe/ok",
            request ->
                request
                    .header("Origin", "https://evil.example")
                    .header("Access-Control-Request-Method", "GET")
                    .method("OPTIONS", java.net.http.HttpRequest.BodyPublishers.noBody()));
    assertThat(preflight.statusCode()).isEqualTo(401);
    assertThat(preflight.headers().map().keySet())
        .noneMatch(name -> name.startsWith("access-control-"));
    HttpResponse<String> simple =
        api.send(
            "/probe/ok",
            request ->
                request
                    .header("Origin", "https://evil.example")
                    .header("Authorization", "Bearer " + Tokens.of("operator")));
    assertThat(simple.headers().map().keySet())
        .noneMatch(name -> name.startsWith("access-control-"));
  }
}
