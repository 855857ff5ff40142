package dev.tidemark.bench.verify;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tidemark.bench.system.JavaProcess;
import dev.tidemark.connectors.capture.CaptureHealth.State;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** A capture in a process of its own. */
final class RunningCapture {
  private final Process process;
  private final Path log;
  private State state = State.STARTING;
  private String detail = "";

  private RunningCapture(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  /** Starts one; what it prints goes to a log. */
  static RunningCapture start(
      Path directory, String name, Map<String, String> environment, List<String> jvmOptions) {
    try {
      Path logback = directory.resolve("logback.xml");
      if (!Files.exists(logback)) {
        Files.writeString(logback, LOGBACK);
      }
      List<String> options =
          new ArrayList<>(
              List.of(
                  "-Xmx256m",
                  "-XX:+UseSerialGC",
                  "-XX:TieredStopAtLevel=1",
                  "-XX:+ExitOnOutOfMemoryError",
                  "-Dlogback.configurationFile=" + logback));
      options.addAll(jvmOptions);
      JavaProcess.Command command =
          new JavaProcess.Command(
              directory, name, CaptureProcess.class.getName(), options, environment);
      RunningCapture running = new RunningCapture(command.builder().start(), command.log());
      Thread.ofPlatform().daemon().name("read-" + name).start(running::listen);
      return running;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void listen() {
    try (BufferedReader output = process.inputReader(UTF_8);
        Writer copy =
            Files.newBufferedWriter(log, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        copy.write(line + "\n");
        copy.flush();
        if (line.startsWith(CaptureProcess.STATE)) {
          enter(line.substring(CaptureProcess.STATE.length()));
        }
      }
    } catch (IOException e) {
      enter(State.STOPPED + " its output broke off: " + e.getMessage());
    }
  }

  private synchronized void enter(String line) {
    int space = line.indexOf(' ');
    state = State.valueOf(line.substring(0, space));
    detail = line.substring(space + 1);
    notifyAll();
  }

  synchronized State state() {
    return state;
  }

  synchronized String detail() {
    return detail;
  }

  /** Waits until it has entered such a state; says whether it has. */
  synchronized boolean await(Predicate<State> wanted, Duration patience)
      throws InterruptedException {
    long deadline = System.nanoTime() + patience.toNanos();
    while (!wanted.test(state)) {
      long left = (deadline - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        return false;
      }
      wait(left);
    }
    return true;
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** SIGKILL. */
  void kill() {
    process.destroyForcibly();
    process.onExit().join();
  }

  /** Asks it to end, and kills it if it does not. */
  void stop() {
    try {
      process.getOutputStream().close();
      if (!process.waitFor(Duration.ofSeconds(20))) {
        kill();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      kill();
      Thread.currentThread().interrupt();
    }
  }

  private static final String LOGBACK =
      """
      <configuration>
        <appender name="console" class="ch.qos.logback.core.ConsoleAppender">
          <encoder>
            <pattern>%d{HH:mm:ss.SSS} %-5level [%thread] %logger{0} %msg%n%ex{6}</pattern>
          </encoder>
        </appender>
        <root level="WARN">
          <appender-ref ref="console"/>
        </root>
        <logger name="dev.tidemark" level="INFO"/>
        <logger name="io.debezium.connector.postgresql" level="INFO"/>
      </configuration>
      """;
}
