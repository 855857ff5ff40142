package dev.tidemark.pipeline.scopelog;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.tidemark.contract.ScopedChange;
import dev.tidemark.contract.ScopedChange.Kind;
import dev.tidemark.contract.Topics;
import dev.tidemark.contract.Version;
import dev.tidemark.pipeline.runtime.Health;
import dev.tidemark.pipeline.scopelog.core.Entry;
import dev.tidemark.pipeline.scopelog.core.LogView;
import dev.tidemark.pipeline.scopelog.core.Position;
import dev.tidemark.servers.EmbeddedKafka;
import dev.tidemark.servers.ServerConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The log of a node beside a real broker. */
@Timeout(120)
class ScopeLogTest {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
  private static final EmbeddedKafka KAFKA = new EmbeddedKafka(ServerConfig.temporary());

  @TempDir Path directory;
  private final Queue<ScopeLog.Change> told = new ConcurrentLinkedQueue<>();
  private final Queue<Position> ends = new ConcurrentLinkedQueue<>();
  private final Queue<String> unreadable = new ConcurrentLinkedQueue<>();
  private Admin admin;
  private KafkaProducer<byte[], byte[]> producer;
  private Instant now = NOW;

  @BeforeAll
  static void startKafka() {
    KAFKA.start();
  }

  @AfterAll
  static void stopKafka() {
    KAFKA.close();
  }

  @BeforeEach
  void connect() throws Exception {
    admin = Admin.create(Map.of("bootstrap.servers", KAFKA.bootstrapServers()));
    createTopic();
    producer =
        new KafkaProducer<>(
            Map.of(
                "bootstrap.servers",
                KAFKA.bootstrapServers(),
                "transactional.id",
                UUID.randomUUID().toString()),
            new ByteArraySerializer(),
            new ByteArraySerializer());
    producer.initTransactions();
  }

  @AfterEach
  void disconnect() throws Exception {
    producer.close();
    deleteTopic();
    admin.close();
  }

  @Test
  void whatIsCommittedIsInTheLogAndTold() throws InterruptedException {
    commit(put("town/1", "1", 10), put("town/2", "2", 11));
    try (ScopeLog log = start()) {
      await().atMost(SOON).until(log::isCaughtUp);
      assertThat(rows(log, "town/1")).containsExactly("1 put");
      commit(put("town/1", "3", 12), remove("town/1", "1", 13));
      assertThat(log.awaitPresent(SOON)).isTrue();
      assertThat(rows(log, "town/1")).containsExactly("3 put", "1 remove");
      assertThat(rows(log, "town/2")).containsExactly("2 put");
      await().atMost(SOON).untilAsserted(() -> assertThat(told).hasSize(4));
      assertThat(told)
          .extracting(change -> change.scope() + " " + change.entry().id())
          .containsExactly("town/1 1", "town/2 2", "town/1 3", "town/1 1");
      assertThat(log.health()).isEqualTo(new Health.Running());
    }
  }

  @Test
  void whatIsAbortedIsNot() throws InterruptedException {
    try (ScopeLog log = start()) {
      send(put("town/1", "1", 10));
      producer.abortTransaction();
      commit(put("town/1", "2", 11));
      assertThat(log.awaitPresent(SOON)).isTrue();
      assertThat(rows(log, "town/1")).containsExactly("2 put");
    }
  }

  @Test
  void itWaitsForWhatIsOnItsWay() throws InterruptedException {
    try (ScopeLog log = start()) {
      commit(put("town/1", "1", 10));
      send(put("town/1", "2", 11));
      producer.flush();
      // Somebody may have seen that transaction already, on a partition where its marker is.
      assertThat(log.awaitPresent(Duration.ofMillis(100))).isFalse();
      producer.commitTransaction();
      assertThat(log.awaitPresent(SOON)).isTrue();
      assertThat(rows(log, "town/1")).containsExactly("1 put", "2 put");
    }
  }

  @Test
  void aRestartGoesOnWhereItWas() throws InterruptedException {
    commit(put("town/1", "1", 10));
    try (ScopeLog log = start()) {
      assertThat(log.awaitPresent(SOON)).isTrue();
    }
    told.clear();
    commit(put("town/1", "2", 11));
    try (ScopeLog log = start()) {
      assertThat(log.awaitPresent(SOON)).isTrue();
      assertThat(rows(log, "town/1")).containsExactly("1 put", "2 put");
      await().atMost(SOON).untilAsserted(() -> assertThat(told).hasSize(1));
    }
  }

  @Test
  void aTopicThatWasMadeAnewMakesTheLogAnew() throws Exception {
    commit(put("town/1", "1", 10));
    String before;
    try (ScopeLog log = start()) {
      assertThat(log.awaitPresent(SOON)).isTrue();
      before = log.topic();
    }
    deleteTopic();
    createTopic();
    commit(put("town/1", "2", 11));
    try (ScopeLog log = start()) {
      assertThat(log.awaitPresent(SOON)).isTrue();
      assertThat(rows(log, "town/1")).containsExactly("2 put");
      assertThat(log.topic()).isNotEqualTo(before);
    }
  }

  @Test
  void anUnreadableRecordIsPutAsideAndStopsNothing() throws InterruptedException {
    try (ScopeLog log = start()) {
      producer.beginTransaction();
      enqueue(record("a key", "no scoped change"));
      producer.commitTransaction();
      producer.beginTransaction();
      enqueue(new ProducerRecord<>(Topics.SCOPED_CHANGE.name(), "a key".getBytes(UTF_8), null));
      producer.commitTransaction();
      commit(put("town/1", "1", 10));
      assertThat(log.awaitPresent(SOON)).isTrue();
      assertThat(rows(log, "town/1")).containsExactly("1 put");
      assertThat(unreadable).singleElement().asString().startsWith("not a scoped change");
    }
  }

  @Test
  void whoListensIsToldOfWhatComesWithAnUnreadableRecord() throws InterruptedException {
    try (ScopeLog log = start()) {
      send(put("town/1", "1", 10));
      enqueue(record("a key", "no scoped change"));
      enqueueAll(put("town/1", "2", 11));
      producer.commitTransaction();
      assertThat(log.awaitPresent(SOON)).isTrue();
      await().atMost(SOON).untilAsserted(() -> assertThat(told).hasSize(2));
    }
  }

  @Test
  void whatIsWholeIsShownWhileMoreComes() throws InterruptedException {
    commit(puts(1_500, "first-"));
    commit(puts(1_500, "second-"));
    try (ScopeLog log = start()) {
      assertThat(log.awaitPresent(SOON)).isTrue();
      assertThat(ends).containsExactly(Position.of(1_500), Position.of(3_001));
      assertThat(rows(log, "town/1")).hasSize(3_000);
    }
  }

  /** What is held is in memory. */
  @Test
  void ofTooMuchAPartIsShown() throws InterruptedException {
    ScopedChange[] transaction = puts(80, "x".repeat(250_000));
    try (ScopeLog log = start()) {
      commit(transaction);
      assertThat(log.awaitPresent(SOON)).isTrue();
      assertThat(ends).hasSize(2).last().isEqualTo(Position.of(80));
      assertThat(ends.peek()).isBetween(Position.of(50), Position.of(79));
    }
  }

  /** More than one poll brings. */
  @Test
  void nobodySeesAPartOfATransaction() throws InterruptedException {
    ScopedChange[] transaction = puts(3_000, "row-");
    try (ScopeLog log = start()) {
      commit(put("town/1", "first", 9));
      await().atMost(SOON).until(() -> rows(log, "town/1").size() == 1);
      commit(transaction);
      Set<Integer> seen = new TreeSet<>();
      await()
          .pollDelay(Duration.ZERO)
          .pollInterval(Duration.ofMillis(1))
          .atMost(SOON)
          .until(
              () -> {
                seen.add(rows(log, "town/1").size());
                return seen.contains(3_001);
              });
      assertThat(seen).isSubsetOf(1, 3_001);
    }
  }

  @Test
  void removalsBeyondTheHorizonAreForgotten() throws InterruptedException {
    try (ScopeLog log = start()) {
      commit(put("town/1", "1", 10), remove("town/1", "1", 11), put("town/1", "2", 12));
      assertThat(log.awaitPresent(SOON)).isTrue();
      assertThat(rows(log, "town/1")).containsExactly("1 remove", "2 put");
      now = NOW.plus(Duration.ofDays(91));
      await()
          .atMost(SOON)
          .untilAsserted(() -> assertThat(rows(log, "town/1")).containsExactly("2 put"));
      try (LogView view = log.view()) {
        assertThat(view.horizon()).isGreaterThan(Position.START);
      }
    }
  }

  private ScopeLog start() {
    ScopeLog.Listener listener =
        new ScopeLog.Listener() {
          @Override
          public void told(List<ScopeLog.Change> changes, Position end) {
            told.addAll(changes);
            ends.add(end);
          }

          @Override
          public void unreadable(ConsumerRecord<byte[], byte[]> record, String why) {
            unreadable.add(why);
          }
        };
    InstantSource clock = () -> now;
    return ScopeLog.start(
        ScopeLogSettings.of(KAFKA.bootstrapServers(), directory),
        admin,
        new SimpleMeterRegistry(),
        listener,
        clock);
  }

  private static List<String> rows(ScopeLog log, String scope) {
    List<String> rows = new ArrayList<>();
    try (LogView view = log.view();
        LogView.Entries entries = view.entries(scope, Position.START)) {
      while (entries.hasNext()) {
        Entry entry = entries.next();
        rows.add(entry.id() + (entry.put() ? " put" : " remove"));
      }
    }
    return rows;
  }

  private static ScopedChange put(String scope, String id, long lsn) {
    return new ScopedChange(
        scope,
        List.of(scope),
        "ticket",
        id,
        Kind.PUT,
        new Version(1, lsn),
        700 + lsn,
        NOW,
        null,
        JsonNodeFactory.instance.objectNode().put("id", id));
  }

  private static ScopedChange[] puts(int count, String ids) {
    return IntStream.range(0, count)
        .mapToObj(i -> put("town/1", ids + i, 10))
        .toArray(ScopedChange[]::new);
  }

  private static ScopedChange remove(String scope, String id, long lsn) {
    return new ScopedChange(
        scope,
        List.of(),
        "ticket",
        id,
        Kind.REMOVE,
        new Version(1, lsn),
        700 + lsn,
        NOW,
        null,
        null);
  }

  private void commit(ScopedChange... changes) {
    send(changes);
    producer.commitTransaction();
  }

  private void send(ScopedChange... changes) {
    producer.beginTransaction();
    enqueueAll(changes);
  }

  private void enqueueAll(ScopedChange... changes) {
    for (ScopedChange change : changes) {
      enqueue(
          record(
              change.key(),
              new String(
                  Topics.SCOPED_CHANGE
                      .valueSerde()
                      .serializer()
                      .serialize(Topics.SCOPED_CHANGE.name(), change),
                  UTF_8)));
    }
  }

  // A send that fails makes the commit fail, so its future says nothing new.
  @SuppressWarnings("FutureReturnValueIgnored")
  private void enqueue(ProducerRecord<byte[], byte[]> record) {
    producer.send(record);
  }

  private static ProducerRecord<byte[], byte[]> record(String key, String value) {
    return new ProducerRecord<>(
        Topics.SCOPED_CHANGE.name(), key.getBytes(UTF_8), value.getBytes(UTF_8));
  }

  private void createTopic() throws Exception {
    await()
        .atMost(SOON)
        .ignoreExceptionsInstanceOf(ExecutionException.class)
        .until(
            () -> {
              admin
                  .createTopics(
                      List.of(
                          new NewTopic(
                              Topics.SCOPED_CHANGE.name(), Optional.of(1), Optional.empty())))
                  .all()
                  .get();
              return true;
            });
    await()
        .atMost(SOON)
        .ignoreExceptionsInstanceOf(ExecutionException.class)
        .until(
            () ->
                !admin
                    .describeTopics(List.of(Topics.SCOPED_CHANGE.name()))
                    .allTopicNames()
                    .get()
                    .isEmpty());
  }

  private void deleteTopic() throws Exception {
    admin.deleteTopics(List.of(Topics.SCOPED_CHANGE.name())).all().get();
  }
}
