package dev.tidemark.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A WebSocket as a device has it. */
final class Listening implements WebSocket.Listener, AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final BlockingQueue<JsonNode> messages = new LinkedBlockingQueue<>();
  private final BlockingQueue<Integer> closes = new LinkedBlockingQueue<>();
  private final StringBuilder part = new StringBuilder();
  private final List<JsonNode> changes = new ArrayList<>();
  private final WebSocket socket;
  private String cursor = "";

  private Listening(HttpClient client, URI uri, String token, boolean asProtocol) {
    WebSocket.Builder builder = client.newWebSocketBuilder();
    if (asProtocol) {
      builder.subprotocols("tidemark.v1", "tidemark.bearer." + token);
    } else {
      builder.header("Authorization", "Bearer " + token);
    }
    socket = builder.buildAsync(uri, this).join();
  }

  static Listening to(HttpClient client, int port, String token) {
    return new Listening(client, uri(port), token, false);
  }

  static Listening asBrowser(HttpClient client, int port, String token) {
    return new Listening(client, uri(port), token, true);
  }

  private static URI uri(int port) {
    return URI.create("ws://127.0.0.1:" + port + "/api/sync/live");
  }

  String protocol() {
    return socket.getSubprotocol();
  }

  Listening say(String message) {
    socket.sendText(message, true).join();
    return this;
  }

  Listening sayPart(String message) {
    socket.sendText(message, false).join();
    return this;
  }

  Listening subscribe(String cursor) {
    return say(
        cursor.isEmpty()
            ? "{\"type\":\"subscribe\"}"
            : "{\"type\":\"subscribe\",\"cursor\":\"" + cursor + "\"}");
  }

  /** Waits for a message of a type; changes that come before are collected. */
  JsonNode await(String type) {
    return await(message -> message.path("type").asText().equals(type));
  }

  /** Waits until so many changes have come since the start. */
  List<String> awaitChanges(int count) {
    if (changes.size() < count) {
      await(_ -> changes.size() >= count);
    }
    return changes.stream()
        .map(
            change ->
                change.path("kind").asText()
                    + " "
                    + change.path("type").asText()
                    + "/"
                    + change.path("id").asText())
        .toList();
  }

  private JsonNode await(Predicate<JsonNode> wanted) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      JsonNode message;
      try {
        message = messages.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new AssertionError(e);
      }
      if (message == null) {
        throw new AssertionError("nothing of that kind came; changes so far: " + changes.size());
      }
      if (message.has("cursor")) {
        cursor = message.path("cursor").asText();
      }
      message.path("changes").forEach(changes::add);
      if (wanted.test(message)) {
        return message;
      }
    }
  }

  /** Where to resume. */
  String cursor() {
    return cursor;
  }

  int awaitClose() {
    try {
      Integer code = closes.poll(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      return code == null ? -1 : code;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  @Override
  public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
    part.append(data);
    if (last) {
      try {
        messages.add(JSON.readTree(part.toString()));
      } catch (JsonProcessingException e) {
        throw new IllegalStateException(e);
      }
      part.setLength(0);
    }
    from.request(1);
    return null;
  }

  @Override
  public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
    closes.add(code);
    return null;
  }

  @Override
  public void onError(WebSocket from, Throwable error) {
    closes.add(0);
  }

  @Override
  public void close() {
    socket.abort();
  }
}
