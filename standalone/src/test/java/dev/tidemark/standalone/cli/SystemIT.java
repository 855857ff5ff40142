package dev.tidemark.standalone.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.standalone.cli.OwnSystem.Outcome;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a newcomer does with the command line, done by a program. */
final class SystemIT {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final Path data;
  private final OwnSystem system;

  SystemIT(@TempDir Path data) {
    this.data = data.resolve("data");
    this.system = new OwnSystem(this.data, Map.of());
  }

  @AfterEach
  void stop() throws IOException, InterruptedException {
    system.tidemark("down");
  }

  @Test
  void aChangeInPostgresIsSeenInItsTopicAndAtTheApiAndARestartKeepsIt() throws Exception {
    Outcome up = system.tidemark("up", "--detach", "--http-port", "0");
    assertThat(up.output()).contains("Ready after").contains("curl -s -H 'Authorization: Bearer");
    assertThat(up.status()).isZero();
    JsonNode info = system.info();
    String ticket = anyTicket(info);

    // Until the first snapshot is complete, the api says 503: nobody knows yet what is not there.
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(entity(info, ticket).status()).isEqualTo(200));
    assertThat(system.tidemark("status").status()).isZero();

    change(info, ticket, "Changed by a test");
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(entity(info, ticket).body()).contains("Changed by a test"));
    Outcome tail =
        system.tidemark(
            "tail",
            "tidemark.change.ticket",
            "--from",
            "beginning",
            "--key",
            "ticket/" + ticket,
            "--no-follow");
    assertThat(tail.output()).contains("dev.tidemark.change.update.v1", "Changed by a test");

    Outcome second = system.tidemark("up", "--http-port", "0");
    assertThat(second.status()).isEqualTo(1);
    assertThat(second.output()).contains("Tidemark runs on " + data + " already");

    Set<Long> before = servers();
    assertThat(before).isNotEmpty();
    assertThat(system.tidemark("down").status()).isZero();
    assertThat(servers()).isEmpty();
    assertThat(system.tidemark("status").status()).isEqualTo(3);

    assertThat(system.tidemark("up", "--detach", "--http-port", "0").status()).isZero();
    JsonNode again = system.info();
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> assertThat(entity(again, ticket).body()).contains("Changed by a test"));
    assertThat(again.path("postgres")).isEqualTo(info.path("postgres"));
  }

  @Test
  void aKilledSystemIsTakenOverByTheNextStart() throws Exception {
    assertThat(system.tidemark("up", "--detach", "--http-port", "0").status()).isZero();
    JsonNode info = system.info();
    String ticket = anyTicket(info);
    change(info, ticket, "Before the kill");
    ProcessHandle process = ProcessHandle.of(info.path("pid").longValue()).orElseThrow();
    process.destroyForcibly();
    process.onExit().join();
    assertThat(system.tidemark("up", "--detach", "--http-port", "0").status()).isZero();
    JsonNode again = system.info();
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(entity(again, ticket).body()).contains("Before the kill"));
  }

  /** The tours are tests: they end with a sentence if an answer is not as it should be. */
  @Test
  void theToursAreAnsweredAsTheySay() throws Exception {
    assertThat(system.tidemark("up", "--detach", "--http-port", "0").status()).isZero();
    tour("sync-tour.sh");
    tour("jobs-tour.sh");
    // Behind the others: it kills Redis.
    tour("cache-tour.sh");
  }

  private void tour(String script) throws IOException, InterruptedException {
    Path command = data.resolveSibling("tidemark");
    String words =
        Stream.concat(OwnSystem.java().stream(), Stream.of(Tidemark.class.getName()))
            .map(word -> "'" + word.replace("'", "'\\''") + "'")
            .collect(Collectors.joining(" "));
    Files.writeString(command, "#!/bin/sh\nexec " + words + " \"$@\"\n");
    assertThat(command.toFile().setExecutable(true)).isTrue();
    ProcessBuilder tour =
        new ProcessBuilder("sh", Path.of("../docs", script).toString(), data.toString());
    tour.environment().put("TIDEMARK", command.toString());
    Outcome outcome = OwnSystem.run(tour);
    assertThat(outcome.status()).as(outcome.end()).isZero();
    assertThat(outcome.output()).contains("were answered as they should be");
  }

  /** The packages as they are published, and our own client: each of them against the system. */
  @Test
  void theClientsOfDevicesSyncAsTheirProgramsSay() throws Exception {
    boolean isThere = isOnThePath("node") && isOnThePath("npm");
    assumeTrue(isThere || System.getenv("CI") != null, "node and npm are not on the PATH.");
    assertThat(isThere).as("node and npm are on the PATH").isTrue();
    Path clients = copyOfClients();
    Path interop = clients.resolve("interop");
    Outcome installed =
        OwnSystem.run(in(interop, "npm", "ci", "--no-audit", "--no-fund", "--no-progress"));
    assertThat(installed.status()).as(installed.output()).isZero();

    assertThat(system.tidemark("up", "--detach", "--http-port", "0").status()).isZero();
    for (Path program :
        List.of(
            interop.resolve("watermelon.mjs"),
            interop.resolve("rxdb.mjs"),
            clients.resolve("js/test/e2e.mjs"))) {
      Outcome outcome = OwnSystem.run(node(clients, program));
      assertThat(outcome.status()).as(outcome.end()).isZero();
    }
  }

  private static Path copyOfClients() throws IOException {
    Path from = Path.of("../clients");
    Path to = Path.of("target/clients").toAbsolutePath();
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path relative = from.relativize(file);
        if (!relative.toString().contains("node_modules")) {
          Files.createDirectories(to.resolve(relative).getParent());
          Files.copy(file, to.resolve(relative), StandardCopyOption.REPLACE_EXISTING);
        }
      }
    }
    return to;
  }

  private ProcessBuilder node(Path clients, Path program) throws Exception {
    List<String> command = new ArrayList<>(List.of("node"));
    String version = OwnSystem.run(in(clients, "node", "--version")).output().strip();
    if (version.startsWith("v18.")) {
      command.addAll(List.of("--require", clients.resolve("node18.cjs").toString()));
    } else if (version.startsWith("v20.")) {
      command.add("--experimental-websocket");
    }
    command.add(program.toString());
    ProcessBuilder builder = in(program.resolveSibling("."), command.toArray(String[]::new));
    String name = program.getFileName().toString().replaceAll("\\W", "-");
    builder.environment().put("TIDEMARK_URL", system.info().path("api").textValue());
    builder.environment().put("TIDEMARK_TOKEN_A", token(name + "-a", "municipality/3"));
    builder.environment().put("TIDEMARK_TOKEN_B", token(name + "-b", "municipality/3"));
    builder
        .environment()
        .put("TIDEMARK_TOKEN_A_MORE", token(name + "-a", "municipality/3,municipality/4"));
    return builder;
  }

  private String token(String device, String scopes) throws IOException, InterruptedException {
    Outcome token =
        system.tidemark("token", "--role", "device", "--device", device, "--scopes", scopes);
    assertThat(token.status()).as(token.output()).isZero();
    return token.output().strip();
  }

  private static ProcessBuilder in(Path directory, String... command) {
    return new ProcessBuilder(command).directory(directory.toFile());
  }

  private static boolean isOnThePath(String command) {
    return Stream.of(System.getenv("PATH").split(File.pathSeparator))
        .anyMatch(directory -> Files.isExecutable(Path.of(directory, command)));
  }

  private static Http.Answer entity(JsonNode info, String ticket) throws IOException {
    return new Http(info.path("api").textValue(), Optional.of(info.path("token").textValue()))
        .get("/api/entities/ticket/" + ticket);
  }

  private static String anyTicket(JsonNode info) throws SQLException {
    try (Connection connection = OwnSystem.connect(info);
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("select id::text from desk.tickets limit 1")) {
      assertThat(row.next()).isTrue();
      return row.getString(1);
    }
  }

  private static void change(JsonNode info, String ticket, String subject) throws SQLException {
    try (Connection connection = OwnSystem.connect(info);
        var statement =
            connection.prepareStatement("update desk.tickets set subject = ? where id::text = ?")) {
      statement.setString(1, subject);
      statement.setString(2, ticket);
      assertThat(statement.executeUpdate()).isEqualTo(1);
    }
  }

  /** The processes whose command line names the data directory. */
  private Set<Long> servers() {
    try (Stream<ProcessHandle> all = ProcessHandle.allProcesses()) {
      return all.filter(process -> process.pid() != ProcessHandle.current().pid())
          .filter(
              process ->
                  process
                      .info()
                      .commandLine()
                      .filter(line -> line.contains(data.toString()))
                      .isPresent())
          .map(ProcessHandle::pid)
          .collect(Collectors.toSet());
    }
  }
}
