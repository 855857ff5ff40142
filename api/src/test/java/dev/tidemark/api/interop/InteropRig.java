package dev.tidemark.api.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.api.ApiUnderTest;
import dev.tidemark.api.FakeEntities;
import dev.tidemark.api.FakeSync;
import dev.tidemark.api.ScopedTopic;
import dev.tidemark.api.Tokens;
import dev.tidemark.api.live.LiveHub;
import dev.tidemark.api.live.LiveSettings;
import dev.tidemark.api.pull.ChangeFeed;
import dev.tidemark.api.pull.PullSettings;
import dev.tidemark.contract.TopicProvisioner;
import dev.tidemark.contract.Topics;
import dev.tidemark.pipeline.scopelog.ScopeLog;
import dev.tidemark.pipeline.scopelog.ScopeLogSettings;
import dev.tidemark.pipeline.scopelog.core.LogView;
import dev.tidemark.pipeline.scopelog.core.Position;
import dev.tidemark.servers.EmbeddedKafka;
import dev.tidemark.servers.ServerConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** An api with a log that follows a real topic; what decides operations is as a test says. */
final class InteropRig implements AutoCloseable {
  /** Small, so that answers of some size go through a file. */
  static final int PAGE_BYTES = 16 << 10;

  private static final Duration SOON = Duration.ofSeconds(30);
  private static final LiveSettings LIVE =
      new LiveSettings(200, 100, Duration.ofMillis(300), Duration.ofSeconds(3));

  private final EmbeddedKafka kafka = new EmbeddedKafka(ServerConfig.temporary());
  private final FakeSync sync = new FakeSync();
  private final Admin admin;
  private final LiveHub hub;
  private final ScopeLog log;
  private final ApiUnderTest api;

  InteropRig(Path directory) {
    kafka.start();
    admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()));
    new TopicProvisioner(admin, 1, 1).provision(Topics.of(FakeEntities.CATALOG));
    hub = new LiveHub(LIVE, new SimpleMeterRegistry(), InstantSource.system());
    log =
        ScopeLog.start(
            ScopeLogSettings.of(kafka.bootstrapServers(), directory),
            admin,
            new SimpleMeterRegistry(),
            new Listener(hub),
            InstantSource.system());
    await().atMost(SOON).until(log::isCaughtUp);
    sync.columns(
        "activity",
        Map.of(
            "id",
            "text",
            "name",
            "text",
            "at",
            "int8",
            "visits",
            "int8",
            "details",
            "jsonb",
            "happened",
            "timestamptz"));
    sync.columns("secret", Map.of("id", "text", "name", "text", "at", "int8"));
    api =
        ApiUnderTest.start(
            ApiUnderTest.settings(new PullSettings(Tokens.SECRET, PAGE_BYTES)),
            sync,
            new Feed(log),
            hub);
  }

  /** The log as the node hands it on. */
  private record Feed(ScopeLog scopeLog) implements ChangeFeed {
    @Override
    public LogView view() {
      return scopeLog.view();
    }

    @Override
    public String log() {
      return scopeLog.topic();
    }

    @Override
    public boolean awaitPresent(Duration atMost) throws InterruptedException {
      return scopeLog.awaitPresent(atMost);
    }

    @Override
    public boolean await(Position position, Duration atMost) throws InterruptedException {
      return scopeLog.await(position, atMost);
    }
  }

  private record Listener(LiveHub hub) implements ScopeLog.Listener {
    @Override
    public void told(List<ScopeLog.Change> changes, Position end) {
      hub.told(changes, end);
    }

    @Override
    public void unreadable(ConsumerRecord<byte[], byte[]> record, String why) {
      throw new AssertionError(why);
    }
  }

  ApiUnderTest api() {
    return api;
  }

  FakeSync sync() {
    return sync;
  }

  ScopedTopic topic() {
    return new ScopedTopic(kafka.bootstrapServers());
  }

  /** A token of a device. */
  static String device(String name, String... scopes) {
    return Tokens.signed(
        claims ->
            claims
                .subject(name)
                .claim("device", name)
                .claim("roles", List.of("device"))
                .claim("scopes", List.of(scopes)));
  }

  static JsonNode ok(HttpResponse<String> response) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return ApiUnderTest.json(response);
  }

  @Override
  public void close() {
    api.close();
    log.close();
    hub.close();
    admin.close(Duration.ofSeconds(1));
    kafka.close();
  }
}
