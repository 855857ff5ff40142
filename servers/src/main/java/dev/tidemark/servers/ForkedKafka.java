package dev.tidemark.servers;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A broker in a process of its own, so that it can be killed. It ends by itself when this process
 * does.
 */
public final class ForkedKafka implements KafkaServer, Killable {
  private static final Logger LOG = LoggerFactory.getLogger(ForkedKafka.class);
  private static final String READY = "ready";
  private static final String LOGGING = "logback.configurationFile";
  private static final long STOP_SECONDS = 30;

  /** A broker of a test starts often and has little to do. */
  private static final List<String> QUICK_TO_START =
      List.of("-Xmx384m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

  private static final List<String> QUICK_AT_WORK = List.of("-Xmx512m", "-XX:+UseSerialGC");

  private final ServerConfig config;
  private final List<String> jvmOptions;
  private final DataDirectory directory;
  private int port;
  private Duration startedIn = Duration.ZERO;
  private @Nullable Process process;

  public ForkedKafka(ServerConfig config) {
    this(config, QUICK_TO_START);
  }

  private ForkedKafka(ServerConfig config, List<String> jvmOptions) {
    this.config = config;
    this.jvmOptions = jvmOptions;
    this.directory = DataDirectory.of(config, "kafka");
    if (directory.isTemporary()) {
      Runtime.getRuntime().addShutdownHook(new Thread(this::close, "close-kafka"));
    }
  }

  /** A broker to be measured with: its code is compiled as well as it can be. */
  public static ForkedKafka forLoad(ServerConfig config) {
    return new ForkedKafka(config, QUICK_AT_WORK);
  }

  @Override
  public synchronized void start() {
    if (isRunning()) {
      return;
    }
    long began = System.nanoTime();
    directory.lock();
    try {
      if (port == 0) {
        port = directory.port(config.port(), "Kafka");
      } else {
        FreePort.require(port, "Kafka");
      }
      Properties settings =
          Broker.settings(directory.path(), port, FreePort.pick(), config.settings());
      Broker.format(directory.path(), settings);
      process = launch();
    } catch (IOException e) {
      directory.unlock();
      throw new UncheckedIOException(e);
    } catch (RuntimeException e) {
      directory.unlock();
      throw e;
    }
    startedIn = Duration.ofNanos(System.nanoTime() - began);
    LOG.debug("Kafka listens on {} after {} ms", port, startedIn.toMillis());
  }

  private Process launch() throws IOException {
    Path arguments = directory.resolve("java-arguments");
    // In a file, because a class path of tests can be longer than a command line may be.
    Files.writeString(
        arguments, "-cp \"" + System.getProperty("java.class.path").replace("\\", "\\\\") + "\"\n");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(jvmOptions);
    String logging = System.getProperty(LOGGING);
    if (logging != null) {
      command.add("-D" + LOGGING + "=" + logging);
    }
    command.add("@" + arguments);
    command.add(Main.class.getName());
    command.add(directory.path().toString());
    Process forked =
        new ProcessBuilder(command).redirectError(directory.resolve("stderr").toFile()).start();
    BufferedReader output = forked.inputReader(UTF_8);
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      if (line.equals(READY)) {
        // It must not block on a full pipe when a logger of the class path writes there.
        Thread.ofVirtual().name("drain-kafka").start(() -> output.lines().forEach(LOG::debug));
        return forked;
      }
    }
    forked.destroyForcibly();
    throw new ServerException(
        "Kafka does not start: see " + directory.resolve("stderr") + " for the reason.");
  }

  @Override
  public synchronized void stop() {
    Process running = process;
    process = null;
    if (running != null) {
      try {
        running.getOutputStream().close();
        if (!running.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
          LOG.warn("Kafka does not stop within {} s and is killed", STOP_SECONDS);
          running.destroyForcibly().waitFor();
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new ServerException("Interrupted while stopping Kafka.", e);
      }
    }
    directory.unlock();
  }

  @Override
  public synchronized void kill() {
    Process running = process;
    process = null;
    if (running != null) {
      running.destroyForcibly();
      running.onExit().join();
    }
    directory.unlock();
  }

  @Override
  public synchronized void freeze() {
    Process running = process;
    if (running != null) {
      Frozen.freeze(running.toHandle());
    }
  }

  @Override
  public synchronized void thaw() {
    Process running = process;
    if (running != null) {
      Frozen.thaw(running.toHandle());
    }
  }

  @Override
  public synchronized Duration busy() {
    Process running = process;
    return running == null
        ? Duration.ZERO
        : running.info().totalCpuDuration().orElse(Duration.ZERO);
  }

  @Override
  public synchronized boolean isRunning() {
    Process running = process;
    return running != null && running.isAlive();
  }

  @Override
  public synchronized int port() {
    return port;
  }

  @Override
  public synchronized Duration startedIn() {
    return startedIn;
  }

  @Override
  public synchronized void close() {
    stop();
    directory.discard();
  }

  /** The broker's process. */
  static final class Main {
    private Main() {}

    /** Runs a broker on a directory, with the settings it holds, until the standard input ends. */
    public static void main(String[] arguments) throws IOException {
      Path directory = Path.of(arguments[0]);
      Properties settings = new Properties();
      try (var reader = Files.newBufferedReader(directory.resolve(Broker.SETTINGS), UTF_8)) {
        settings.load(reader);
      }
      Broker broker = Broker.start(directory, settings);
      System.out.println(READY);
      System.in.transferTo(java.io.OutputStream.nullOutputStream());
      broker.stop();
      System.exit(0);
    }
  }
}
