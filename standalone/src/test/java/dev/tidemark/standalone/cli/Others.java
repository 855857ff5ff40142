package dev.tidemark.standalone.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/** The programs of others, over HTTP: a sales platform, and one that is told what happens. */
final class Others implements AutoCloseable {
  /** A call at {@code /hook}. */
  record Call(String id, String event, String signature, byte[] body) {}

  private final HttpServer server;
  private final Map<String, String> items = new ConcurrentHashMap<>();
  private final Queue<String> tokens = new ConcurrentLinkedQueue<>();
  private final Queue<Call> calls = new ConcurrentLinkedQueue<>();

  Others() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/shop/", this::list);
    server.createContext("/hook", this::hook);
    server.start();
  }

  String url(String path) {
    return "http://127.0.0.1:" + server.getAddress().getPort() + path;
  }

  /** All that the platform has of a kind, as JSON with commas between. */
  void has(String kind, String json) {
    items.put(kind, json);
  }

  /** What the platform was shown as a token. */
  Queue<String> tokens() {
    return tokens;
  }

  Queue<Call> calls() {
    return calls;
  }

  private void list(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    tokens.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
    String list = items.getOrDefault(path.substring(path.lastIndexOf('/') + 1), "");
    answer(exchange, 200, "{\"items\":[" + list + "],\"next\":null}");
  }

  private void hook(HttpExchange exchange) throws IOException {
    calls.add(
        new Call(
            exchange.getRequestHeaders().getFirst("Tidemark-Id"),
            exchange.getRequestHeaders().getFirst("Tidemark-Event"),
            exchange.getRequestHeaders().getFirst("Tidemark-Signature"),
            exchange.getRequestBody().readAllBytes()));
    answer(exchange, 200, "{}");
  }

  private static void answer(HttpExchange exchange, int status, String body) throws IOException {
    try (exchange) {
      byte[] bytes = body.getBytes(UTF_8);
      exchange.sendResponseHeaders(status, bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
