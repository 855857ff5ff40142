package dev.tidemark.standalone.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tidemark.contract.postgres.PostgresUrl;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A system of our own, by its command line. */
final class OwnSystem {
  private final Path data;
  private final Map<String, String> environment;

  /** On a data directory; its processes have these variables besides those of this one. */
  OwnSystem(Path data, Map<String, String> environment) {
    this.data = data;
    this.environment = Map.copyOf(environment);
  }

  /** How a command ended. */
  record Outcome(int status, String output) {
    private static final int SHOWN = 3_000;

    /** Where it says why it failed. */
    String end() {
      return output.substring(Math.max(0, output.length() - SHOWN));
    }
  }

  Path data() {
    return data;
  }

  Outcome tidemark(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(java());
    command.add(Tidemark.class.getName());
    command.add(arguments[0]);
    command.addAll(List.of("--data", data.toString()));
    command.addAll(List.of(arguments).subList(1, arguments.length));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().putAll(environment);
    return run(builder);
  }

  JsonNode info() throws IOException, InterruptedException {
    return new JsonMapper().readTree(tidemark("info").output());
  }

  static Connection connect(JsonNode info) throws SQLException {
    return PostgresUrl.parse(info.path("postgres").textValue()).connect("system-it");
  }

  static List<String> java() {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:+UseSerialGC",
        "-Xmx768m",
        "--enable-native-access=ALL-UNNAMED",
        "--sun-misc-unsafe-memory-access=allow",
        "-cp",
        System.getProperty("java.class.path"));
  }

  static Outcome run(ProcessBuilder builder) throws IOException, InterruptedException {
    Process process = builder.redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    return new Outcome(process.waitFor(), output);
  }
}
