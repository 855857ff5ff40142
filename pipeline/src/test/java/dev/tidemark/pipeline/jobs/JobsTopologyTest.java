package dev.tidemark.pipeline.jobs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.contract.Topics;
import dev.tidemark.contract.catalog.job.Backoff;
import dev.tidemark.contract.catalog.job.JobCatalog;
import dev.tidemark.contract.catalog.job.JobQueue;
import dev.tidemark.contract.catalog.job.JobType;
import dev.tidemark.contract.catalog.job.JobType.Keeping;
import dev.tidemark.contract.catalog.job.JobType.Uniqueness;
import dev.tidemark.contract.job.JobCommand;
import dev.tidemark.contract.job.JobRequest;
import dev.tidemark.contract.job.JobState;
import dev.tidemark.contract.job.JobState.Hold;
import dev.tidemark.contract.job.JobState.Status;
import dev.tidemark.contract.job.WorkOrder;
import dev.tidemark.pipeline.runtime.StreamsPolicy;
import dev.tidemark.pipeline.runtime.StreamsSettings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Properties;
import java.util.Set;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JobsTopologyTest {
  private static final Instant NOON = Instant.parse("2026-06-01T12:00:00Z");
  private static final String ID = "00ff-018f3c1e-7b1a-4c7e-9d7e-3a1f2b4c5d6e";
  private static final String OTHER = "00ff-018f3c1e-7b1a-4c7e-9d7e-3a1f2b4c5d6f";
  private static final String WORKER = "worker-1";
  private static final JobCatalog CATALOG =
      new JobCatalog(
          List.of(new JobQueue("queue", "", 1, 100, Duration.ofHours(1), Optional.empty())),
          List.of(
              new JobType(
                  "work",
                  "",
                  "queue",
                  JobType.PRIORITY,
                  Duration.ofSeconds(20),
                  Duration.ofSeconds(30),
                  3,
                  new Backoff(Duration.ofMinutes(1), 2, Duration.ofHours(1), 0),
                  Optional.empty(),
                  OptionalInt.of(1),
                  Optional.of(new Uniqueness(Optional.empty())),
                  new Keeping(Duration.ofHours(2), Duration.ofDays(7)),
                  List.of())),
          List.of());

  @TempDir Path stateDirectory;
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final JobsTopology topology = new JobsTopology(CATALOG, 1, registry);
  private TopologyTestDriver driver;
  private TestInputTopic<String, JobCommand> commands;
  private TestOutputTopic<String, JobState> jobs;
  private TestOutputTopic<String, WorkOrder> orders;

  @BeforeEach
  void start() {
    Properties properties = new Properties();
    properties.putAll(config().originals());
    // The driver forgets dead letters that a transaction has not committed when it polls.
    properties.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.AT_LEAST_ONCE);
    driver = new TopologyTestDriver(topology.topology(config()), properties, NOON);
    commands =
        driver.createInputTopic(
            Topics.JOB_COMMAND.name(),
            Topics.JOB_COMMAND.keySerde().serializer(),
            Topics.JOB_COMMAND.valueSerde().serializer(),
            NOON,
            Duration.ZERO);
    jobs =
        driver.createOutputTopic(
            Topics.JOB.name(),
            Topics.JOB.keySerde().deserializer(),
            Topics.JOB.valueSerde().deserializer());
    orders =
        driver.createOutputTopic(
            Topics.JOB_WORK.name(),
            Topics.JOB_WORK.keySerde().deserializer(),
            Topics.JOB_WORK.valueSerde().deserializer());
  }

  @AfterEach
  void stop() {
    driver.close();
  }

  private StreamsConfig config() {
    return StreamsPolicy.config(topology, StreamsSettings.of("127.0.0.1:1", stateDirectory));
  }

  @Test
  void aJobIsGivenToAWorkerAndEnds() {
    hire();
    submit(ID, NOON, Optional.empty());
    assertThat(orders.readKeyValuesToList())
        .containsExactly(
            KeyValue.pair(
                WORKER,
                new WorkOrder.Begin(
                    ID,
                    1,
                    WORKER,
                    "work",
                    "{\"a\":1}",
                    NOON.plusSeconds(20),
                    NOON.plusSeconds(30),
                    Optional.empty())));
    tell(new JobCommand.Progressed(ID, 1, WORKER, 50, "half"));
    tell(new JobCommand.Succeeded(ID, 1, WORKER, Optional.of("{\"rows\":3}")));
    List<JobState> told = jobs.readValuesToList();
    assertThat(told)
        .extracting(JobState::status)
        .as("that it was ready is over before anybody could know")
        .containsExactly(Status.RUNNING, Status.RUNNING, Status.COMPLETED);
    assertThat(told.get(1).progress()).contains(new JobState.Progress(50, "half"));
    assertThat(told.getLast().result()).contains("{\"rows\":3}");
    assertThat(registry.get("tidemark.jobs.wait").timer().count()).isEqualTo(1);
  }

  @Test
  void aJobOfLaterIsGivenThen() {
    hire();
    submit(ID, NOON.plusSeconds(3), Optional.empty());
    driver.advanceWallClockTime(Duration.ofMillis(2_999));
    assertThat(orders.isEmpty()).isTrue();
    driver.advanceWallClockTime(JobsProcessor.TICK);
    assertThat(orders.readValuesToList()).hasSize(1);
  }

  @Test
  void whyAJobDoesNotRunIsTold() {
    hire();
    submit(ID, NOON, Optional.of("shop"));
    submit(OTHER, NOON, Optional.of("shop"));
    assertThat(jobs.readValuesToList())
        .filteredOn(job -> job.id().equals(OTHER))
        .extracting(JobState::hold)
        .containsExactly(Optional.of(Hold.KEY));
    tell(new JobCommand.Succeeded(ID, 1, WORKER, Optional.empty()));
    assertThat(orders.readValuesToList()).extracting(WorkOrder::id).containsExactly(ID, OTHER);
  }

  @Test
  void theSameIsRefusedAndThatIsForgotten() {
    unique(ID);
    unique(OTHER);
    JobState refused = jobs.readValuesToList().getLast();
    assertThat(refused.status()).isEqualTo(Status.REFUSED);
    assertThat(refused.sameAs()).contains(ID);
    tell(new JobCommand.Cancel(ID));
    jobs.readValuesToList();
    driver.advanceWallClockTime(Duration.ofHours(1).plusSeconds(1));
    assertThat(jobs.readKeyValuesToList()).containsExactly(KeyValue.pair(OTHER, null));
  }

  @Test
  void whatHasEndedIsForgottenInTime() {
    submit(ID, NOON, Optional.empty());
    tell(new JobCommand.Cancel(ID));
    jobs.readValuesToList();
    driver.advanceWallClockTime(Duration.ofHours(2).plusMillis(20));
    assertThat(jobs.readKeyValuesToList()).containsExactly(KeyValue.pair(ID, null));
    try (var left = driver.getKeyValueStore(JobsTopology.STORE).all()) {
      assertThat(left).toIterable().as("but the number that its index has to fit").hasSize(1);
    }
  }

  @Test
  void whatNothingCanBeMadeOfBecomesADeadLetterAndStopsNothing() {
    driver
        .createInputTopic(
            Topics.JOB_COMMAND.name(), new ByteArraySerializer(), new ByteArraySerializer())
        .pipeInput("x".getBytes(UTF_8), "{\"kind\":\"explode\"}".getBytes(UTF_8));
    TestOutputTopic<byte[], byte[]> letters =
        driver.createOutputTopic(
            Topics.DEAD_LETTER.name(), new ByteArrayDeserializer(), new ByteArrayDeserializer());
    assertThat(letters.readValuesToList()).hasSize(1);
    tell(new JobCommand.Submit(ID, request("fly", Optional.empty(), Optional.empty()), NOON));
    assertThat(letters.readValuesToList()).as("of no type").hasSize(1);
    hire();
    submit(ID, NOON, Optional.empty());
    assertThat(orders.readValuesToList()).hasSize(1);
  }

  @Test
  void theTopologyDidNotChangeByAccident() throws IOException {
    String described = topology.topology(config()).describe().toString();
    try (InputStream file = JobsTopologyTest.class.getResourceAsStream("/jobs/topology.txt")) {
      assertThat(file).as("the checked-in description").isNotNull();
      assertThat(described.strip()).isEqualTo(new String(file.readAllBytes(), UTF_8).strip());
    }
  }

  private void hire() {
    tell(new JobCommand.Alive(WORKER, Set.of("work"), 8, Map.of(), JobCommand.Alive.LEASE));
  }

  private static JobRequest request(String type, Optional<String> key, Optional<String> uniqueKey) {
    return new JobRequest(type, "queue", 5, key, uniqueKey, "{\"a\":1}", "me", NOON);
  }

  private void submit(String id, Instant due, Optional<String> key) {
    tell(new JobCommand.Submit(id, request("work", key, Optional.empty()), due));
  }

  private void unique(String id) {
    tell(
        new JobCommand.Submit(id, request("work", Optional.empty(), Optional.of("the one")), NOON));
  }

  private void tell(JobCommand command) {
    commands.pipeInput(command.key(), command);
  }
}
