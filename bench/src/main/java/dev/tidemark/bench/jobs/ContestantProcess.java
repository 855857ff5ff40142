package dev.tidemark.bench.jobs;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tidemark.bench.system.JavaProcess.Command;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A process of a contestant, seen from the bench. It ends with its input. */
final class ContestantProcess implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ContestantProcess.class);
  private static final Duration START = Duration.ofMinutes(3);
  private static final Duration ORDERLY = Duration.ofSeconds(40);

  private final String name;
  private final Process process;
  private final Ledger ledger;
  private final CountDownLatch ready = new CountDownLatch(1);

  private ContestantProcess(String name, Process process, Ledger ledger) {
    this.name = name;
    this.process = process;
    this.ledger = ledger;
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
  }

  /**
   * Starts one; what it does not report goes to its log.
   *
   * @param arguments what its main is told
   */
  static ContestantProcess start(Command command, List<String> arguments, Ledger ledger)
      throws IOException {
    ProcessBuilder builder = command.builder().redirectErrorStream(false);
    builder.command().addAll(arguments);
    Process process =
        builder.redirectError(ProcessBuilder.Redirect.appendTo(command.log().toFile())).start();
    ContestantProcess started = new ContestantProcess(command.name(), process, ledger);
    Thread.ofPlatform().name(command.name()).daemon().start(started::listen);
    return started;
  }

  private void listen() {
    process.inputReader(UTF_8).lines().forEach(this::hear);
  }

  private void hear(String line) {
    if (line.equals(Report.READY)) {
      ready.countDown();
    } else if (line.startsWith(Report.BEGAN + " ")) {
      int number = line.indexOf(' ') + 1;
      int nanos = line.indexOf(' ', number) + 1;
      ledger.began(
          Integer.parseInt(line, number, nanos - 1, 10),
          Long.parseLong(line, nanos, line.length(), 10));
    } else {
      // A flight recorder announces itself here.
      LOG.debug("{} says: {}", name, line);
    }
  }

  void awaitReady() throws InterruptedException, TimeoutException {
    long deadline = System.nanoTime() + START.toNanos();
    while (!ready.await(100, TimeUnit.MILLISECONDS)) {
      if (!process.isAlive() || System.nanoTime() > deadline) {
        throw new TimeoutException(name + " does not start; its log says why");
      }
    }
  }

  Duration busy() {
    return process.info().totalCpuDuration().orElse(Duration.ZERO);
  }

  /** As {@code kill -9} does. */
  void kill() {
    process.destroyForcibly();
    process.onExit().join();
  }

  /** Lets it end in order. */
  void stop() throws IOException, InterruptedException {
    process.getOutputStream().close();
    if (!process.waitFor(ORDERLY)) {
      LOG.warn("{} does not end and is killed", name);
      kill();
    }
  }

  @Override
  public void close() {
    kill();
  }
}
