package dev.tidemark.connectors.work.http;

import static java.util.Objects.requireNonNull;

import java.net.URI;
import java.time.Duration;
import java.util.Map;

/**
 * What is asked.
 *
 * @param body what is sent; empty for nothing
 * @param limit how long it may take in all
 * @param mostBytes how long the body of the reply may be
 */
public record Request(
    String method,
    URI url,
    Map<String, String> headers,
    byte[] body,
    Duration limit,
    int mostBytes) {
  public Request {
    requireNonNull(method, "method is null");
    requireNonNull(url, "url is null");
    requireNonNull(limit, "limit is null");
    headers = Map.copyOf(headers);
  }

  public static Request get(URI url, Map<String, String> headers, Duration limit, int mostBytes) {
    return new Request("GET", url, headers, new byte[0], limit, mostBytes);
  }
}
