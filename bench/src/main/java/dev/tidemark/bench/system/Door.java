package dev.tidemark.bench.system;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.tidemark.contract.WireSerdes;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** Speaks HTTP to one node. Thread-safe. */
public final class Door implements AutoCloseable {
  private static final Duration CONNECT = Duration.ofSeconds(2);
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final String url;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(CONNECT).build();

  public Door(String url) {
    this.url = url;
  }

  /** What a node said. */
  public record Answer(int status, String body) {
    /** The body as JSON; missing if it is something else. */
    public JsonNode json() {
      try {
        return WireSerdes.exactJson().readTree(body);
      } catch (JsonProcessingException e) {
        return MissingNode.getInstance();
      }
    }
  }

  public Answer get(String path, String token) throws IOException, InterruptedException {
    return send(request(path, token).GET().build());
  }

  /** Posts a batch, and waits as long for its outcomes as is told. */
  public Answer post(String path, String token, String body, int waitSeconds)
      throws IOException, InterruptedException {
    return send(
        request(path, token)
            .header("Content-Type", "application/json")
            .header("Prefer", "wait=" + waitSeconds)
            .POST(BodyPublishers.ofString(body))
            .build());
  }

  public Answer delete(String path, String token) throws IOException, InterruptedException {
    return send(request(path, token).DELETE().build());
  }

  /** Opens a WebSocket; a failure to do so is that of the future. */
  public CompletableFuture<WebSocket> listen(
      String path, String token, WebSocket.Listener listener) {
    return client
        .newWebSocketBuilder()
        .connectTimeout(PATIENCE)
        .header("Authorization", "Bearer " + token)
        .buildAsync(URI.create(url.replaceFirst("^http", "ws") + path), listener);
  }

  private HttpRequest.Builder request(String path, String token) {
    HttpRequest.Builder builder = HttpRequest.newBuilder(URI.create(url + path)).timeout(PATIENCE);
    return token.isEmpty() ? builder : builder.header("Authorization", "Bearer " + token);
  }

  private Answer send(HttpRequest request) throws IOException, InterruptedException {
    var response = client.send(request, BodyHandlers.ofString());
    return new Answer(response.statusCode(), response.body());
  }

  @Override
  public String toString() {
    return url;
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
