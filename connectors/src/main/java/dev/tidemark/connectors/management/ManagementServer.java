package dev.tidemark.connectors.management;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.MessageDigest;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/** Answers {@code /health/liveness}, {@code /health/readiness} and {@code /prometheus}. */
public final class ManagementServer implements AutoCloseable {
  private static final String JSON = "application/json";
  private static final String METRICS = "text/plain; version=0.0.4; charset=utf-8";
  private static final String BEARER = "Bearer ";
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final HttpServer server;
  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
  private final Optional<String> scrapeToken;
  private final Supplier<Readiness> readiness;
  private final Supplier<String> metrics;

  /** Listens from here on. */
  public ManagementServer(
      ManagementSettings settings, Supplier<Readiness> readiness, Supplier<String> metrics)
      throws IOException {
    this.scrapeToken = settings.scrapeToken();
    this.readiness = readiness;
    this.metrics = metrics;
    this.server = HttpServer.create(new InetSocketAddress(settings.bind(), settings.port()), 0);
    server.setExecutor(executor);
    server.createContext("/", this::answer);
    server.start();
  }

  public int port() {
    return server.getAddress().getPort();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      exchange.getResponseHeaders().set("Cache-Control", "no-store");
      String method = exchange.getRequestMethod();
      if (!method.equals("GET") && !method.equals("HEAD")) {
        exchange.getResponseHeaders().set("Allow", "GET, HEAD");
        problem(exchange, 405, "only GET and HEAD are answered here");
        return;
      }
      switch (exchange.getRequestURI().getPath()) {
        case "/health/liveness" -> send(exchange, 200, JSON, json(Map.of("status", "UP")));
        case "/health", "/health/readiness" -> readiness(exchange);
        case "/prometheus" -> metrics(exchange);
        default -> problem(exchange, 404, "there is nothing here");
      }
    }
  }

  private void readiness(HttpExchange exchange) throws IOException {
    Readiness now = readiness.get();
    Map<String, String> body = new LinkedHashMap<>();
    body.put("status", now.ready() ? "UP" : "DOWN");
    body.put("state", now.state());
    body.put("detail", now.detail());
    body.put("since", now.since().toString());
    send(exchange, now.ready() ? 200 : 503, JSON, json(body));
  }

  private void metrics(HttpExchange exchange) throws IOException {
    if (scrapeToken.isEmpty()) {
      problem(exchange, 404, "metrics are off: TIDEMARK_SCRAPE_TOKEN is not set");
      return;
    }
    String authorization = exchange.getRequestHeaders().getFirst("Authorization");
    if (authorization == null
        || !MessageDigest.isEqual(
            authorization.getBytes(UTF_8), (BEARER + scrapeToken.get()).getBytes(UTF_8))) {
      exchange.getResponseHeaders().set("WWW-Authenticate", "Bearer realm=\"tidemark\"");
      problem(exchange, 401, "metrics need the scrape token");
      return;
    }
    send(exchange, 200, METRICS, metrics.get().getBytes(UTF_8));
  }

  private static void problem(HttpExchange exchange, int status, String detail) throws IOException {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("status", status);
    body.put("detail", detail);
    send(exchange, status, "application/problem+json", json(body));
  }

  private static byte[] json(Object body) throws IOException {
    return MAPPER.writeValueAsBytes(body);
  }

  private static void send(HttpExchange exchange, int status, String type, byte[] body)
      throws IOException {
    exchange.getResponseHeaders().set("Content-Type", type);
    if (exchange.getRequestMethod().equals("HEAD")) {
      exchange.sendResponseHeaders(status, -1);
      return;
    }
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
  }

  @Override
  public void close() {
    server.stop(0);
    executor.close();
  }
}
