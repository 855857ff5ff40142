package dev.tidemark.standalone.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tidemark.standalone.home.Home;
import dev.tidemark.standalone.home.Refusal;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.RandomAccessFile;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Starts the system in a process of its own and shows what that prints until it is ready. */
final class Detached {
  private static final Duration POLL = Duration.ofMillis(50);

  private final Home home;
  private final List<String> arguments;
  private final PrintWriter out;

  Detached(Home home, List<String> arguments, PrintWriter out) {
    this.home = home;
    this.arguments = List.copyOf(arguments);
    this.out = out;
  }

  int start() throws IOException, InterruptedException {
    home.running()
        .ifPresent(
            running -> {
              throw new Refusal(
                  "Tidemark runs on %s already (process %d): ./tidemark status shows it, ./tidemark down stops it."
                      .formatted(home, running.pid()));
            });
    Path output = home.output();
    Files.createDirectories(output.resolveSibling("."));
    Files.deleteIfExists(output);
    Process process =
        new ProcessBuilder(command())
            .redirectInput(Path.of("/dev/null").toFile())
            .redirectOutput(output.toFile())
            .redirectErrorStream(true)
            .start();
    long shown = 0;
    while (true) {
      boolean alive = process.isAlive();
      boolean ready = home.running().filter(running -> running.pid() == process.pid()).isPresent();
      shown = show(output, shown);
      if (!alive) {
        return process.exitValue();
      }
      if (ready && Files.readString(output).contains("./tidemark status")) {
        show(output, shown);
        return 0;
      }
      Thread.sleep(POLL);
    }
  }

  private long show(Path output, long from) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(output.toFile(), "r")) {
      byte[] fresh = new byte[(int) (file.length() - from)];
      file.seek(from);
      file.readFully(fresh);
      out.print(new String(fresh, UTF_8));
      out.flush();
      return from + fresh.length;
    }
  }

  /** This same command line without --detach, in a session of its own where the machine can. */
  private List<String> command() {
    List<String> command = new ArrayList<>();
    Path setsid = Path.of("/usr/bin/setsid");
    if (Files.isExecutable(setsid)) {
      command.add(setsid.toString());
    }
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Tidemark.class.getName()));
    arguments.stream().filter(argument -> !argument.equals("--detach")).forEach(command::add);
    return command;
  }
}
