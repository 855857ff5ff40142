package dev.tidemark.standalone.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tidemark.contract.postgres.PostgresUrl;
import dev.tidemark.standalone.home.Running;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "psql",
    description = {
      "Opens the database.",
      "In psql if it is installed, else at a small prompt for SQL.",
      ""
    })
final class PsqlCommand extends TidemarkCommand {
  @Mixin private DataOption data = new DataOption();

  @Option(
      names = {"-c", "--command"},
      paramLabel = "SQL",
      description = "Runs this and ends.")
  private @Nullable String command;

  @Option(names = "--built-in", description = "Does not look for psql.")
  private boolean builtIn;

  @Override
  public Integer call() throws IOException, InterruptedException, SQLException {
    Running running = data.home().requireRunning();
    PostgresUrl url = PostgresUrl.parse(running.postgres());
    return !builtIn && psqlIsInstalled() ? psql(url) : prompt(url);
  }

  private static boolean psqlIsInstalled() {
    return Pattern.compile(File.pathSeparator, Pattern.LITERAL)
        .splitAsStream(System.getenv().getOrDefault("PATH", ""))
        .anyMatch(directory -> new File(directory, "psql").canExecute());
  }

  private int psql(PostgresUrl url) throws IOException, InterruptedException {
    List<String> words = new ArrayList<>(List.of("psql", "--dbname=" + url));
    if (command != null) {
      words.addAll(List.of("-v", "ON_ERROR_STOP=1", "-c", command));
    }
    ProcessBuilder psql = new ProcessBuilder(words).inheritIO();
    // Not on the command line, where every user of the machine could read it.
    psql.environment().put("PGPASSWORD", url.password());
    return psql.start().waitFor();
  }

  private int prompt(PostgresUrl url) throws IOException, SQLException {
    try (Connection connection = url.connect("tidemark-psql")) {
      SqlPrompt prompt = new SqlPrompt(connection, out());
      if (command != null) {
        return prompt.run(command) ? 0 : 1;
      }
      out().println("psql is not installed; SQL ends with a semicolon, Ctrl-D leaves.");
      return prompt.read(new BufferedReader(new InputStreamReader(System.in, UTF_8)));
    }
  }
}
