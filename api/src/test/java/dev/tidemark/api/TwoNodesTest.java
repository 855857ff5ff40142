package dev.tidemark.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.api.cache.CacheSettings;
import dev.tidemark.api.entities.RelaySettings;
import dev.tidemark.api.live.LiveSettings;
import dev.tidemark.api.node.NodeSettings;
import dev.tidemark.api.pull.PullSettings;
import dev.tidemark.api.rate.Rate;
import dev.tidemark.api.rate.RateSettings;
import dev.tidemark.contract.CapturedTable;
import dev.tidemark.contract.ChangeKind;
import dev.tidemark.contract.EntityChange;
import dev.tidemark.contract.EntityKey;
import dev.tidemark.contract.Provisioning;
import dev.tidemark.contract.TopicProvisioner;
import dev.tidemark.contract.Topics;
import dev.tidemark.contract.Version;
import dev.tidemark.contract.WireSerdes;
import dev.tidemark.contract.catalog.Catalog;
import dev.tidemark.contract.catalog.CatalogReader;
import dev.tidemark.contract.catalog.CatalogReading;
import dev.tidemark.pipeline.runtime.StreamsSettings;
import dev.tidemark.servers.EmbeddedKafka;
import dev.tidemark.servers.ServerConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two nodes in one JVM against a real broker: every key is answered, and never wrongly with 404.
 */
@Tag("integration")
class TwoNodesTest {
  private static final int KEYS = 120;
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Rate PLENTY = new Rate(1_000_000, Duration.ofSeconds(1));
  private static final String YAML =
      """
      version: 1
      entities:
        activity:
          table: activity
          key: id
          scope: "municipality/{municipality_id}"
        report:
          table: report
          key: id
          scope: public
        notice:
          table: notice
          key: id
          scope: public
      """;

  @TempDir private static Path directory;

  private static final EmbeddedKafka KAFKA = new EmbeddedKafka(ServerConfig.temporary());
  private static Path catalogFile = Path.of("");

  private final HttpClient client =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
  private final List<RunningApi> nodes = new ArrayList<>();

  @BeforeAll
  static void startKafka() throws IOException {
    KAFKA.start();
    catalogFile = Files.writeString(directory.resolve("catalog.yml"), YAML);
    assertThat(TopicProvisioner.provision(KAFKA.bootstrapServers(), Topics.of(catalog()), 4, 1))
        .isInstanceOf(Provisioning.Ready.class);
    produceChanges();
    for (String type : List.of("activity", "report")) {
      produce(type, CapturedTable.State.LIVE);
    }
  }

  @AfterAll
  static void stopKafka() {
    KAFKA.close();
  }

  @AfterEach
  void stopNodes() {
    nodes.forEach(RunningApi::close);
    client.close();
  }

  @Test
  void everyKeyIsAnsweredByEveryNodeAndNeverWronglyWith404WhileNodesComeAndGo() throws Exception {
    RunningApi first = startNode("first");
    awaitAllAnsweredBy(first);

    Watch watch = new Watch(first);
    try (watch) {
      RunningApi second = startNode("second");
      assertThat(second.awaitRunning(PATIENCE)).isTrue();
      awaitAllAnsweredBy(first, second);
      watch.mark("joined");

      second.stopAnswering();
      await("the owner is dead").atMost(PATIENCE).until(() -> watch.seen503Since("joined"));
      second.close();
      nodes.remove(second);
      awaitAllAnsweredBy(first);
      watch.mark("left");

      RunningApi third = startNode("third");
      assertThat(third.awaitRunning(PATIENCE)).isTrue();
      awaitAllAnsweredBy(first, third);
    }
    assertThat(watch.statuses()).as("statuses of keys that exist").containsOnlyKeys(200, 503);
    assertThat(watch.failures()).isZero();
  }

  @Test
  void aNodeThatDoesNotOwnAnEntityAnswersAsItsOwnerDoes() throws Exception {
    RunningApi first = startNode("one");
    RunningApi second = startNode("two");
    assertThat(second.awaitRunning(PATIENCE)).isTrue();
    awaitAllAnsweredBy(first, second);

    for (int i = 0; i < 20; i++) {
      String path = "/api/entities/activity/" + i;
      HttpResponse<String> here = get(first, path, Tokens.of("operator"));
      HttpResponse<String> there = get(second, path, Tokens.of("operator"));
      assertThat(here.body()).isEqualTo(there.body());
      String etag = here.headers().firstValue("ETag").orElseThrow();
      assertThat(there.headers().firstValue("ETag")).contains(etag);
      assertThat(there.headers().firstValue("Cache-Control")).contains("private, no-cache");
      for (RunningApi node : nodes) {
        assertThat(send(node, path, Tokens.of("operator"), etag).statusCode()).isEqualTo(304);
        assertThat(get(node, path, Tokens.of("device", "municipality/" + i % 3)).statusCode())
            .isEqualTo(200);
        assertThat(get(node, path, Tokens.of("device", "municipality/9")).statusCode())
            .isEqualTo(404);
        assertThat(
                get(node, "/api/entities/activity/none-" + i, Tokens.of("operator")).statusCode())
            .isEqualTo(404);
      }
    }
  }

  @Test
  void aChangeIsSeenOnBothNodesAndADeletedEntityIsGone() throws Exception {
    RunningApi first = startNode("seven");
    RunningApi second = startNode("eight");
    assertThat(second.awaitRunning(PATIENCE)).isTrue();
    awaitAllAnsweredBy(first, second);
    String path = "/api/entities/report/fleeting";
    for (RunningApi node : nodes) {
      assertThat(get(node, path, Tokens.of("operator")).statusCode()).isEqualTo(404);
    }
    produce(change("report", "fleeting", ChangeKind.INSERT, 900_000));
    await()
        .atMost(PATIENCE)
        .until(() -> nodes.stream().allMatch(node -> status(node, path) == 200));
    produce(change("report", "fleeting", ChangeKind.DELETE, 900_001));
    await()
        .atMost(PATIENCE)
        .until(() -> nodes.stream().allMatch(node -> status(node, path) == 404));
  }

  @Test
  void readinessTurnsGreenOnceTheNodeWorks() throws Exception {
    RunningApi node = startNode("ready");
    await()
        .atMost(PATIENCE)
        .until(() -> get(node, "/health/readiness", Tokens.of("operator")).statusCode() == 200);
    assertThat(get(node, "/health", Tokens.of("operator")).body())
        .contains("\"kafka\"", "\"entities\"", "broker answers");
    assertThat(get(node, "/prometheus", Tokens.of("admin")).body())
        .contains("kafka_stream", "http_server_requests_seconds_bucket", "jvm_memory_used_bytes");
  }

  @Test
  void nothingIsSaidToBeAbsentBeforeItsTableWasReadWhole() throws Exception {
    RunningApi node = startNode("early");
    awaitAllAnsweredBy(node);
    assertThat(status(node, "/api/entities/notice/1")).isEqualTo(503);
    produce("notice", CapturedTable.State.READING);
    assertThat(status(node, "/api/entities/notice/1")).isEqualTo(503);
    produce("notice", CapturedTable.State.LIVE);
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(status(node, "/api/entities/notice/1")).isEqualTo(404));
    produce("notice", CapturedTable.State.STOPPED);
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(status(node, "/api/entities/notice/1")).isEqualTo(503));
  }

  private RunningApi startNode(String name) {
    StreamsSettings defaults =
        StreamsSettings.of(KAFKA.bootstrapServers(), directory.resolve(name));
    ApiSettings settings =
        new ApiSettings(
            ApiUnderTest.HTTP,
            ApiUnderTest.TOKENS,
            Optional.empty(),
            new RateSettings(PLENTY, PLENTY, 0),
            RelaySettings.DEFAULTS,
            ApiUnderTest.SYNC,
            PullSettings.of(Tokens.SECRET),
            LiveSettings.DEFAULTS,
            CacheSettings.of(ApiUnderTest.SYNC.postgres()),
            NodeSettings.of(catalogFile, "127.0.0.1", 4, defaults));
    RunningApi node = Api.start(settings);
    nodes.add(node);
    return node;
  }

  private void awaitAllAnsweredBy(RunningApi... answering) {
    await("every key is answered by every node")
        .atMost(PATIENCE)
        .until(
            () -> {
              for (RunningApi node : answering) {
                for (String path : paths()) {
                  if (status(node, path) != 200) {
                    return false;
                  }
                }
              }
              return true;
            });
  }

  private int status(RunningApi node, String path) {
    return get(node, path, Tokens.of("operator")).statusCode();
  }

  private HttpResponse<String> get(RunningApi node, String path, String token) {
    return send(node, path, token, "\"other\"");
  }

  private HttpResponse<String> send(RunningApi node, String path, String token, String etag) {
    try {
      return client.send(
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + node.port() + path))
              .header("Authorization", "Bearer " + token)
              .header("If-None-Match", etag)
              .timeout(Duration.ofSeconds(10))
              .build(),
          HttpResponse.BodyHandlers.ofString(UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Asks one node for all keys again and again and counts what it says. */
  private final class Watch implements AutoCloseable {
    private final Map<Integer, AtomicInteger> statuses = new ConcurrentSkipListMap<>();
    private final Map<String, Integer> marks = new ConcurrentSkipListMap<>();
    private final AtomicBoolean stop = new AtomicBoolean();
    private final AtomicInteger failures = new AtomicInteger();
    private final Thread thread;

    Watch(RunningApi node) {
      thread =
          Thread.ofVirtual()
              .start(
                  () -> {
                    while (!stop.get()) {
                      for (String path : paths()) {
                        ask(node, path);
                      }
                    }
                  });
    }

    private void ask(RunningApi node, String path) {
      try {
        HttpResponse<String> response = get(node, path, Tokens.of("operator"));
        statuses.computeIfAbsent(response.statusCode(), _ -> new AtomicInteger()).incrementAndGet();
        if (response.statusCode() == 503
            && response.headers().firstValue("Retry-After").isEmpty()) {
          failures.incrementAndGet();
        }
      } catch (UncheckedIOException e) {
        failures.incrementAndGet();
      }
    }

    void mark(String name) {
      marks.put(name, count(503));
    }

    boolean seen503Since(String mark) {
      return count(503) > marks.getOrDefault(mark, 0);
    }

    private int count(int status) {
      AtomicInteger seen = statuses.get(status);
      return seen == null ? 0 : seen.get();
    }

    Map<Integer, AtomicInteger> statuses() {
      return new TreeMap<>(statuses);
    }

    int failures() {
      return failures.get();
    }

    @Override
    public void close() {
      stop.set(true);
      try {
        thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static List<String> paths() {
    List<String> paths = new ArrayList<>();
    for (int i = 0; i < KEYS; i++) {
      paths.add("/api/entities/activity/" + i);
      paths.add("/api/entities/report/r%20" + i);
    }
    return paths;
  }

  private static Catalog catalog() {
    return switch (CatalogReader.read("catalog.yml", YAML)) {
      case CatalogReading.Valid(Catalog catalog) -> catalog;
      case CatalogReading.Invalid invalid -> throw new IllegalStateException(invalid.toString());
    };
  }

  private static void produceChanges() {
    List<EntityChange> changes = new ArrayList<>();
    for (int i = 0; i < KEYS; i++) {
      changes.add(change("activity", Integer.toString(i), ChangeKind.INSERT, 1_000 + i));
      changes.add(change("report", "r " + i, ChangeKind.INSERT, 10_000 + i));
    }
    produce(changes.toArray(EntityChange[]::new));
  }

  /** As capture does: in one transaction. */
  private static void produce(EntityChange... changes) {
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    for (EntityChange change : changes) {
      String topic = Topics.changeName(change.type());
      records.add(
          new ProducerRecord<>(
              topic,
              requireNonNull(change.key()).bytes(),
              WireSerdes.entityChange().serializer().serialize(topic, change)));
    }
    commit(records);
  }

  private static void produce(String type, CapturedTable.State state) {
    String topic = Topics.CAPTURED_TABLE.name();
    CapturedTable table = new CapturedTable(type, state, Map.of("id", "text"), "");
    commit(
        List.of(
            new ProducerRecord<>(
                topic,
                Topics.CAPTURED_TABLE.keySerde().serializer().serialize(topic, type),
                Topics.CAPTURED_TABLE.valueSerde().serializer().serialize(topic, table))));
  }

  private static void commit(List<ProducerRecord<byte[], byte[]>> records) {
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of(
                "bootstrap.servers",
                KAFKA.bootstrapServers(),
                "transactional.id",
                "two-nodes-test"),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      producer.initTransactions();
      producer.beginTransaction();
      for (ProducerRecord<byte[], byte[]> record : records) {
        var _ = producer.send(record);
      }
      producer.commitTransaction();
    }
  }

  private static EntityChange change(String type, String id, ChangeKind kind, long lsn) {
    ObjectNode row = JsonNodeFactory.instance.objectNode();
    row.put("id", id);
    row.put("municipality_id", 0);
    if (id.chars().allMatch(Character::isDigit)) {
      row.put("municipality_id", Integer.parseInt(id) % 3);
    }
    boolean deleted = kind == ChangeKind.DELETE;
    return new EntityChange(
        type,
        new EntityKey(type, id),
        kind,
        new Version(1, lsn),
        lsn,
        0,
        Instant.parse("2026-01-01T00:00:00Z"),
        deleted ? row : null,
        deleted ? null : row,
        deleted ? List.of() : List.of("id", "municipality_id"),
        null,
        false);
  }
}
