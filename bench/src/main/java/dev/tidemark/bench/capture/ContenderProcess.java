package dev.tidemark.bench.capture;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A contender's process, seen from the bench. */
final class ContenderProcess implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ContenderProcess.class);
  private static final long PATIENCE_SECONDS = 60;

  private final Contender contender;
  private final Process process;
  private final PrintWriter input;
  private final Sightings sightings;
  private final Path errors;
  private final LinkedBlockingQueue<Long> streaming = new LinkedBlockingQueue<>();
  private final LinkedBlockingQueue<Long> stopped = new LinkedBlockingQueue<>();

  private ContenderProcess(Contender contender, Process process, Sightings sightings, Path errors) {
    this.contender = contender;
    this.process = process;
    this.input = new PrintWriter(process.outputWriter(UTF_8), true);
    this.sightings = sightings;
    this.errors = errors;
    Thread.ofPlatform().name("contender").daemon().start(this::listen);
  }

  static ContenderProcess fork(
      Contender contender, Ground ground, Sightings sightings, int heap, Optional<Path> recordings)
      throws IOException {
    Path errors = ground.directory().resolve(contender.place() + ".log");
    Path classPath = ground.directory().resolve("java-arguments");
    Files.writeString(
        classPath, "-cp \"" + System.getProperty("java.class.path").replace("\\", "\\\\") + "\"\n");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx" + heap + "m");
    command.add("-Dlogback.configurationFile=bench-logback.xml");
    if (recordings.isPresent()) {
      Files.createDirectories(recordings.get());
      command.add(
          "-XX:StartFlightRecording=settings=profile,dumponexit=true,filename="
              + recordings.get().resolve(contender.place() + "-%p.jfr"));
    }
    command.add("@" + classPath);
    command.add(ContenderMain.class.getName());
    command.add(contender.name());
    command.add(ground.postgresUrl());
    command.add(ground.kafka());
    command.add(ground.directory().toString());
    Process process =
        new ProcessBuilder(command)
            .redirectError(ProcessBuilder.Redirect.appendTo(errors.toFile()))
            .start();
    return new ContenderProcess(contender, process, sightings, errors);
  }

  private void listen() {
    process.inputReader(UTF_8).lines().forEach(this::hear);
  }

  private void hear(String line) {
    String[] words = line.split(" ");
    switch (words[0]) {
      case ContenderReport.STREAMING -> streaming.add(Long.parseLong(words[1]));
      case ContenderReport.SAW -> sightings.saw(Long.parseLong(words[1]), Long.parseLong(words[2]));
      case ContenderReport.DRAINED ->
          sightings.drained(
              Integer.parseInt(words[1]),
              new Sightings.Span(Long.parseLong(words[2]), Long.parseLong(words[3])));
      case ContenderReport.STOPPED -> stopped.add(Long.parseLong(words[1]));
      // A flight recorder announces itself here.
      default -> LOG.debug("{} says: {}", contender, line);
    }
  }

  /**
   * Lets it stream.
   *
   * @param lastId the last row of a drain, 0 for none
   * @return when it began to stream
   */
  long start(long lastId) throws InterruptedException, TimeoutException {
    input.println("start " + lastId);
    return await(streaming, "stream");
  }

  /** Lets it stop; returns the most heap it had in use so far, in bytes. */
  long stop() throws InterruptedException, TimeoutException {
    input.println("stop");
    return await(stopped, "stop");
  }

  private long await(LinkedBlockingQueue<Long> answers, String what)
      throws InterruptedException, TimeoutException {
    Long answer = answers.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
    if (answer == null) {
      throw new TimeoutException(contender + " does not " + what + "; it says why in " + errors);
    }
    return answer;
  }

  /** The most memory the process has had resident, in bytes; 0 where the system does not say. */
  long residentPeak() throws IOException {
    Path status = Path.of("/proc", Long.toString(process.pid()), "status");
    if (!Files.exists(status)) {
      return 0;
    }
    return Files.readAllLines(status).stream()
        .filter(line -> line.startsWith("VmHWM:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
        .findFirst()
        .orElse(0);
  }

  /** As {@code kill -9} does. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  @Override
  public void close() {
    input.close();
    process.onExit().completeOnTimeout(process, PATIENCE_SECONDS, TimeUnit.SECONDS).join();
    process.destroyForcibly();
  }
}
