package dev.tidemark.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.api.rate.Rate;
import dev.tidemark.api.rate.RateSettings;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RateLimitTest {
  private static final Rate PLENTY = new Rate(100_000, Duration.ofSeconds(1));

  @Test
  void aSubjectIsLimitedAndAnotherIsNot() {
    Rate three = new Rate(3, Duration.ofHours(1));
    try (ApiUnderTest api = api(new RateSettings(PLENTY, three, 0))) {
      String greedy = Tokens.signed(claims -> claims.subject("greedy"));
      for (int left = 2; left >= 0; left--) {
        HttpResponse<String> granted = api.get("/probe/ok", greedy);
        assertThat(granted.statusCode()).isEqualTo(200);
        assertThat(granted.headers().firstValue("RateLimit").orElseThrow())
            .startsWith("\"default\";r=" + left + ";");
        assertThat(granted.headers().firstValue("RateLimit-Policy"))
            .contains("\"default\";q=3;w=3600");
      }
      HttpResponse<String> refused = api.get("/probe/ok", greedy);
      Problems.assertProblem(refused, 429, "rate-limited");
      assertThat(Integer.parseInt(refused.headers().firstValue("Retry-After").orElseThrow()))
          .isBetween(1, 1200);
      assertThat(refused.headers().firstValue("RateLimit").orElseThrow())
          .startsWith("\"default\";r=0;");
      assertThat(
              api.get("/probe/ok", Tokens.signed(claims -> claims.subject("modest"))).statusCode())
          .isEqualTo(200);
    }
  }

  @Test
  void anAddressIsLimitedBeforeItsTokenIsLookedAt() {
    try (ApiUnderTest api = api(new RateSettings(new Rate(2, Duration.ofHours(1)), PLENTY, 0))) {
      Problems.assertProblem(api.get("/probe/ok", "wrong"), 401, "unauthenticated");
      Problems.assertProblem(api.get("/probe/ok", "wrong"), 401, "unauthenticated");
      Problems.assertProblem(api.get("/probe/ok", "wrong"), 429, "rate-limited");
      assertThat(forwardedFor(api, "203.0.113.9").statusCode())
          .as("a client cannot choose its address")
          .isEqualTo(429);
    }
  }

  @Test
  void behindATrustedProxyTheClientCountsAndNotTheProxy() {
    try (ApiUnderTest api = api(new RateSettings(new Rate(1, Duration.ofHours(1)), PLENTY, 1))) {
      assertThat(forwardedFor(api, "203.0.113.1").statusCode()).isEqualTo(200);
      assertThat(forwardedFor(api, "203.0.113.2").statusCode()).isEqualTo(200);
      assertThat(forwardedFor(api, "203.0.113.7, 203.0.113.2").statusCode())
          .as("only what the proxy itself wrote is believed")
          .isEqualTo(429);
    }
  }

  @Test
  void theMarkOfAnotherNodeDoesNotLiftTheLimitForAStranger() {
    try (ApiUnderTest api = api(new RateSettings(new Rate(1, Duration.ofHours(1)), PLENTY, 0))) {
      String token = Tokens.of("operator");
      assertThat(api.get("/probe/ok", token).statusCode()).isEqualTo(200);
      HttpResponse<String> marked =
          api.send(
              "/probe/ok",
              request ->
                  request.header("X-Tidemark-Hop", "1").header("Authorization", "Bearer " + token));
      assertThat(marked.statusCode()).isEqualTo(429);
    }
  }

  private static HttpResponse<String> forwardedFor(ApiUnderTest api, String addresses) {
    return api.send(
        "/probe/ok",
        request ->
            request
                .header("X-Forwarded-For", addresses)
                .header("Authorization", "Bearer " + Tokens.of("operator")));
  }

  private static ApiUnderTest api(RateSettings rates) {
    return ApiUnderTest.start(ApiUnderTest.HTTP, ApiUnderTest.TOKENS, rates);
  }
}
