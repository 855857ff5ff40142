package dev.tidemark.bench.pull;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPInputStream;

/** A device that pulls pages, and reads of them no more than where the next one begins. */
final class Puller implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final String CURSOR = ",\"cursor\":\"";
  private static final byte[] PUT = "\"kind\":\"put\"".getBytes(UTF_8);
  private static final int TAIL = 16 << 10;

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final String url;
  private final String token;
  private final boolean gzip;

  Puller(String url, String token, boolean gzip) {
    this.url = url;
    this.token = token;
    this.gzip = gzip;
  }

  /**
   * One answer.
   *
   * @param body as it was before it was compressed, if it was
   * @param wireBytes how many bytes of a body went over the connection
   */
  record Page(byte[] body, long wireBytes, String cursor, boolean more) {
    /** How many rows are put; looks at every byte. */
    int puts() {
      int puts = 0;
      for (int at = 0; at + PUT.length <= body.length; at++) {
        if (body[at] == '"' && Arrays.equals(body, at, at + PUT.length, PUT, 0, PUT.length)) {
          puts++;
        }
      }
      return puts;
    }
  }

  /** All pages of a first sync, one after the other. */
  List<Page> first(int limit) throws IOException, InterruptedException {
    List<Page> pages = new ArrayList<>();
    Page page = page("", limit);
    pages.add(page);
    while (page.more()) {
      page = page(page.cursor(), limit);
      pages.add(page);
    }
    return pages;
  }

  /**
   * The next page.
   *
   * @param cursor empty for a first sync
   */
  Page page(String cursor, int limit) throws IOException, InterruptedException {
    String query = "?limit=" + limit + (cursor.isEmpty() ? "" : "&cursor=" + cursor);
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(url + "/api/sync/changes" + query))
            .timeout(PATIENCE)
            .header("Authorization", "Bearer " + token);
    if (gzip) {
      request.header("Accept-Encoding", "gzip");
    }
    HttpResponse<byte[]> response = client.send(request.build(), BodyHandlers.ofByteArray());
    byte[] wire = response.body();
    byte[] body = wire;
    boolean compressed =
        response.headers().firstValue("Content-Encoding").filter("gzip"::equals).isPresent();
    if (compressed) {
      try (GZIPInputStream plain = new GZIPInputStream(new ByteArrayInputStream(wire), TAIL)) {
        body = plain.readAllBytes();
      }
    }
    if (response.statusCode() != 200 || compressed != gzip) {
      throw new IOException(
          "no page: %d, compressed: %s, %s"
              .formatted(response.statusCode(), compressed, new String(wire, UTF_8)));
    }
    return read(body, wire.length);
  }

  /** What a page says about itself is behind its changes. */
  static Page read(byte[] body, long wireBytes) throws IOException {
    int from = Math.max(0, body.length - TAIL);
    String tail = new String(body, from, body.length - from, UTF_8);
    int cursor = tail.lastIndexOf(CURSOR);
    if (cursor < 0) {
      throw new IOException("a page without a cursor: " + tail);
    }
    int begin = cursor + CURSOR.length();
    return new Page(
        body,
        wireBytes,
        tail.substring(begin, tail.indexOf('"', begin)),
        tail.indexOf("\"has_more\":true", begin) >= 0);
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
