package dev.tidemark.pipeline.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tidemark.contract.DeadLetterHeaders;
import dev.tidemark.contract.Topics;
import dev.tidemark.servers.EmbeddedKafka;
import dev.tidemark.servers.ServerConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.streams.errors.StreamsException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What only a broker can show: transactions, groups, outages. */
@Timeout(120)
class RunningTopologyTest {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final EmbeddedKafka KAFKA = new EmbeddedKafka(ServerConfig.temporary());

  @TempDir Path stateDirectory;
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private BrokerRecords records;

  @BeforeAll
  static void startKafka() {
    KAFKA.start();
  }

  @AfterAll
  static void stopKafka() {
    KAFKA.close();
  }

  @BeforeEach
  void connect() {
    records = new BrokerRecords(KAFKA.bootstrapServers());
    records.create(Topics.DEAD_LETTER.name(), 1);
  }

  @AfterEach
  void disconnect() {
    records.delete();
    records.close();
  }

  @Test
  void itWorksOffWhatWasThereBeforeItStarted() throws InterruptedException {
    EchoFeature echo = new EchoFeature("works", word -> word);
    records.create(echo.input(), 2).create(echo.output(), 2);
    records.commit(echo.input(), "a", "b", "c");
    try (RunningTopology topology = start(echo, Duration.ofSeconds(1))) {
      assertThat(topology.awaitRunning(SOON)).isTrue();
      assertThat(records.await(echo.output(), 3)).containsExactlyInAnyOrder("a", "b", "c");
      assertThat(topology.health()).isEqualTo(new Health.Running());
    }
  }

  @Test
  void whatWasAbortedIsNothingToWaitFor() throws InterruptedException {
    EchoFeature echo = new EchoFeature("aborted", word -> word);
    records.create(echo.input(), 1).create(echo.output(), 1);
    try (RunningTopology topology = start(echo, Duration.ofMillis(500))) {
      assertThat(topology.awaitRunning(SOON)).isTrue();
      records.abort(echo.input(), "never");
      // The marker of the abort is written after the producer has its answer.
      await()
          .atMost(SOON)
          .untilAsserted(() -> assertThat(records.lag(echo.group(), echo.input(), 1)).isPositive());
      await()
          .during(Duration.ofSeconds(2))
          .atMost(SOON)
          .untilAsserted(() -> assertThat(topology.health()).isEqualTo(new Health.Running()));
    }
  }

  @Test
  void aRecordThatCannotBeProcessedBecomesADeadLetterInTheSameTransaction()
      throws InterruptedException {
    EchoFeature echo =
        new EchoFeature(
            "poison",
            word -> {
              if (word.startsWith("bad")) {
                throw new IllegalStateException("cannot stand '" + word + "'");
              }
              return word;
            });
    records.create(echo.input(), 1).create(echo.output(), 1);
    try (RunningTopology topology = start(echo)) {
      assertThat(topology.awaitRunning(SOON)).isTrue();
      records.commit(echo.input(), "good", "bad", "better");
      records.commitBytes(echo.input(), EchoFeature.UNREADABLE);
      records.commit(echo.input(), "best");

      assertThat(records.await(echo.output(), 3)).containsExactly("good", "better", "best");
      List<ConsumerRecord<byte[], byte[]>> letters =
          records.awaitRecords(Topics.DEAD_LETTER.name(), 2);
      assertThat(letters)
          .extracting(letter -> header(letter, DeadLetters.MESSAGE))
          .satisfiesExactlyInAnyOrder(
              message -> assertThat(message).isEqualTo("cannot stand 'bad'"),
              message -> assertThat(message).contains("unreadable"));
      assertThat(letters)
          .allSatisfy(
              letter -> {
                assertThat(header(letter, DeadLetters.TOPIC)).isEqualTo(echo.input());
                assertThat(header(letter, DeadLetters.PARTITION)).isEqualTo("0");
                assertThat(header(letter, DeadLetterHeaders.TOPIC)).isEqualTo(echo.input());
                assertThat(header(letter, DeadLetterHeaders.REASON))
                    .isEqualTo(header(letter, DeadLetters.MESSAGE));
                assertThat(header(letter, "ce_type")).isEqualTo("test");
              });
      assertThat(letters)
          .extracting(letter -> new String(letter.value(), UTF_8))
          .containsExactlyInAnyOrder("bad", new String(EchoFeature.UNREADABLE, UTF_8));
    }
  }

  @Test
  void aResultThatIsTooLargeBecomesADeadLetter() throws InterruptedException {
    EchoFeature echo =
        new EchoFeature("large", word -> word.repeat(word.equals("long") ? 100_000 : 1));
    records.create(echo.input(), 1).create(echo.output(), 1);
    try (RunningTopology topology = start(echo)) {
      assertThat(topology.awaitRunning(SOON)).isTrue();
      records.commit(echo.input(), "short", "long", "brief");
      assertThat(records.await(echo.output(), 2)).containsExactly("short", "brief");
      assertThat(records.awaitRecords(Topics.DEAD_LETTER.name(), 1))
          .extracting(letter -> header(letter, DeadLetters.MESSAGE))
          .containsExactly(
              "the result for "
                  + echo.output()
                  + " has 400000 bytes, and a record may have 100000");
    }
  }

  @Test
  void aResultThatTheBrokerRefusesIsReportedAndNotSkipped() throws InterruptedException {
    EchoFeature echo =
        new EchoFeature("refused", word -> word.equals("long") ? incompressible(50_000) : word);
    records.create(echo.input(), 1).createWithLimit(echo.output(), 1, 20_000);
    try (RunningTopology topology = start(echo)) {
      assertThat(topology.awaitRunning(SOON)).isTrue();
      records.commit(echo.input(), "short");
      assertThat(records.await(echo.output(), 1)).containsExactly("short");
      records.commit(echo.input(), "long", "brief");
      await()
          .atMost(SOON)
          .untilAsserted(() -> assertThat(topology.health()).isInstanceOf(Health.Failing.class));
      assertThat(records.count(Topics.DEAD_LETTER.name())).isZero();
    }
  }

  @Test
  void anOutageIsWaitedForAndNoRecordIsLost() throws InterruptedException {
    AtomicInteger failures = new AtomicInteger();
    EchoFeature echo =
        new EchoFeature(
            "outage",
            word -> {
              if (word.equals("b") && failures.incrementAndGet() <= 2) {
                throw new StreamsException("the disk is full");
              }
              return word;
            });
    records.create(echo.input(), 1).create(echo.output(), 1);
    try (RunningTopology topology = start(echo)) {
      assertThat(topology.awaitRunning(SOON)).isTrue();
      records.commit(echo.input(), "a", "b", "c");
      assertThat(records.await(echo.output(), 3)).containsExactly("a", "b", "c");
      assertThat(records.count(Topics.DEAD_LETTER.name())).isZero();
      assertThat(registry.get("tidemark.topology.failures").counter().count()).isEqualTo(2);
      await()
          .atMost(SOON)
          .untilAsserted(() -> assertThat(topology.health()).isEqualTo(new Health.Running()));
    }
  }

  @Test
  void aTopologyThatRunsButDoesNotMoveIsNotHealthy() throws InterruptedException {
    CountDownLatch release = new CountDownLatch(1);
    EchoFeature echo =
        new EchoFeature(
            "stuck",
            word -> {
              try {
                release.await();
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
              return word;
            });
    records.create(echo.input(), 1).create(echo.output(), 1);
    try (RunningTopology topology = start(echo, Duration.ofSeconds(1))) {
      assertThat(topology.awaitRunning(SOON)).isTrue();
      records.commit(echo.input(), "a");
      await()
          .atMost(SOON)
          .untilAsserted(
              () ->
                  assertThat(topology.health())
                      .isInstanceOfSatisfying(
                          Health.Failing.class,
                          failing -> assertThat(failing.reason()).contains("no progress")));
      release.countDown();
      await()
          .atMost(SOON)
          .untilAsserted(() -> assertThat(topology.health()).isEqualTo(new Health.Running()));
    }
  }

  @Test
  void aNodeThatClosesHandsOverAtOnce() throws InterruptedException {
    EchoFeature echo = new EchoFeature("handover", word -> word);
    records.create(echo.input(), 2).create(echo.output(), 2);
    RunningTopology first = start(echo);
    assertThat(first.awaitRunning(SOON)).isTrue();
    assertThat(records.members(echo.group())).isEqualTo(1);
    first.close();
    assertThat(records.members(echo.group())).isZero();
    assertThat(first.health()).isEqualTo(new Health.Failing("closed"));
  }

  @Test
  void missingTopicsAreNamedBeforeAnythingStarts() {
    EchoFeature echo = new EchoFeature("missing", word -> word);
    assertThatThrownBy(() -> start(echo))
        .isInstanceOf(CannotStart.class)
        .hasMessageContaining("do not exist: " + echo.input());
  }

  @Test
  void topicsWithDifferentPartitionsAreRefused() {
    EchoFeature echo = new EchoFeature("uneven", word -> word);
    records.create(echo.input(), 2);
    StreamsFeature uneven = echo.withSecondInput();
    records.create(echo.input() + "-2", 3);
    assertThatThrownBy(() -> start(uneven))
        .isInstanceOf(CannotStart.class)
        .hasMessageContaining("different numbers of partitions");
  }

  @Test
  void brokersThatDoNotAnswerAreAReasonInWords() {
    EchoFeature echo = new EchoFeature("away", word -> word);
    assertThatThrownBy(
            () ->
                RunningTopology.start(
                    echo, StreamsSettings.of("127.0.0.1:1", stateDirectory), registry))
        .isInstanceOf(CannotStart.class)
        .hasMessageContaining("the brokers do not answer");
  }

  private RunningTopology start(StreamsFeature feature) {
    return start(feature, Duration.ofSeconds(10));
  }

  private RunningTopology start(StreamsFeature feature, Duration stalledAfter) {
    StreamsSettings settings = StreamsSettings.of(KAFKA.bootstrapServers(), stateDirectory);
    return RunningTopology.start(feature, settings, registry, stalledAfter);
  }

  private static String incompressible(int length) {
    return new Random(1)
        .ints(length, ' ', 127)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
    var header = record.headers().lastHeader(name);
    return header == null ? "" : new String(header.value(), UTF_8);
  }
}
