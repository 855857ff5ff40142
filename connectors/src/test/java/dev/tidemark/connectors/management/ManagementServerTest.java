package dev.tidemark.connectors.management;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ManagementServerTest {
  private static final String TOKEN = "a-token-for-tests-only";
  private static final Instant SINCE = Instant.parse("2026-01-02T03:04:05Z");

  private final HttpClient http = HttpClient.newHttpClient();
  private Readiness readiness = new Readiness(true, "STREAMING", "changes flow", SINCE);
  private ManagementServer server = serve(Optional.of(TOKEN));

  private ManagementServer serve(Optional<String> token) {
    try {
      return new ManagementServer(
          new ManagementSettings("127.0.0.1", 0, token), () -> readiness, () -> "up 1\n");
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @AfterEach
  void close() {
    server.close();
    http.close();
  }

  @Test
  void aProcessThatWorksIsReadyAndSaysWhatItDoes() throws Exception {
    HttpResponse<String> answer = get("/health/readiness");
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body())
        .isEqualTo(
            "{\"status\":\"UP\",\"state\":\"STREAMING\",\"detail\":\"changes flow\","
                + "\"since\":\"2026-01-02T03:04:05Z\"}");
  }

  @Test
  void aProcessThatDoesNotWorkIsAliveButNotReady() throws Exception {
    readiness = new Readiness(false, "REFUSED", "the slot is gone; start with resnapshot", SINCE);
    assertThat(get("/health/liveness").statusCode()).isEqualTo(200);
    assertThat(get("/health/readiness").statusCode()).isEqualTo(503);
    assertThat(get("/health/readiness").body()).contains("the slot is gone; start with resnapshot");
  }

  @Test
  void metricsNeedTheToken() throws Exception {
    assertThat(get("/prometheus").statusCode()).isEqualTo(401);
    assertThat(get("/prometheus").headers().firstValue("WWW-Authenticate")).isPresent();
    assertThat(get("/prometheus", "Bearer something-else-entirely").statusCode()).isEqualTo(401);
    HttpResponse<String> metrics = get("/prometheus", "Bearer " + TOKEN);
    assertThat(metrics.statusCode()).isEqualTo(200);
    assertThat(metrics.body()).isEqualTo("up 1\n");
  }

  @Test
  void withoutATokenThereAreNoMetrics() throws Exception {
    server.close();
    server = serve(Optional.empty());
    assertThat(get("/prometheus", "Bearer ").statusCode()).isEqualTo(404);
  }

  @Test
  void everythingElseIsRefused() throws Exception {
    assertThat(get("/").statusCode()).isEqualTo(404);
    assertThat(get("/health/readiness/more").statusCode()).isEqualTo(404);
    HttpResponse<String> posted =
        http.send(
            HttpRequest.newBuilder(uri("/health/liveness"))
                .POST(HttpRequest.BodyPublishers.ofString("{}"))
                .build(),
            BodyHandlers.ofString());
    assertThat(posted.statusCode()).isEqualTo(405);
    assertThat(posted.headers().firstValue("Allow")).contains("GET, HEAD");
  }

  @Test
  void headAnswersLikeGetWithoutABody() throws Exception {
    HttpResponse<String> head =
        http.send(
            HttpRequest.newBuilder(uri("/health/readiness")).HEAD().build(),
            BodyHandlers.ofString());
    assertThat(head.statusCode()).isEqualTo(200);
    assertThat(head.body()).isEmpty();
  }

  private HttpResponse<String> get(String path) throws Exception {
    return http.send(HttpRequest.newBuilder(uri(path)).build(), BodyHandlers.ofString());
  }

  private HttpResponse<String> get(String path, String authorization) throws Exception {
    return http.send(
        HttpRequest.newBuilder(uri(path)).header("Authorization", authorization).build(),
        BodyHandlers.ofString());
  }

  private URI uri(String path) {
    return URI.create("http://127.0.0.1:" + server.port() + path);
  }
}
