package dev.tidemark.connectors.management;

import static java.util.Objects.requireNonNull;

import java.util.Map;
import java.util.Optional;

/**
 * Where health and metrics are served.
 *
 * @param bind the address to listen on
 * @param port the port to listen on; 0 takes a free one
 * @param scrapeToken opens the metrics; without one they are not served
 */
public record ManagementSettings(String bind, int port, Optional<String> scrapeToken) {
  public static final String DEFAULT_BIND = "0.0.0.0";
  public static final int DEFAULT_PORT = 9090;
  private static final int SHORTEST_TOKEN = 16;

  public ManagementSettings {
    requireNonNull(bind, "bind is null");
    requireNonNull(scrapeToken, "scrapeToken is null");
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException(
          "TIDEMARK_MANAGEMENT_PORT is " + port + "; it takes a number from 0 to 65535");
    }
    if (scrapeToken.filter(token -> token.length() < SHORTEST_TOKEN).isPresent()) {
      throw new IllegalArgumentException(
          "TIDEMARK_SCRAPE_TOKEN must be at least " + SHORTEST_TOKEN + " characters");
    }
  }

  /** Reads {@code TIDEMARK_MANAGEMENT_*} and {@code TIDEMARK_SCRAPE_TOKEN}. */
  public static ManagementSettings from(Map<String, String> environment) {
    String port = environment.get("TIDEMARK_MANAGEMENT_PORT");
    try {
      return new ManagementSettings(
          environment.getOrDefault("TIDEMARK_MANAGEMENT_BIND", DEFAULT_BIND),
          port == null ? DEFAULT_PORT : Integer.parseInt(port),
          Optional.ofNullable(environment.get("TIDEMARK_SCRAPE_TOKEN")));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "TIDEMARK_MANAGEMENT_PORT is '" + port + "'; it takes a number from 0 to 65535", e);
    }
  }

  @Override
  public String toString() {
    return "ManagementSettings[" + bind + ":" + port + "]";
  }
}
