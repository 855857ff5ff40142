package dev.tidemark.api.wire;

import static java.util.Objects.requireNonNull;

import dev.tidemark.api.settings.Variables;
import java.time.Duration;

/**
 * Where the api listens and how much it takes from one request.
 *
 * @param bind the address to listen on
 * @param port the port to listen on; 0 takes a free one
 * @param lineLimit the longest request line, in bytes: 414 beyond
 * @param headerLimit all header fields together, in bytes: 431 beyond
 * @param bodyLimit the largest body, in bytes: 413 beyond
 * @param jsonDepth how deeply JSON may nest: 400 beyond
 * @param receiveTimeout how long a client may take to send one request: 408 beyond
 * @param idleTimeout how long a connection may stay open with nothing on it
 */
public record HttpSettings(
    String bind,
    int port,
    int lineLimit,
    int headerLimit,
    int bodyLimit,
    int jsonDepth,
    Duration receiveTimeout,
    Duration idleTimeout) {
  public static final HttpSettings DEFAULTS =
      new HttpSettings(
          "0.0.0.0",
          8080,
          8 << 10,
          16 << 10,
          1 << 20,
          64,
          Duration.ofSeconds(30),
          Duration.ofMinutes(2));

  public HttpSettings {
    requireNonNull(bind, "bind is null");
    require(port >= 0 && port <= 65_535, "TIDEMARK_HTTP_PORT must be within 0 to 65535");
    require(lineLimit >= 256, "TIDEMARK_HTTP_LINE_LIMIT must be at least 256");
    require(headerLimit >= 1024, "TIDEMARK_HTTP_HEADER_LIMIT must be at least 1KiB");
    require(bodyLimit >= 1024, "TIDEMARK_HTTP_BODY_LIMIT must be at least 1KiB");
    require(jsonDepth >= 4, "TIDEMARK_HTTP_JSON_DEPTH must be at least 4");
    require(receiveTimeout.isPositive(), "TIDEMARK_HTTP_RECEIVE_TIMEOUT must be positive");
    require(idleTimeout.isPositive(), "TIDEMARK_HTTP_IDLE_TIMEOUT must be positive");
  }

  public static HttpSettings from(Variables variables) {
    return new HttpSettings(
        variables.text("TIDEMARK_HTTP_BIND", DEFAULTS.bind),
        variables.number("TIDEMARK_HTTP_PORT", DEFAULTS.port),
        variables.bytes("TIDEMARK_HTTP_LINE_LIMIT", DEFAULTS.lineLimit),
        variables.bytes("TIDEMARK_HTTP_HEADER_LIMIT", DEFAULTS.headerLimit),
        variables.bytes("TIDEMARK_HTTP_BODY_LIMIT", DEFAULTS.bodyLimit),
        variables.number("TIDEMARK_HTTP_JSON_DEPTH", DEFAULTS.jsonDepth),
        variables.duration("TIDEMARK_HTTP_RECEIVE_TIMEOUT", DEFAULTS.receiveTimeout),
        variables.duration("TIDEMARK_HTTP_IDLE_TIMEOUT", DEFAULTS.idleTimeout));
  }

  /** The same settings, listening elsewhere. */
  public HttpSettings listeningOn(String address, int atPort) {
    return new HttpSettings(
        address, atPort, lineLimit, headerLimit, bodyLimit, jsonDepth, receiveTimeout, idleTimeout);
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }
}
