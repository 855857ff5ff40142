package dev.tidemark.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidemark.api.rate.RateSettings;
import dev.tidemark.api.security.ScrapeToken;
import dev.tidemark.api.security.TokenSettings;
import dev.tidemark.api.wire.HttpSettings;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** A running api on a free port, and a client that speaks to it. */
public final class ApiUnderTest implements AutoCloseable {
  public static final ApiSettings SETTINGS =
      new ApiSettings(
          HttpSettings.DEFAULTS.listeningOn("127.0.0.1", 0),
          TokenSettings.withSecret(Tokens.SECRET),
          Optional.of(new ScrapeToken("a-scrape-token-for-tests")),
          RateSettings.DEFAULTS);

  private static final ObjectMapper JSON = new ObjectMapper();

  private final RunningApi api;
  private final HttpClient client = HttpClient.newHttpClient();

  public ApiUnderTest() {
    this(SETTINGS, Surroundings.none());
  }

  /** With the routes that only tests have. */
  public static ApiUnderTest withProbe(ApiSettings settings) {
    return new ApiUnderTest(Api.start(settings, Surroundings.none(), List.of("probe")));
  }

  public ApiUnderTest(ApiSettings settings, Surroundings surroundings) {
    this(Api.start(settings, surroundings));
  }

  private ApiUnderTest(RunningApi api) {
    this.api = api;
  }

  public RunningApi api() {
    return api;
  }

  public URI uri(String path) {
    return URI.create("http://127.0.0.1:" + api.port() + path);
  }

  public HttpResponse<String> get(String path, String token) {
    return send(path, request -> request.header("Authorization", "Bearer " + token));
  }

  public HttpResponse<String> get(String path) {
    return send(path, request -> request);
  }

  public HttpResponse<String> send(String path, UnaryOperator<HttpRequest.Builder> change) {
    try {
      return client.send(
          change.apply(HttpRequest.newBuilder(uri(path))).build(),
          HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new IllegalStateException("no answer from " + path, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  public static JsonNode json(HttpResponse<String> response) {
    try {
      return JSON.readTree(response.body());
    } catch (IOException e) {
      throw new IllegalStateException("not JSON: " + response.body(), e);
    }
  }

  @Override
  public void close() {
    client.close();
    api.close();
  }
}
