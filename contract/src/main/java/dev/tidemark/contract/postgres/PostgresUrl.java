package dev.tidemark.contract.postgres;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URI;
import java.net.URLDecoder;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;

/**
 * Where a database is and who asks, as {@code
 * postgresql://user:password@host:port/database?sslmode=…}.
 *
 * @param parameters what follows the question mark; only names that the driver knows are of use
 */
public record PostgresUrl(
    String host,
    int port,
    String database,
    String user,
    String password,
    Map<String, String> parameters) {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

  public PostgresUrl {
    parameters = Map.copyOf(parameters);
  }

  public static PostgresUrl parse(String text) {
    URI uri;
    try {
      uri = URI.create(text);
    } catch (IllegalArgumentException e) {
      throw refused("it is not a URL", e);
    }
    if (!"postgresql".equals(uri.getScheme()) && !"postgres".equals(uri.getScheme())) {
      throw refused("it does not begin with postgresql://", null);
    }
    if (uri.getHost() == null) {
      throw refused("it names no host", null);
    }
    String path = uri.getRawPath();
    if (path == null || path.length() < 2) {
      throw refused("it names no database", null);
    }
    String userInfo = uri.getRawUserInfo();
    if (userInfo == null) {
      throw refused("it names no user", null);
    }
    int colon = userInfo.indexOf(':');
    String user = decode(colon < 0 ? userInfo : userInfo.substring(0, colon));
    String password = colon < 0 ? "" : decode(userInfo.substring(colon + 1));
    Map<String, String> parameters = new LinkedHashMap<>();
    if (uri.getRawQuery() != null) {
      for (String pair : uri.getRawQuery().split("&", -1)) {
        int equals = pair.indexOf('=');
        if (equals > 0) {
          parameters.put(decode(pair.substring(0, equals)), decode(pair.substring(equals + 1)));
        }
      }
    }
    return new PostgresUrl(
        uri.getHost(),
        uri.getPort() < 0 ? 5432 : uri.getPort(),
        decode(path.substring(1)),
        user,
        password,
        parameters);
  }

  /** The JDBC form, without the credentials. */
  public String jdbc() {
    return "jdbc:postgresql://" + host + ":" + port + "/" + database;
  }

  /** An ordinary connection. */
  public Connection connect(String applicationName) throws SQLException {
    Properties properties = properties(applicationName);
    return DriverManager.getConnection(jdbc(), properties);
  }

  /** A connection that speaks the replication protocol. */
  public Connection connectForReplication(String applicationName) throws SQLException {
    Properties properties = properties(applicationName);
    properties.setProperty("replication", "database");
    properties.setProperty("preferQueryMode", "simple");
    properties.setProperty("assumeMinServerVersion", "14");
    return DriverManager.getConnection(jdbc(), properties);
  }

  private Properties properties(String applicationName) {
    Properties properties = new Properties();
    properties.putAll(parameters);
    properties.setProperty("user", user);
    properties.setProperty("password", password);
    properties.setProperty("ApplicationName", applicationName);
    properties.setProperty("connectTimeout", Long.toString(CONNECT_TIMEOUT.toSeconds()));
    properties.setProperty("tcpKeepAlive", "true");
    return properties;
  }

  /** The URL without its password, for messages. */
  @Override
  public String toString() {
    return "postgresql://" + user + "@" + host + ":" + port + "/" + database;
  }

  private static String decode(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), UTF_8);
  }

  private static IllegalArgumentException refused(
      String reason, @org.jspecify.annotations.Nullable Throwable cause) {
    return new IllegalArgumentException(
        "the Postgres URL cannot be used: "
            + reason
            + "; it looks like postgresql://user:password@host:5432/database",
        cause);
  }
}
