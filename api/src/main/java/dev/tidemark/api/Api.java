package dev.tidemark.api;

import dev.tidemark.api.cache.CacheHealth;
import dev.tidemark.api.health.HealthComponent;
import dev.tidemark.api.health.HealthComponents;
import dev.tidemark.api.live.LiveHub;
import dev.tidemark.api.log.LogFormat;
import dev.tidemark.api.log.Logging;
import dev.tidemark.api.node.Node;
import dev.tidemark.api.rate.Peers;
import dev.tidemark.api.settings.Variables;
import dev.tidemark.api.sync.Waiters;
import dev.tidemark.api.sync.ledger.PostgresLedger;
import dev.tidemark.api.workers.Orders;
import dev.tidemark.contract.catalog.Catalog;
import dev.tidemark.contract.catalog.CatalogReader;
import dev.tidemark.contract.catalog.CatalogReading;
import io.micronaut.context.ApplicationContext;
import io.micronaut.runtime.server.EmbeddedServer;
import io.swagger.v3.oas.annotations.OpenAPIDefinition;
import io.swagger.v3.oas.annotations.enums.SecuritySchemeType;
import io.swagger.v3.oas.annotations.info.Info;
import io.swagger.v3.oas.annotations.security.SecurityScheme;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts the api, in a process of its own or inside another. */
@OpenAPIDefinition(
    info =
        @Info(
            title = "Tidemark",
            version = "0",
            description =
                "Change-data sync. Every error is an RFC 9457 problem; every answer carries"
                    + " X-Request-ID."))
@SecurityScheme(
    name = "bearer",
    type = SecuritySchemeType.HTTP,
    scheme = "bearer",
    bearerFormat = "JWT")
public final class Api {
  private static final Logger LOG = LoggerFactory.getLogger(Api.class);

  private Api() {}

  /**
   * Starts with settings out of {@code TIDEMARK_*} environment variables; ends with the process.
   */
  public static void main(String[] arguments) {
    Logging.configure(LogFormat.from(new Variables(System.getenv())));
    RunningApi api = start(ApiSettings.from(System.getenv()));
    LOG.info("The api listens on port {}", api.port());
    Runtime.getRuntime().addShutdownHook(new Thread(api::close, "tidemark-api-stop"));
  }

  public static RunningApi start(ApiSettings settings) {
    return start(settings, Surroundings.none());
  }

  /**
   * Starts the server and behind it the node; returns when requests are taken, which may be before
   * the node has joined the others.
   *
   * @throws IllegalStateException if the catalog or the topics are not as they must be
   */
  public static RunningApi start(ApiSettings settings, Surroundings surroundings) {
    Catalog catalog = catalog(settings.node().catalog());
    Waiters waiters = new Waiters();
    LiveHub hub = new LiveHub(settings.live(), surroundings.meters(), surroundings.clock());
    Orders orders = new Orders(surroundings.meters(), surroundings.clock());
    CachePart cache = CachePart.of(settings.cache(), catalog, surroundings.meters());
    Node node =
        new Node(
            settings.node(),
            catalog,
            surroundings.meters(),
            waiters,
            hub,
            cache.cache(),
            cache.sharedLog(),
            orders);
    PostgresLedger ledger = new PostgresLedger(settings.sync());
    List<HealthComponent> components = new ArrayList<>(node.components());
    if (!catalog.views().isEmpty()) {
      components.add(new CacheHealth(cache.cache()));
    }
    components.addAll(surroundings.components());
    ApplicationContext context =
        context(
            settings,
            List.of(
                catalog,
                node,
                waiters,
                hub,
                orders,
                ledger,
                cache.cache(),
                cache.warmer(),
                cache.checker(),
                (Peers) node::isPeer,
                surroundings.meters(),
                surroundings.clock(),
                new HealthComponents(components)),
            List.of());
    try {
      EmbeddedServer server = context.getBean(EmbeddedServer.class).start();
      node.start(server.getPort());
      cache.tend();
      return new RunningApi(context, server, node, hub, orders, ledger, cache);
    } catch (RuntimeException e) {
      hub.close();
      context.close();
      ledger.close();
      cache.close();
      throw e;
    }
  }

  /**
   * The application without a node; whatever it asks is among the parts.
   *
   * @param environments names that switch on beans which only tests have
   */
  static ApplicationContext context(
      ApiSettings settings, List<Object> parts, List<String> environments) {
    List<Object> singletons = new ArrayList<>(parts);
    singletons.add(settings.http());
    singletons.add(settings.tokens());
    singletons.add(settings.rates());
    singletons.add(settings.relay());
    singletons.add(settings.sync());
    singletons.add(settings.pull());
    singletons.add(settings.webhooks());
    settings.scrapeToken().ifPresent(singletons::add);
    return ApplicationContext.builder()
        .deduceEnvironment(false)
        .deduceCloudEnvironment(false)
        .enableDefaultPropertySources(false)
        .environmentPropertySource(false)
        .bootstrapEnvironment(false)
        .eagerInitSingletons(false)
        .banner(false)
        .environments(environments.toArray(String[]::new))
        .properties(MicronautProperties.of(settings))
        .singletons(singletons.toArray())
        .start();
  }

  private static Catalog catalog(Path file) {
    return switch (CatalogReader.read(file)) {
      case CatalogReading.Valid(Catalog catalog) -> catalog;
      case CatalogReading.Invalid invalid ->
          throw new IllegalStateException(String.join("\n", invalid.sentences()));
    };
  }
}
