package dev.tidemark.standalone.system;

import dev.tidemark.api.health.HealthComponent;
import dev.tidemark.api.metrics.Metrics;
import dev.tidemark.contract.catalog.Catalog;
import dev.tidemark.contract.postgres.PostgresUrl;
import dev.tidemark.servers.EmbeddedKafka;
import dev.tidemark.servers.EmbeddedPostgres18;
import dev.tidemark.servers.EmbeddedRedis;
import dev.tidemark.servers.ServerConfig;
import dev.tidemark.standalone.home.Home;
import dev.tidemark.standalone.home.Running;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** The whole system: which parts it has, and which relies on which. */
public final class Composition implements AutoCloseable {
  /**
   * What to compose.
   *
   * @param home where the data is
   * @param catalog what is captured
   * @param catalogFile the file it was read from
   * @param ownDatabase the user's own database instead of an embedded one
   * @param httpPort where the api listens; 0 for any free port
   * @param demo whether traffic is generated
   */
  public record Settings(
      Home home,
      Catalog catalog,
      Path catalogFile,
      Optional<OwnDatabase> ownDatabase,
      int httpPort,
      boolean demo) {}

  private static final int PARTITIONS = 4;

  private final Settings settings;
  private final EmbeddedKafka kafka;
  private final EmbeddedRedis redis;
  private final Optional<EmbeddedPostgres18> postgres;
  private final Plan plan = new Plan();
  private final ApiPart api;

  public Composition(Settings settings) {
    this.settings = settings;
    Home home = settings.home();
    Catalog catalog = settings.catalog();
    PrometheusMeterRegistry meters = Metrics.registry();
    kafka = new EmbeddedKafka(ServerConfig.in(home.kafka()));
    redis = new EmbeddedRedis(ServerConfig.in(home.redis()));
    postgres =
        settings.ownDatabase().isPresent()
            ? Optional.empty()
            : Optional.of(new EmbeddedPostgres18(ServerConfig.in(home.postgres())));

    Part[] database =
        postgres.map(server -> new Part[] {plan.add(new ServerPart(server))}).orElse(new Part[0]);
    Part broker = plan.add(new ServerPart(kafka));
    Part cache = plan.add(new ServerPart(redis));
    Supplier<PostgresUrl> url = () -> PostgresUrl.parse(postgresUrl());
    Part tables = plan.add(new TablesPart(url, catalog, postgres.isPresent()), database);
    Part topics = plan.add(new TopicsPart(kafka::bootstrapServers, catalog, PARTITIONS), broker);
    CapturePart capture =
        plan.add(
            new CapturePart(this::postgresUrl, kafka::bootstrapServers, catalog, meters),
            tables,
            topics);
    WriterPart writer =
        plan.add(
            new WriterPart(this::postgresUrl, kafka::bootstrapServers, catalog, meters),
            capture,
            topics);
    List<HealthComponent> components = new ArrayList<>();
    components.add(capture);
    components.add(writer);
    if (!catalog.jobs().types().isEmpty()) {
      components.add(
          plan.add(
              new WorkerPart(this::workSettings, kafka::bootstrapServers, catalog, meters),
              tables,
              topics));
    }
    components.add(new ServerHealth(redis, false));
    postgres.ifPresent(server -> components.add(new ServerHealth(server, true)));
    api = plan.add(new ApiPart(this::apiSettings, meters, components), topics, cache, tables);
    if (settings.demo()) {
      plan.add(new DemoPart(url), capture, api);
    }
  }

  /** Starts everything; if something does not start, stops the rest and throws why. */
  public void start(Progress progress) {
    plan.start(progress);
  }

  /** Where everything is, once it has started. */
  public Running running(boolean ready) {
    return new Running(
        ProcessHandle.current().pid(),
        ready,
        api.url(),
        postgresUrl(),
        kafka.bootstrapServers(),
        redis.url(),
        settings.catalogFile().toString(),
        settings.home().log().toString());
  }

  private String postgresUrl() {
    return settings
        .ownDatabase()
        .map(OwnDatabase::libpq)
        .or(() -> postgres.map(server -> server.url().libpq()))
        .orElseThrow();
  }

  /** What is asked over HTTP may be on this machine: this is for trying things out. */
  private Map<String, String> workSettings() {
    Map<String, String> environment = new LinkedHashMap<>(System.getenv());
    environment.keySet().removeIf(name -> !name.startsWith("TIDEMARK_"));
    environment.put("TIDEMARK_POSTGRES_URL", postgresUrl());
    environment.put("TIDEMARK_NODE_HOST", "127.0.0.1");
    if (!environment.containsKey("TIDEMARK_S3_ENDPOINT")) {
      environment.putIfAbsent("TIDEMARK_STORAGE_DIRECTORY", settings.home().files().toString());
    }
    environment.putIfAbsent("TIDEMARK_OUTBOUND_NETWORKS", "127.0.0.0/8");
    return environment;
  }

  // The settings that a process of its own would read from its environment.
  private Map<String, String> apiSettings() {
    Map<String, String> environment = new LinkedHashMap<>();
    environment.put("TIDEMARK_HTTP_BIND", "127.0.0.1");
    environment.put("TIDEMARK_HTTP_PORT", Integer.toString(settings.httpPort()));
    environment.put("TIDEMARK_NODE_HOST", "127.0.0.1");
    environment.put("TIDEMARK_JWT_SECRET", settings.home().secret());
    environment.put("TIDEMARK_KAFKA", kafka.bootstrapServers());
    environment.put("TIDEMARK_POSTGRES_URL", postgresUrl());
    environment.put("TIDEMARK_REDIS", redis.url());
    environment.put("TIDEMARK_CATALOG", settings.catalogFile().toString());
    environment.put("TIDEMARK_STATE_DIR", settings.home().streams().toString());
    environment.put("TIDEMARK_PARTITIONS", Integer.toString(PARTITIONS));
    environment.put("TIDEMARK_REPLICATION", "1");
    // Nobody but who starts the system can know these.
    System.getenv()
        .forEach(
            (name, value) -> {
              if (name.startsWith("TIDEMARK_WEBHOOK_SECRET")) {
                environment.put(name, value);
              }
            });
    return environment;
  }

  @Override
  public void close() {
    plan.close();
  }
}
