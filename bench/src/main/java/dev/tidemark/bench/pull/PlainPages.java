package dev.tidemark.bench.pull;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;

/**
 * The limit of a first sync over HTTP: the JDK's server, which has the very same pages in memory.
 * It knows no tokens and does not compress.
 */
final class PlainPages implements AutoCloseable {
  private static final String CURSOR = "cursor=";

  private final Map<String, byte[]> byCursor = new HashMap<>();
  private final HttpServer server;

  static {
    // Without it the body waits 40 ms for the client to acknowledge the header.
    System.setProperty("sun.net.httpserver.nodelay", "true");
  }

  PlainPages(List<Puller.Page> pages) throws IOException {
    String cursor = "";
    for (Puller.Page page : pages) {
      byCursor.put(cursor, page.body());
      cursor = page.cursor();
    }
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::answer);
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  private void answer(HttpExchange exchange) throws IOException {
    String query = String.valueOf(exchange.getRequestURI().getQuery());
    int at = query.indexOf(CURSOR);
    byte[] page = byCursor.get(at < 0 ? "" : query.substring(at + CURSOR.length()));
    if (page == null) {
      exchange.sendResponseHeaders(404, -1);
      return;
    }
    exchange.sendResponseHeaders(200, page.length);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(page);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
