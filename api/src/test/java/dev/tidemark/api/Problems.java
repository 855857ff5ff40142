package dev.tidemark.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.util.List;

/** What every problem must be, whatever it is about. */
public final class Problems {
  private static final List<String> INTERNALS =
      List.of(
          "Exception", "dev.tidemark", "io.micronaut", "java.", "at org.", "127.0.0.1", "SELECT");

  private Problems() {}

  public static JsonNode assertProblem(HttpResponse<String> response, int status, String slug) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    assertThat(response.headers().firstValue("Content-Type")).contains("application/problem+json");
    assertThat(response.headers().allValues("X-Request-ID")).hasSize(1);
    assertEveryAnswersHeaders(response);
    JsonNode problem = ApiUnderTest.json(response);
    assertThat(problem.path("type").asText()).isEqualTo("/problems/" + slug);
    assertThat(problem.path("status").asInt()).isEqualTo(status);
    assertThat(problem.path("title").asText()).isNotBlank();
    assertThat(problem.path("detail").asText()).isNotBlank();
    assertThat(problem.path("instance").asText()).startsWith("/");
    assertThat(problem.path("requestId").asText())
        .isEqualTo(response.headers().firstValue("X-Request-ID").orElseThrow());
    assertThat(INTERNALS).noneMatch(response.body()::contains);
    return problem;
  }

  static void assertEveryAnswersHeaders(HttpResponse<?> response) {
    assertThat(response.headers().allValues("X-Content-Type-Options")).containsExactly("nosniff");
    assertThat(response.headers().allValues("Content-Security-Policy")).hasSize(1);
    assertThat(response.headers().allValues("Cache-Control")).hasSize(1);
    assertThat(response.headers().firstValue("Server")).isEmpty();
  }
}
