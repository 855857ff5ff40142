package dev.tidemark.bench.verify.jobs;

import dev.tidemark.bench.system.Door;
import dev.tidemark.bench.system.JavaProcess;
import dev.tidemark.bench.system.Tokens;
import dev.tidemark.bench.verify.jobs.worker.ErrandWorker;
import dev.tidemark.servers.EmbeddedPostgres18;
import dev.tidemark.servers.ForkedKafka;
import dev.tidemark.servers.FreePort;
import dev.tidemark.servers.PostgresUrl;
import dev.tidemark.servers.ServerConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What jobs need: a broker, two nodes, workers, and a database of theirs. One thread. */
final class JobsSystem implements AutoCloseable {
  static final int PARTITIONS = 4;
  static final int NODES = 2;

  private static final Duration START = Duration.ofMinutes(2);
  private static final String HOST = "127.0.0.1";
  private static final List<String> LIGHT =
      List.of(
          "-Xmx256m",
          "-XX:+UseSerialGC",
          "-XX:TieredStopAtLevel=1",
          "-Dlogback.configurationFile=bench-logback.xml",
          "--enable-native-access=ALL-UNNAMED",
          "--sun-misc-unsafe-memory-access=allow");

  private final Path directory;
  private final EmbeddedPostgres18 postgres = new EmbeddedPostgres18(ServerConfig.temporary());
  private final ForkedKafka kafka = new ForkedKafka(ServerConfig.temporary());
  private final Tokens tokens = Tokens.random();
  private final List<Part> nodes = new ArrayList<>();
  private final List<Part> workers = new ArrayList<>();

  /** A part that may be started again. */
  private static final class Part {
    private final String name;
    private final int port = FreePort.pick();
    private int life;
    private @Nullable JavaProcess process;

    Part(String name) {
      this.name = name;
    }
  }

  JobsSystem(Path directory, int workers) {
    this.directory = directory;
    for (int i = 1; i <= NODES; i++) {
      nodes.add(new Part("node-" + i));
    }
    for (int i = 1; i <= workers; i++) {
      this.workers.add(new Part("worker" + i));
    }
  }

  /** Starts everything; returns when the nodes know of jobs. */
  void start() throws SQLException, InterruptedException {
    try {
      Files.createDirectories(directory);
      Files.writeString(catalog(), Errands.CATALOG);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    kafka.start();
    postgres.start();
    startNode(0);
    startNode(1);
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute(Errands.DDL);
    }
    awaitReady();
    for (int i = 0; i < workers.size(); i++) {
      startWorker(i);
    }
  }

  Path catalog() {
    return directory.resolve("catalog.yml");
  }

  String kafka() {
    return kafka.bootstrapServers();
  }

  ForkedKafka broker() {
    return kafka;
  }

  EmbeddedPostgres18 postgres() {
    return postgres;
  }

  Connection connect() throws SQLException {
    return postgres.connect();
  }

  Tokens tokens() {
    return tokens;
  }

  int workerCount() {
    return workers.size();
  }

  String url(int node) {
    return "http://" + HOST + ":" + nodes.get(node).port;
  }

  JavaProcess node(int number) {
    return running(nodes.get(number));
  }

  JavaProcess worker(int number) {
    return running(workers.get(number));
  }

  /** What a worker is called in its present life; its name among workers begins with it. */
  String workerName(int number) {
    Part worker = workers.get(number);
    return worker.name + "." + worker.life;
  }

  private static JavaProcess running(Part part) {
    JavaProcess process = part.process;
    if (process == null) {
      throw new IllegalStateException(part.name + " was never started");
    }
    return process;
  }

  /** Sets the clock of a worker wrong. */
  void setClock(int worker, long offsetMillis) {
    try {
      Files.writeString(clock(workers.get(worker)), Long.toString(offsetMillis));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path clock(Part worker) {
    return directory.resolve(worker.name + ".clock");
  }

  void startNode(int number) {
    Part node = nodes.get(number);
    Map<String, String> environment = environment();
    environment.put("TIDEMARK_HTTP_BIND", HOST);
    environment.put("TIDEMARK_HTTP_PORT", Integer.toString(node.port));
    environment.put("TIDEMARK_NODE_HOST", HOST);
    environment.put("TIDEMARK_JWT_SECRET", tokens.secret());
    environment.put("TIDEMARK_POSTGRES_URL", postgres.url().libpq());
    environment.put("TIDEMARK_PARTITIONS", Integer.toString(PARTITIONS));
    environment.put("TIDEMARK_REPLICATION", "1");
    environment.put("TIDEMARK_RATE_PER_ADDRESS", "1000000/1s");
    environment.put("TIDEMARK_RATE_PER_SUBJECT", "1000000/1s");
    environment.put("TIDEMARK_STATE_DIR", directory.resolve("state-" + node.name).toString());
    node.life++;
    node.process = start(node.name, "dev.tidemark.api.Api", environment);
  }

  void startWorker(int number) {
    Part worker = workers.get(number);
    worker.life++;
    Map<String, String> environment = environment();
    environment.put(ErrandWorker.NAME, workerName(number));
    environment.put(ErrandWorker.CLOCK, clock(worker).toString());
    PostgresUrl url = postgres.url();
    environment.put(ErrandWorker.PORT, Integer.toString(url.port()));
    environment.put(ErrandWorker.DATABASE, url.database());
    environment.put(ErrandWorker.USER, url.user());
    environment.put(ErrandWorker.PASSWORD, url.password());
    worker.process = start(worker.name, ErrandWorker.class.getName(), environment);
  }

  private Map<String, String> environment() {
    Map<String, String> environment = new HashMap<>();
    environment.put("TIDEMARK_KAFKA", kafka());
    environment.put("TIDEMARK_CATALOG", catalog().toString());
    return environment;
  }

  private JavaProcess start(String name, String main, Map<String, String> environment) {
    return JavaProcess.start(new JavaProcess.Command(directory, name, main, LIGHT, environment));
  }

  /**
   * Starts again whatever has ended by itself, as whoever runs it would.
   *
   * @return what that was
   */
  List<String> revive() {
    List<String> revived = new ArrayList<>();
    for (int i = 0; i < nodes.size(); i++) {
      if (!node(i).isAlive()) {
        revived.add(nodes.get(i).name);
        startNode(i);
      }
    }
    for (int i = 0; i < workers.size(); i++) {
      if (!worker(i).isAlive()) {
        revived.add(workers.get(i).name);
        startWorker(i);
      }
    }
    return revived;
  }

  void dumpThreads() {
    nodes.forEach(node -> running(node).dumpThreads());
    workers.forEach(worker -> running(worker).dumpThreads());
  }

  /** Waits until both nodes tell of jobs. */
  void awaitReady() throws InterruptedException {
    long deadline = System.nanoTime() + START.toNanos();
    for (int i = 0; i < NODES; i++) {
      try (Door door = new Door(url(i))) {
        while (!ready(door)) {
          if (System.nanoTime() > deadline) {
            throw new IllegalStateException(
                nodes.get(i).name + " knows of no jobs; its log: " + directory);
          }
          Thread.sleep(50);
        }
      }
    }
  }

  private boolean ready(Door door) throws InterruptedException {
    try {
      return door.get("/api/sync/jobs?limit=1", tokens.operator()).status() == 200;
    } catch (IOException _) {
      return false;
    }
  }

  @Override
  public void close() {
    for (List<Part> parts : List.of(workers, nodes)) {
      for (Part part : parts) {
        JavaProcess process = part.process;
        if (process != null) {
          process.kill();
        }
      }
    }
    kafka.close();
    postgres.close();
  }
}
