package dev.tidemark.connectors.work.shop;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * A sales platform: lists of items that it hands out by pages, the newest change last, with a since
 * and an ETag.
 */
final class ShopServer implements AutoCloseable {
  static final ObjectMapper JSON = new ObjectMapper();

  /** An answer other than the page. */
  record Trouble(int status, Map<String, String> headers, byte[] body, boolean cut) {
    static Trouble status(int status, String... headers) {
      Map<String, String> map = new LinkedHashMap<>();
      for (int i = 0; i < headers.length; i += 2) {
        map.put(headers[i], headers[i + 1]);
      }
      return new Trouble(status, map, new byte[0], false);
    }

    static Trouble body(byte[] body) {
      return new Trouble(200, Map.of(), body, false);
    }

    static Trouble broken() {
      return new Trouble(200, Map.of(), new byte[0], true);
    }
  }

  private final HttpServer server;
  private final Map<String, List<ObjectNode>> items = new HashMap<>();
  private final Queue<Trouble> troubles = new ArrayDeque<>();
  final Queue<String> asked = new ConcurrentLinkedQueue<>();
  final Queue<String> authorized = new ConcurrentLinkedQueue<>();
  volatile int forgottenPages;

  ShopServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::handle);
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/api/";
  }

  /** The next request is answered with this; of several, one after the other. */
  synchronized void next(Trouble trouble) {
    troubles.add(trouble);
  }

  /** An item is new, or has changed: it is the last of its list. */
  synchronized void put(String kind, ObjectNode item) {
    items.computeIfAbsent(kind, _ -> new ArrayList<>()).add(item);
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      asked.add(exchange.getRequestURI().toString());
      String authorization = exchange.getRequestHeaders().getFirst("Authorization");
      authorized.add(String.valueOf(authorization));
      Trouble trouble;
      synchronized (this) {
        trouble = troubles.poll();
      }
      if (trouble != null && trouble.cut()) {
        exchange.sendResponseHeaders(200, 1_000);
        exchange.getResponseBody().write(new byte[10]);
        exchange.getResponseBody().flush();
        return;
      }
      if (trouble != null) {
        trouble.headers().forEach(exchange.getResponseHeaders()::set);
        answer(exchange, trouble.status(), trouble.body());
        return;
      }
      list(exchange);
    }
  }

  private synchronized void list(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    String kind = path.substring(path.lastIndexOf('/') + 1);
    Map<String, String> query = query(exchange);
    int limit = Integer.parseInt(query.get("limit"));
    List<ObjectNode> all = items.getOrDefault(kind, List.of());
    int since = query.containsKey("since") ? Integer.parseInt(query.get("since").substring(1)) : 0;
    int from = query.containsKey("page") ? Integer.parseInt(query.get("page").substring(1)) : since;
    if (query.containsKey("page") && forgottenPages > 0) {
      forgottenPages--;
      answer(exchange, 410, new byte[0]);
      return;
    }
    String etag = "\"" + all.size() + "\"";
    if (etag.equals(exchange.getRequestHeaders().getFirst("If-None-Match"))) {
      answer(exchange, 304, new byte[0]);
      return;
    }
    int to = Math.min(all.size(), from + limit);
    ObjectNode page = JSON.createObjectNode();
    ArrayNode array = page.putArray("items");
    all.subList(Math.min(from, to), to).forEach(array::add);
    if (to < all.size()) {
      page.put("next", "p" + to);
    }
    page.put("since", "s" + all.size());
    exchange.getResponseHeaders().set("ETag", etag);
    answer(exchange, 200, page.toString().getBytes(UTF_8));
  }

  private static Map<String, String> query(HttpExchange exchange) {
    Map<String, String> query = new HashMap<>();
    for (String pair : exchange.getRequestURI().getRawQuery().split("&", -1)) {
      int equals = pair.indexOf('=');
      query.put(pair.substring(0, equals), URLDecoder.decode(pair.substring(equals + 1), UTF_8));
    }
    return query;
  }

  private static void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    if (body.length > 0) {
      exchange.getResponseBody().write(body);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
