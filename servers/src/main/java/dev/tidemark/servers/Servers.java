package dev.tidemark.servers;

/**
 * Postgres, Kafka and Redis together, wherever they run. What a test needs of them is here, so that
 * the same test runs on embedded servers and on containers.
 */
public interface Servers extends AutoCloseable {
  /** An empty database, as libpq writes it; its user may do everything. */
  String postgresUrl();

  /** The broker's bootstrap servers. */
  String kafka();

  /** As {@code redis://host:port}. */
  String redisUrl();

  @Override
  void close();

  /**
   * Fresh servers for a test: embedded ones, or containers when the system property {@code
   * tidemark.servers} says {@code containers}. Where no container can be had, the test that asks is
   * skipped.
   */
  static Servers forTests() {
    String kind = System.getProperty("tidemark.servers", "embedded");
    return switch (kind) {
      case "embedded" -> EmbeddedServers.start();
      case "containers" -> ContainerServers.start();
      default ->
          throw new IllegalArgumentException(
              "tidemark.servers is '" + kind + "'; it can be 'embedded' or 'containers'");
    };
  }
}
