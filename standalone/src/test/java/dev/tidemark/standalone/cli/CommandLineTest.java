package dev.tidemark.standalone.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.standalone.home.Home;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

final class CommandLineTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final Path data;

  CommandLineTest(@TempDir Path data) {
    this.data = data.resolve("data");
  }

  @Test
  void withoutACommandItShowsWhatThereIs() {
    assertThat(run()).isZero();
    assertThat(out.toString())
        .contains("up", "down", "status", "info", "token", "topics", "tail", "psql")
        .contains("Begin with: ./tidemark up");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "up", "down", "status", "info", "token", "entity", "topics", "tail", "psql", "catalog",
        "capture", "docs", "test", "bench", "verify"
      })
  void everyCommandHasHelp(String command) {
    assertThat(run(command, "--help")).isZero();
    assertThat(out.toString()).startsWith("Usage: tidemark " + command);
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void whatItDoesNotKnowIsRefusedWithAHint() {
    assertThat(run("upp")).isEqualTo(2);
    assertThat(err.toString()).contains("upp").contains("--help");
    assertThat(run("up", "--http-port", "many")).isEqualTo(2);
    assertThat(err.toString()).contains("--http-port");
  }

  @ParameterizedTest
  @ValueSource(strings = {"status", "info", "topics", "psql"})
  void whereNothingRunsItSaysHowToStart(String command) {
    assertThat(run(command, "--data", data.toString())).isEqualTo(3);
    assertThat(err.toString())
        .isEqualToIgnoringNewLines(
            "tidemark: Nothing runs on " + data + ": start it with ./tidemark up.");
  }

  @Test
  void downWhereNothingRunsIsNoFailure() {
    assertThat(run("down", "--data", data.toString())).isZero();
    assertThat(out.toString()).startsWith("Nothing runs on ");
  }

  @Test
  void aTakenPortIsRefusedBeforeAnythingStarts() throws IOException {
    try (ServerSocket taken = new ServerSocket()) {
      taken.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      String port = Integer.toString(taken.getLocalPort());
      assertThat(run("up", "--data", data.toString(), "--http-port", port)).isEqualTo(1);
      assertThat(err.toString())
          .isEqualToIgnoringNewLines(
              "tidemark: Port "
                  + port
                  + " is taken, so the api cannot listen there: choose another one with"
                  + " --http-port, or stop what listens on it.");
      assertThat(data.resolve("postgres")).doesNotExist();
    }
  }

  @Test
  void aSecondInstanceOnTheSameDataIsRefused() {
    Home first = Home.at(data);
    first.claim();
    try {
      assertThat(run("up", "--data", data.toString(), "--http-port", "0")).isEqualTo(1);
      assertThat(err.toString())
          .contains(data + " is in use by process " + ProcessHandle.current().pid());
    } finally {
      first.release();
    }
  }

  @Test
  void aBrokenCatalogIsRefusedWithLineAndColumn() throws IOException {
    Files.createDirectories(data);
    Path catalog = data.resolve("mine.yml");
    Files.writeString(catalog, "version: 1\nentities:\n  ticket: {tabel: tickets, key: id}\n");
    int status =
        run(
            "up",
            "--data",
            data.toString(),
            "--http-port",
            "0",
            "--postgres",
            "postgresql://me:secret@127.0.0.1:1/mine",
            "--catalog",
            catalog.toString());
    assertThat(status).isEqualTo(1);
    assertThat(err.toString())
        .contains("The catalog cannot be used:")
        .contains(catalog + ":3:")
        .doesNotContain("\tat ");
  }

  @Test
  void aDatabaseOfOnesOwnNeedsACatalogOfOnesOwn() {
    assertThat(
            run(
                "up",
                "--data",
                data.toString(),
                "--http-port",
                "0",
                "--postgres",
                "postgresql://me:secret@127.0.0.1:1/mine"))
        .isEqualTo(1);
    assertThat(err.toString()).contains("--postgres and --catalog go together");
  }

  @Test
  void theSecretOfTokensIsForItsOwnerAlone() throws IOException {
    assertThat(run("token", "--data", data.toString())).isZero();
    assertThat(out.toString().strip()).matches("[\\w-]+\\.[\\w-]+\\.[\\w-]+");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data.resolve("secret"))))
        .isEqualTo("rw-------");
  }

  @Test
  void aDevicesTokenNeedsADevice() {
    assertThat(run("token", "--data", data.toString(), "--role", "device")).isEqualTo(1);
    assertThat(err.toString()).contains("--device");
  }

  @Test
  void aCatalogIsCheckedWithoutADatabase() throws IOException {
    Files.createDirectories(data);
    Path catalog = data.resolve("mine.yml");
    Files.writeString(catalog, "version: 1\nentities:\n  ticket: {table: tickets, key: id}\n");
    assertThat(run("catalog", "check", catalog.toString())).isZero();
    assertThat(out.toString()).contains("1 entity types, nothing wrong");
    assertThat(run("catalog", "check", data.resolve("none.yml").toString())).isEqualTo(1);
  }

  private int run(String... arguments) {
    CommandLine commandLine = Tidemark.commandLine();
    commandLine.setOut(new PrintWriter(out, true));
    commandLine.setErr(new PrintWriter(err, true));
    return commandLine.execute(arguments);
  }
}
