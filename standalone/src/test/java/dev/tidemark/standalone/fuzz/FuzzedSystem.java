package dev.tidemark.standalone.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tidemark.api.security.Role;
import dev.tidemark.contract.postgres.PostgresUrl;
import dev.tidemark.standalone.cli.Tidemark;
import dev.tidemark.standalone.home.Home;
import dev.tidemark.standalone.home.Running;
import dev.tidemark.standalone.token.Token;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A whole system in a process of its own. */
final class FuzzedSystem {
  private static final List<String> SCOPES =
      List.of(
          "municipality/1", "municipality/2", "municipality/3", "desk", "shop", "user/1", "user/2");

  private final Path data;
  private final Running running;

  private FuzzedSystem(Path data, Running running) {
    this.data = data;
    this.running = running;
  }

  static FuzzedSystem start(Path data) throws IOException, InterruptedException {
    run(data, "up", "--detach", "--http-port", "0");
    return new FuzzedSystem(data, Home.at(data).requireRunning());
  }

  private static void run(Path data, String command, String... more)
      throws IOException, InterruptedException {
    List<String> words = new ArrayList<>();
    words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    words.addAll(
        List.of(
            "-XX:+UseSerialGC",
            "-Xmx768m",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-cp",
            System.getProperty("java.class.path"),
            Tidemark.class.getName(),
            command,
            "--data",
            data.toString()));
    words.addAll(List.of(more));
    Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    if (process.waitFor() != 0) {
      throw new IllegalStateException(output);
    }
  }

  String api() {
    return running.api();
  }

  String deviceToken(String device) {
    return token(new Token(Role.DEVICE, Optional.of(device), SCOPES, Duration.ofHours(1)));
  }

  String operatorToken() {
    return token(Token.forOperator());
  }

  String expiredToken(String device) {
    return new Token(Role.DEVICE, Optional.of(device), SCOPES, Duration.ofHours(1))
        .signed(Home.at(data).secret(), Instant.now().minus(Duration.ofHours(2)));
  }

  private String token(Token token) {
    return token.signed(Home.at(data).secret(), Instant.now());
  }

  /** A few rows of each table, as JSON, by the table's name. */
  Map<String, List<JsonNode>> rows(List<String> tables) throws SQLException, IOException {
    Map<String, List<JsonNode>> rows = new LinkedHashMap<>();
    try (Connection connection = PostgresUrl.parse(running.postgres()).connect("fuzz");
        Statement statement = connection.createStatement()) {
      for (String table : tables) {
        List<JsonNode> some = new ArrayList<>();
        try (ResultSet row =
            statement.executeQuery("select to_jsonb(r) from " + table + " as r limit 12")) {
          while (row.next()) {
            some.add(new JsonMapper().readTree(row.getString(1)));
          }
        }
        rows.put(table, some);
      }
    }
    return rows;
  }

  /** The one number that a query gives. */
  long number(String sql) throws SQLException {
    try (Connection connection = PostgresUrl.parse(running.postgres()).connect("fuzz");
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getLong(1);
    }
  }

  void stop() throws IOException, InterruptedException {
    run(data, "down");
  }
}
