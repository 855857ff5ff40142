package dev.tidemark.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Redis 6.2 as a cache: it writes nothing to disk and is empty after a start. */
public final class EmbeddedRedis implements Server, Killable {
  private static final Logger LOG = LoggerFactory.getLogger(EmbeddedRedis.class);
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final String PROGRAM = "redis-server";
  private static final byte[] PING = "PING\r\n".getBytes(StandardCharsets.US_ASCII);

  private final ServerConfig config;
  private final DataDirectory directory;
  private int port;
  private Duration startedIn = Duration.ZERO;
  private @Nullable ServerProcess process;

  public EmbeddedRedis(ServerConfig config) {
    this.config = config;
    this.directory = DataDirectory.of(config, "redis");
    if (directory.isTemporary()) {
      Runtime.getRuntime().addShutdownHook(new Thread(this::close, "close-redis"));
    }
  }

  @Override
  public String name() {
    return "redis";
  }

  @Override
  public synchronized void start() {
    if (isRunning()) {
      return;
    }
    long began = System.nanoTime();
    directory.lock();
    try {
      Path program = program();
      if (stopLeftover(directory.path())) {
        LOG.info("Stopped the Redis that an earlier process left running on {}", directory.path());
      }
      Files.deleteIfExists(pidFile());
      if (port == 0) {
        port = directory.port(config.port(), "Redis");
      } else {
        FreePort.require(port, "Redis");
      }
      launch(program);
    } catch (IOException e) {
      directory.unlock();
      throw new UncheckedIOException(e);
    } catch (RuntimeException e) {
      directory.unlock();
      throw e;
    }
    startedIn = Duration.ofNanos(System.nanoTime() - began);
    LOG.debug("Redis listens on {} after {} ms", port, startedIn.toMillis());
  }

  /**
   * Stops the server that a killed process left running on a directory.
   *
   * @return whether there was one
   */
  public static boolean stopLeftover(Path directory) {
    Optional<ServerProcess> leftover = ServerProcess.named(directory.resolve("redis.pid"), PROGRAM);
    leftover.ifPresent(EmbeddedRedis::end);
    return leftover.isPresent();
  }

  private static Path program() {
    String processor = Binaries.processor();
    if (Binaries.onMac()) {
      return Binaries.program("redis-server-6.2.6-v5-darwin-" + processor);
    }
    if (processor.equals("arm64")) {
      return Binaries.program("redis-server-6.2.7-linux-arm64");
    }
    Path dynamic = Binaries.program("redis-server-6.2.6-v5-linux-amd64");
    // That one needs OpenSSL 3 of the machine; the 32-bit one needs nothing.
    return ServerCommand.of(List.of(), dynamic, "--version").run().succeeded()
        ? dynamic
        : Binaries.program("redis-server-6.2.7-linux-386");
  }

  private void launch(Path program) {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("port", Integer.toString(port));
    settings.put("bind", "127.0.0.1");
    // As a daemon it leaves the terminal's process group, which Ctrl-C would end at once.
    settings.put("daemonize", "yes");
    settings.put("pidfile", pidFile().toString());
    settings.put("logfile", log().toString());
    settings.put("dir", directory.path().toString());
    settings.put("save", "");
    settings.put("appendonly", "no");
    settings.putAll(config.settings());
    List<String> arguments = new ArrayList<>();
    settings.forEach(
        (name, value) -> {
          arguments.add("--" + name);
          arguments.add(value);
        });
    ServerCommand.Result result =
        ServerCommand.of(List.of(), program, arguments.toArray(String[]::new)).run();
    if (!result.succeeded()) {
      throw new ServerException("Redis does not start: " + result.output());
    }
    long deadline = System.nanoTime() + LIMIT.toNanos();
    while (!answers()) {
      if (System.nanoTime() - deadline > 0) {
        throw new ServerException("Redis does not answer on port " + port + ": see " + log());
      }
      ServerProcess.pause();
    }
    process =
        ServerProcess.named(pidFile(), PROGRAM)
            .orElseThrow(() -> new ServerException("Redis ended just after its start: " + log()));
  }

  private boolean answers() {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1_000);
      socket.setSoTimeout(1_000);
      socket.getOutputStream().write(PING);
      return socket.getInputStream().read() == '+';
    } catch (IOException notYet) {
      return false;
    }
  }

  public String url() {
    return "redis://127.0.0.1:" + port;
  }

  @Override
  public synchronized void stop() {
    ServerProcess running = process;
    process = null;
    if (running != null) {
      end(running);
    }
    directory.unlock();
  }

  private static void end(ServerProcess running) {
    running.signal("TERM");
    if (!running.awaitEnd(LIMIT)) {
      running.kill();
    }
  }

  @Override
  public synchronized void kill() {
    ServerProcess running = process;
    process = null;
    if (running != null) {
      running.kill();
    }
    directory.unlock();
  }

  @Override
  public synchronized void freeze() {
    ServerProcess running = process;
    if (running != null) {
      running.freeze();
    }
  }

  @Override
  public synchronized void thaw() {
    ServerProcess running = process;
    if (running != null) {
      running.thaw();
    }
  }

  @Override
  public synchronized Duration busy() {
    ServerProcess running = process;
    return running == null ? Duration.ZERO : running.busy();
  }

  @Override
  public synchronized boolean isRunning() {
    ServerProcess running = process;
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

  private Path pidFile() {
    return directory.resolve("redis.pid");
  }

  private Path log() {
    return directory.resolve("log");
  }
}
