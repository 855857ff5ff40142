package dev.tidemark.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidemark.api.cache.CacheSettings;
import dev.tidemark.api.entities.RelaySettings;
import dev.tidemark.api.health.HealthComponent;
import dev.tidemark.api.health.HealthComponents;
import dev.tidemark.api.live.LiveHub;
import dev.tidemark.api.live.LiveSettings;
import dev.tidemark.api.metrics.Metrics;
import dev.tidemark.api.node.NodeSettings;
import dev.tidemark.api.pull.ChangeFeed;
import dev.tidemark.api.pull.PullSettings;
import dev.tidemark.api.rate.Peers;
import dev.tidemark.api.rate.RateSettings;
import dev.tidemark.api.security.ScrapeToken;
import dev.tidemark.api.security.TokenSettings;
import dev.tidemark.api.sync.SyncSettings;
import dev.tidemark.api.wire.HttpSettings;
import dev.tidemark.contract.postgres.PostgresUrl;
import dev.tidemark.pipeline.runtime.StreamsSettings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micronaut.context.ApplicationContext;
import io.micronaut.runtime.server.EmbeddedServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** A running api on a free port, and a client that speaks to it. */
public final class ApiUnderTest implements AutoCloseable {
  public static final HttpSettings HTTP = HttpSettings.DEFAULTS.listeningOn("127.0.0.1", 0);
  public static final TokenSettings TOKENS = TokenSettings.withSecret(Tokens.SECRET);
  public static final String SCRAPE_TOKEN = "a-scrape-token-for-tests";

  public static final SyncSettings SYNC =
      SyncSettings.of(PostgresUrl.parse("postgresql://nobody:nothing@127.0.0.1:1/none"));

  private static final ObjectMapper JSON = new ObjectMapper();

  private final ApplicationContext context;
  private final EmbeddedServer server;
  private final HttpClient client = HttpClient.newHttpClient();

  private ApiUnderTest(ApplicationContext context) {
    this.context = context;
    this.server = context.getBean(EmbeddedServer.class).start();
  }

  public static ApiUnderTest start() {
    return start(HTTP, TOKENS, RateSettings.DEFAULTS);
  }

  /** An api with the given settings, without a node, and with the routes that only tests have. */
  public static ApiUnderTest start(HttpSettings http, TokenSettings tokens, RateSettings rates) {
    return start(settings(http, tokens, rates), new FakeEntities(), List.of(), List.of("probe"));
  }

  public static ApiUnderTest start(
      ApiSettings settings,
      FakeEntities entities,
      List<HealthComponent> components,
      List<String> environments) {
    return start(settings, entities, new FakeSync(), components, environments);
  }

  /** An api with what it asks. */
  public static ApiUnderTest start(
      ApiSettings settings,
      FakeEntities entities,
      FakeSync sync,
      List<HealthComponent> components,
      List<String> environments) {
    return new ApiUnderTest(
        Api.context(
            settings,
            List.of(
                entities,
                sync,
                sync.waiters(),
                new FakeFeed(),
                new LiveHub(
                    LiveSettings.DEFAULTS, new SimpleMeterRegistry(), InstantSource.system()),
                FakeEntities.CATALOG,
                (Peers) _ -> false,
                Metrics.registry(),
                InstantSource.system(),
                new HealthComponents(components)),
            environments));
  }

  /** An api that tells changes. */
  public static ApiUnderTest start(
      ApiSettings settings, FakeSync sync, ChangeFeed feed, LiveHub hub) {
    return new ApiUnderTest(
        Api.context(
            settings,
            List.of(
                new FakeEntities(),
                sync,
                sync.waiters(),
                feed,
                hub,
                FakeEntities.CATALOG,
                (Peers) _ -> false,
                Metrics.registry(),
                InstantSource.system(),
                new HealthComponents(List.of())),
            List.of()));
  }

  /** An api that shows views. */
  public static ApiUnderTest start(FakeViews views, List<HealthComponent> components) {
    FakeSync sync = new FakeSync();
    List<Object> parts =
        new ArrayList<>(
            List.of(
                new FakeEntities(),
                sync,
                sync.waiters(),
                new FakeFeed(),
                new LiveHub(
                    LiveSettings.DEFAULTS, new SimpleMeterRegistry(), InstantSource.system()),
                (Peers) _ -> false,
                InstantSource.system(),
                new HealthComponents(components)));
    parts.addAll(views.parts());
    return new ApiUnderTest(Api.context(settings(), parts, List.of()));
  }

  public static ApiSettings settings() {
    return settings(HTTP, TOKENS, RateSettings.DEFAULTS);
  }

  /** With pages of so many bytes. */
  public static ApiSettings settings(PullSettings pull) {
    return settings(HTTP, TOKENS, RateSettings.DEFAULTS, pull);
  }

  public static ApiSettings settings(HttpSettings http, TokenSettings tokens, RateSettings rates) {
    return settings(http, tokens, rates, PullSettings.of(Tokens.SECRET));
  }

  private static ApiSettings settings(
      HttpSettings http, TokenSettings tokens, RateSettings rates, PullSettings pull) {
    return new ApiSettings(
        http,
        tokens,
        Optional.of(new ScrapeToken(SCRAPE_TOKEN)),
        rates,
        RelaySettings.DEFAULTS,
        SYNC,
        pull,
        LiveSettings.DEFAULTS,
        CacheSettings.of(SYNC.postgres()),
        NodeSettings.of(
            Path.of("no-catalog"),
            "127.0.0.1",
            4,
            StreamsSettings.of("127.0.0.1:1", Path.of("no-state"))));
  }

  public int port() {
    return server.getPort();
  }

  public <T> T bean(Class<T> type) {
    return context.getBean(type);
  }

  public URI uri(String path) {
    return URI.create("http://127.0.0.1:" + port() + path);
  }

  public HttpResponse<String> get(String path, String token) {
    return send(path, request -> request.header("Authorization", "Bearer " + token));
  }

  public HttpResponse<String> post(String path, String token, String body) {
    return send(
        path,
        request ->
            request
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body)));
  }

  public HttpResponse<String> get(String path) {
    return send(path, request -> request);
  }

  public HttpResponse<String> send(String path, UnaryOperator<HttpRequest.Builder> change) {
    try {
      return client.send(
          change.apply(HttpRequest.newBuilder(uri(path))).build(),
          HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new IllegalStateException("no answer from " + path, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  public static JsonNode json(HttpResponse<String> response) {
    try {
      return JSON.readTree(response.body());
    } catch (IOException e) {
      throw new IllegalStateException("not JSON: " + response.body(), e);
    }
  }

  @Override
  public void close() {
    client.close();
    server.stop();
    context.close();
  }
}
