package dev.tidemark.api;

import static dev.tidemark.api.ApiUnderTest.json;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A worker as any language could write it: it knows nothing but HTTP. */
final class HttpWorker implements AutoCloseable {
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  private final String token;
  private final ObjectNode shift = JsonNodeFactory.instance.objectNode();
  private final String name;

  /** What it makes, as it says. */
  final Map<String, Integer> running = new TreeMap<>();

  /** Of the node that it asks. */
  int port;

  HttpWorker(int port, String token, int slots, int leaseSeconds, String... types) {
    this.port = port;
    this.token = token;
    for (String type : types) {
      shift.withArray("types").add(type);
    }
    shift.put("slots", slots).put("lease_seconds", leaseSeconds);
    HttpResponse<String> come = post("", shift.toString(), 0);
    assertThat(come.statusCode()).as(come.body()).isEqualTo(201);
    name = json(come).path("name").asText();
  }

  String name() {
    return name;
  }

  /** Claims; what it is given it does not know of until it says so. */
  JsonNode claim(int wait) {
    HttpResponse<String> answer = post("/" + name + "/claim", body(), wait);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return json(answer);
  }

  /** Claims until it is given a job, and makes that from then on. */
  JsonNode begin() {
    while (true) {
      JsonNode begin = claim(20).path("begin");
      begin.forEach(one -> running.put(one.path("id").asText(), one.path("attempt").asInt()));
      if (!begin.isEmpty()) {
        assertThat(begin).hasSize(1);
        return begin.get(0);
      }
    }
  }

  JsonNode heartbeat() {
    HttpResponse<String> answer = post("/" + name + "/heartbeat", body(), 0);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return json(answer);
  }

  private String body() {
    ObjectNode body = shift.deepCopy();
    running.forEach(body.putObject("running")::put);
    return body.toString();
  }

  /**
   * Says something of the attempt that it makes.
   *
   * @param more further fields, as JSON, each after a comma
   */
  HttpResponse<String> say(String id, String what, String more) {
    return say(id, requireNonNull(running.get(id), "it does not make it"), what, more);
  }

  HttpResponse<String> say(String id, int attempt, String what, String more) {
    return post("/" + name + "/jobs/" + id + "/" + what, "{\"attempt\":" + attempt + more + "}", 0);
  }

  /** Says what came of an attempt, and makes it no more. */
  HttpResponse<String> end(String id, String what, String more) {
    HttpResponse<String> answer = say(id, what, more);
    running.remove(id);
    return answer;
  }

  private HttpResponse<String> post(String path, String body, int wait) {
    return send("POST", port, "/api/workers" + path, token, body, wait);
  }

  static HttpResponse<String> send(
      String method,
      int port,
      String path,
      @Nullable String token,
      @Nullable String body,
      int wait) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    if (token != null) {
      request.header("Authorization", "Bearer " + token);
    }
    if (body != null) {
      request.header("Content-Type", "application/json");
    }
    if (wait > 0) {
      request.header("Prefer", "wait=" + wait);
    }
    return send(request.build());
  }

  static HttpResponse<String> send(HttpRequest request) {
    try {
      return CLIENT.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Goes, so that no other test's jobs are given to it. */
  @Override
  public void close() {
    assertThat(send("DELETE", port, "/api/workers/" + name, token, null, 0).statusCode())
        .isEqualTo(204);
  }
}
