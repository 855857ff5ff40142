package dev.tidemark.bench.system;

import dev.tidemark.servers.Frozen;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A main class of this class path in a process of its own. */
public final class JavaProcess {
  private static final Duration ORDERLY = Duration.ofSeconds(20);

  private final Process process;

  private JavaProcess(Process process) {
    this.process = process;
    // It must not outlive the one that started it, however that one ends.
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
  }

  /**
   * What to start.
   *
   * @param directory where its log and its arguments are kept
   * @param name what the log is called
   */
  public record Command(
      Path directory,
      String name,
      String main,
      List<String> jvmOptions,
      Map<String, String> environment) {
    public Command {
      jvmOptions = List.copyOf(jvmOptions);
      environment = Map.copyOf(environment);
    }

    /** Where what it prints goes. */
    public Path log() {
      return directory.resolve(name + ".log");
    }

    /** A builder for the process; its output is not led anywhere yet. */
    public ProcessBuilder builder() {
      try {
        Path classPath = directory.resolve(name + ".arguments");
        // In a file, because a class path of tests can be longer than a command line may be.
        Files.writeString(
            classPath,
            "-cp \"" + System.getProperty("java.class.path").replace("\\", "\\\\") + "\"\n");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvmOptions);
        command.add("@" + classPath);
        command.add(main);
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment);
        return builder;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** Starts one; what it prints goes to its log. */
  public static JavaProcess start(Command command) {
    try {
      return new JavaProcess(
          command
              .builder()
              .redirectOutput(ProcessBuilder.Redirect.appendTo(command.log().toFile()))
              .start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  public long pid() {
    return process.pid();
  }

  /** How long it has kept processors busy. */
  public Duration busy() {
    return process.info().totalCpuDuration().orElse(Duration.ZERO);
  }

  /** SIGKILL. */
  public void kill() {
    process.destroyForcibly();
    process.onExit().join();
  }

  /** SIGTERM; SIGKILL if that does not help. */
  public void stop() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(ORDERLY)) {
      kill();
    }
  }

  /** Has it write to its log what each thread is at. */
  public void dumpThreads() {
    try {
      new ProcessBuilder("kill", "-QUIT", Long.toString(process.pid())).start().onExit().join();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** SIGSTOP. */
  public void freeze() {
    Frozen.freeze(process.toHandle());
  }

  /** SIGCONT. */
  public void thaw() {
    Frozen.thaw(process.toHandle());
  }
}
