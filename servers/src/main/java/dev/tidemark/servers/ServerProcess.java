package dev.tidemark.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The main process of a server. It is not a child of this process (so that Ctrl-C in a terminal
 * reaches this process alone, which then stops its servers in order), hence known by its id.
 */
final class ServerProcess {
  private static final Duration POLL = Duration.ofMillis(5);

  private final ProcessHandle handle;

  private ServerProcess(ProcessHandle handle) {
    this.handle = handle;
  }

  /**
   * The living process whose id stands in the first line of a file and whose program is called so.
   */
  static Optional<ServerProcess> named(Path pidFile, String program) {
    try {
      return pid(pidFile)
          .flatMap(ProcessHandle::of)
          .filter(ServerProcess::isAlive)
          .filter(process -> runs(process, program))
          .map(ServerProcess::new);
    } catch (NoSuchFileException neverStarted) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  // Ids are used again: a file left behind may name a process that has nothing to do with us.
  private static boolean runs(ProcessHandle process, String program) {
    return process
        .info()
        .command()
        .map(command -> Path.of(command).getFileName().toString().startsWith(program))
        .orElse(false);
  }

  boolean isAlive() {
    return isAlive(handle);
  }

  // An ended process that nobody has reaped yet (in a container perhaps nobody ever does) counts as
  // alive for Java, but it has no program any more.
  private static boolean isAlive(ProcessHandle process) {
    return process.isAlive() && process.info().command().isPresent();
  }

  /**
   * Removes a file that names a process which has ended but which nobody has reaped yet: Postgres
   * would take it for a living one and refuse to start.
   */
  static void forgetUnreaped(Path pidFile) throws IOException {
    if (Files.exists(pidFile)) {
      boolean unreaped =
          pid(pidFile)
              .flatMap(ProcessHandle::of)
              .map(process -> process.isAlive() && !isAlive(process))
              .orElse(false);
      if (unreaped) {
        Files.delete(pidFile);
      }
    }
  }

  private static Optional<Long> pid(Path pidFile) throws IOException {
    try (Stream<String> lines = Files.lines(pidFile, StandardCharsets.UTF_8)) {
      return lines
          .findFirst()
          .map(String::strip)
          .filter(pid -> !pid.isEmpty() && pid.chars().allMatch(Character::isDigit))
          .map(Long::valueOf);
    }
  }

  /** Sends a signal, by its name without SIG. */
  void signal(String signal) {
    if (isAlive()) {
      // Java itself sends TERM and KILL only.
      ServerCommand.of(List.of("/bin/sh", "-c", "kill -" + signal + " " + handle.pid())).run();
    }
  }

  boolean awaitEnd(Duration limit) {
    long deadline = System.nanoTime() + limit.toNanos();
    while (isAlive()) {
      if (System.nanoTime() - deadline > 0) {
        return false;
      }
      pause();
    }
    return true;
  }

  /** Kills the process and everything it started. */
  void kill() {
    List<ProcessHandle> all = Stream.concat(Stream.of(handle), handle.descendants()).toList();
    all.forEach(ProcessHandle::destroyForcibly);
    for (ProcessHandle process : all) {
      while (isAlive(process)) {
        pause();
      }
    }
  }

  /** Stops the process and everything it started where they are. */
  void freeze() {
    Frozen.freeze(handle);
  }

  /** Lets them go on. */
  void thaw() {
    Frozen.thaw(handle);
  }

  /** How long it and everything it started, as far as that is alive, kept processors busy. */
  Duration busy() {
    return Stream.concat(Stream.of(handle), handle.descendants())
        .map(process -> process.info().totalCpuDuration().orElse(Duration.ZERO))
        .reduce(Duration.ZERO, Duration::plus);
  }

  static void pause() {
    try {
      Thread.sleep(POLL);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ServerException("Interrupted while waiting for a server.", e);
    }
  }
}
