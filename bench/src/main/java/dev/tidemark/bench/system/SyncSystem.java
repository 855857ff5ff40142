package dev.tidemark.bench.system;

import dev.tidemark.servers.EmbeddedPostgres18;
import dev.tidemark.servers.EmbeddedRedis;
import dev.tidemark.servers.ForkedKafka;
import dev.tidemark.servers.FreePort;
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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** All of Tidemark, each part in a process of its own. One thread. */
public final class SyncSystem implements AutoCloseable {
  private static final Duration START = Duration.ofSeconds(90);
  private static final String HOST = "127.0.0.1";

  private final Plan plan;
  private final Path directory;
  private final EmbeddedPostgres18 postgres;
  private final ForkedKafka kafka;
  private final EmbeddedRedis redis = new EmbeddedRedis(ServerConfig.temporary());
  private final String secret = UUID.randomUUID() + "-" + UUID.randomUUID();
  private final int managementPort = FreePort.pick();
  private final List<Node> nodes = new ArrayList<>();
  private @Nullable JavaProcess connectors;

  /**
   * How it is set up.
   *
   * @param ddl makes the tables
   * @param catalog the catalog's text
   * @param nodes how many api nodes
   * @param postgres settings of the database
   * @param connectorsOptions of the JVM of the connectors
   * @param nodeOptions of the JVM of each api node
   */
  public record Plan(
      String ddl,
      String catalog,
      int nodes,
      Map<String, String> postgres,
      List<String> connectorsOptions,
      List<String> nodeOptions,
      Map<String, String> environment) {
    public Plan {
      postgres = Map.copyOf(postgres);
      connectorsOptions = List.copyOf(connectorsOptions);
      nodeOptions = List.copyOf(nodeOptions);
      environment = Map.copyOf(environment);
    }
  }

  /** An api node, which keeps its port and its state over restarts. */
  private static final class Node {
    private final String name;
    private final int port = FreePort.pick();
    private String main = "dev.tidemark.api.Api";
    private @Nullable JavaProcess process;

    Node(String name) {
      this.name = name;
    }
  }

  /** A system with a broker that starts quickly. */
  public SyncSystem(Plan plan, Path directory) {
    this(plan, directory, new ForkedKafka(ServerConfig.temporary()));
  }

  /** A system with a broker that works quickly. */
  public static SyncSystem forLoad(Plan plan, Path directory) {
    return new SyncSystem(plan, directory, ForkedKafka.forLoad(ServerConfig.temporary()));
  }

  private SyncSystem(Plan plan, Path directory, ForkedKafka kafka) {
    this.plan = plan;
    this.directory = directory;
    this.kafka = kafka;
    ServerConfig database = ServerConfig.temporary();
    for (Map.Entry<String, String> setting : plan.postgres().entrySet()) {
      database = database.with(setting.getKey(), setting.getValue());
    }
    postgres = new EmbeddedPostgres18(database);
    for (int i = 1; i <= plan.nodes(); i++) {
      nodes.add(new Node("node-" + i));
    }
  }

  /** Has a node be another program than the api, from its next start on. */
  public void nodeMain(int number, String main) {
    nodes.get(number).main = main;
  }

  /** Starts everything; returns when all parts say that they are ready. */
  public void start() throws SQLException, InterruptedException {
    try {
      Files.createDirectories(directory);
      Files.writeString(directory.resolve("catalog.yml"), plan.catalog());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    postgres.start();
    kafka.start();
    redis.start();
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute(plan.ddl());
    }
    startConnectors();
    awaitReady(managementPort, "connectors");
    for (int i = 0; i < nodes.size(); i++) {
      startNode(i);
    }
    awaitReady();
  }

  public Connection connect() throws SQLException {
    return postgres.connect();
  }

  public String kafka() {
    return kafka.bootstrapServers();
  }

  public EmbeddedPostgres18 postgres() {
    return postgres;
  }

  public ForkedKafka broker() {
    return kafka;
  }

  public EmbeddedRedis redis() {
    return redis;
  }

  public Tokens tokens() {
    return new Tokens(secret);
  }

  public Path directory() {
    return directory;
  }

  public int nodeCount() {
    return nodes.size();
  }

  /** Where a node keeps its state. */
  public Path stateDirectory(int node) {
    return directory.resolve("state-" + nodes.get(node).name);
  }

  /** Where a node answers. */
  public String url(int node) {
    return "http://" + HOST + ":" + nodes.get(node).port;
  }

  /** The process of the connectors, where it runs. */
  public @Nullable JavaProcess connectors() {
    return connectors;
  }

  /** The process of a node, where it runs. */
  public @Nullable JavaProcess node(int node) {
    return nodes.get(node).process;
  }

  /**
   * Starts again whatever has ended by itself, as whoever runs it would.
   *
   * @return what that was
   */
  public List<String> revive() {
    List<String> revived = new ArrayList<>();
    if (ended(connectors)) {
      revived.add("connectors");
      startConnectors();
    }
    for (int i = 0; i < nodes.size(); i++) {
      if (ended(nodes.get(i).process)) {
        revived.add(nodes.get(i).name);
        startNode(i);
      }
    }
    return revived;
  }

  private static boolean ended(@Nullable JavaProcess process) {
    return process != null && !process.isAlive();
  }

  /** Has all processes write to their logs what each thread is at. */
  public void dumpThreads() {
    JavaProcess running = connectors;
    if (running != null) {
      running.dumpThreads();
    }
    for (Node node : nodes) {
      JavaProcess process = node.process;
      if (process != null) {
        process.dumpThreads();
      }
    }
  }

  /** Waits until all parts say that they are ready. */
  public void awaitReady() throws InterruptedException {
    awaitReady(managementPort, "connectors");
    for (Node node : nodes) {
      awaitReady(node.port, node.name);
    }
  }

  public void startConnectors() {
    Map<String, String> environment = environment();
    environment.put("TIDEMARK_MANAGEMENT_BIND", HOST);
    environment.put("TIDEMARK_MANAGEMENT_PORT", Integer.toString(managementPort));
    connectors =
        start(
            "connectors",
            "dev.tidemark.connectors.Connectors",
            plan.connectorsOptions(),
            environment);
  }

  public void startNode(int number) {
    Node node = nodes.get(number);
    Map<String, String> environment = environment();
    environment.put("TIDEMARK_HTTP_BIND", HOST);
    environment.put("TIDEMARK_HTTP_PORT", Integer.toString(node.port));
    environment.put("TIDEMARK_NODE_HOST", HOST);
    environment.put("TIDEMARK_JWT_SECRET", secret);
    environment.put("TIDEMARK_STATE_DIR", stateDirectory(number).toString());
    node.process = start(node.name, node.main, plan.nodeOptions(), environment);
  }

  private JavaProcess start(
      String name, String main, List<String> options, Map<String, String> environment) {
    return JavaProcess.start(new JavaProcess.Command(directory, name, main, options, environment));
  }

  private Map<String, String> environment() {
    Map<String, String> environment = new HashMap<>();
    environment.put("TIDEMARK_POSTGRES", postgres.url().libpq());
    environment.put("TIDEMARK_POSTGRES_URL", postgres.url().libpq());
    environment.put("TIDEMARK_KAFKA", kafka());
    environment.put("TIDEMARK_REDIS", redis.url());
    environment.put("TIDEMARK_CATALOG", directory.resolve("catalog.yml").toString());
    environment.put("TIDEMARK_PARTITIONS", "4");
    environment.put("TIDEMARK_REPLICATION", "1");
    environment.put("TIDEMARK_RATE_PER_ADDRESS", "1000000/1s");
    environment.put("TIDEMARK_RATE_PER_SUBJECT", "1000000/1s");
    environment.putAll(plan.environment());
    return environment;
  }

  private void awaitReady(int port, String name) throws InterruptedException {
    long deadline = System.nanoTime() + START.toNanos();
    String last = "nothing";
    try (Door door = new Door("http://" + HOST + ":" + port)) {
      while (System.nanoTime() < deadline) {
        try {
          Door.Answer answer = door.get("/health/readiness", "");
          if (answer.status() == 200) {
            return;
          }
          last = answer.status() + " " + answer.body();
        } catch (IOException e) {
          last = e.toString();
        }
        Thread.sleep(50);
      }
    }
    throw new IllegalStateException(name + " is not ready: " + last + "; its log: " + directory);
  }

  /** How long each part and this process, its client, have kept processors busy, by their names. */
  public Map<String, Duration> busy() {
    Map<String, Duration> busy = new LinkedHashMap<>();
    busy.put("clients", ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO));
    busy.put("Postgres", postgres.busy());
    busy.put("Kafka", kafka.busy());
    JavaProcess running = connectors;
    if (running != null) {
      busy.put("connectors", running.busy());
    }
    for (Node node : nodes) {
      JavaProcess process = node.process;
      if (process != null) {
        busy.put(node.name, process.busy());
      }
    }
    return busy;
  }

  /** Has nodes and connectors end in order, so that they leave what they were told to leave. */
  public void stop() throws InterruptedException {
    JavaProcess running = connectors;
    if (running != null) {
      running.stop();
    }
    for (Node node : nodes) {
      JavaProcess process = node.process;
      if (process != null) {
        process.stop();
      }
    }
  }

  @Override
  public void close() {
    JavaProcess running = connectors;
    if (running != null) {
      running.kill();
    }
    for (Node node : nodes) {
      JavaProcess process = node.process;
      if (process != null) {
        process.kill();
      }
    }
    redis.close();
    kafka.close();
    postgres.close();
  }
}
