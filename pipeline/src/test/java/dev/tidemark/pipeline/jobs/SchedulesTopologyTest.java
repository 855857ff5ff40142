package dev.tidemark.pipeline.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.tidemark.contract.Topics;
import dev.tidemark.contract.catalog.job.Backoff;
import dev.tidemark.contract.catalog.job.JobCatalog;
import dev.tidemark.contract.catalog.job.JobQueue;
import dev.tidemark.contract.catalog.job.JobSchedule;
import dev.tidemark.contract.catalog.job.JobSchedule.Missed;
import dev.tidemark.contract.catalog.job.JobType;
import dev.tidemark.contract.catalog.job.JobType.Keeping;
import dev.tidemark.contract.job.JobCommand;
import dev.tidemark.contract.job.JobCommand.DropSchedule;
import dev.tidemark.contract.job.JobCommand.PutSchedule;
import dev.tidemark.contract.job.JobRequest;
import dev.tidemark.contract.job.JobState;
import dev.tidemark.contract.job.JobState.Status;
import dev.tidemark.contract.job.Place;
import dev.tidemark.contract.job.ScheduleState;
import dev.tidemark.contract.job.WorkOrder;
import dev.tidemark.contract.schedule.Cron;
import dev.tidemark.pipeline.runtime.StreamsPolicy;
import dev.tidemark.pipeline.runtime.StreamsSettings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Properties;
import java.util.Set;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Schedules through the topology. The driver gives it what it submits, as a broker does. */
class SchedulesTopologyTest {
  private static final Instant NOON = Instant.parse("2026-06-01T12:00:00Z");
  private static final Instant DUE = NOON.plusSeconds(300);
  private static final JobType TYPE =
      new JobType(
          "work",
          "",
          "queue",
          JobType.PRIORITY,
          Duration.ofSeconds(20),
          Duration.ofSeconds(30),
          3,
          Backoff.DEFAULT,
          Optional.empty(),
          OptionalInt.empty(),
          Optional.empty(),
          Keeping.DEFAULT,
          List.of());
  private static final JobSchedule SCHEDULE = schedule("nightly");
  private static final JobCatalog CATALOG =
      new JobCatalog(
          List.of(new JobQueue("queue", "", 1, 100, Duration.ofHours(1), Optional.empty())),
          List.of(TYPE),
          List.of(SCHEDULE));
  private static final String ID = Place.idOf(CATALOG, TYPE, "nightly", DUE);

  @TempDir Path stateDirectory;
  private TopologyTestDriver driver;

  private static JobSchedule schedule(String name) {
    return new JobSchedule(
        name, "work", Cron.parse("5 * * * *"), ZoneOffset.UTC, Missed.SKIP, Map.of("a", 1));
  }

  @BeforeEach
  void start() {
    start(1, NOON);
  }

  private void start(int partitions, Instant now) {
    JobsTopology topology = new JobsTopology(CATALOG, partitions, new SimpleMeterRegistry());
    StreamsConfig config =
        StreamsPolicy.config(topology, StreamsSettings.of("127.0.0.1:1", stateDirectory));
    Properties properties = new Properties();
    properties.putAll(config.originals());
    properties.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.AT_LEAST_ONCE);
    driver = new TopologyTestDriver(topology.topology(config), properties, now);
  }

  /** Another process goes on with what was stored. */
  private void startAgain(Instant now) {
    List<KeyValue<Bytes, byte[]>> stored = new ArrayList<>();
    try (var all = driver.<Bytes, byte[]>getKeyValueStore(JobsTopology.STORE).all()) {
      all.forEachRemaining(stored::add);
    }
    driver.close();
    start(1, now);
    stored.forEach(
        one -> driver.<Bytes, byte[]>getKeyValueStore(JobsTopology.STORE).put(one.key, one.value));
  }

  @AfterEach
  void stop() {
    driver.close();
  }

  @Test
  void aScheduleOfTheCatalogIsToldAndAJobOfItIsGivenToAWorker() {
    tick();
    assertThat(schedules().readKeyValuesToList())
        .extracting(told -> told.key, told -> told.value.next())
        .containsExactly(tuple("nightly", Optional.of(DUE)));
    driver.advanceWallClockTime(Duration.ofMinutes(5).minus(JobsProcessor.TICK.multipliedBy(2)));
    tell(new JobCommand.Alive("worker-1", Set.of("work"), 8, Map.of(), JobCommand.Alive.LEASE));
    assertThat(submitted()).isEmpty();
    tick();
    assertThat(submitted())
        .containsExactly(
            KeyValue.pair(
                ID,
                new JobCommand.Submit(
                    ID,
                    new JobRequest(
                        "work",
                        "queue",
                        JobType.PRIORITY,
                        Optional.empty(),
                        Optional.empty(),
                        "{\"a\":1}",
                        "schedule/nightly",
                        DUE),
                    DUE)));
    assertThat(orders().readValuesToList()).extracting(WorkOrder::id).containsExactly(ID);
    assertThat(jobs().readValuesToList())
        .extracting(JobState::status)
        .containsExactly(Status.RUNNING);
    assertThat(schedules().readValuesToList())
        .extracting(ScheduleState::last)
        .containsExactly(Optional.of(DUE));
  }

  @Test
  void whoGoesOnMakesNoneTwiceAndLosesNone() {
    tick();
    startAgain(DUE.plusSeconds(1));
    tick();
    assertThat(submitted()).extracting(one -> one.key).as("due between").containsExactly(ID);
    startAgain(DUE.plusSeconds(2));
    tick();
    driver.advanceWallClockTime(Duration.ofMinutes(50));
    assertThat(submitted()).isEmpty();
    assertThat(schedules().isEmpty()).as("nothing is told again").isTrue();
    driver.advanceWallClockTime(Duration.ofMinutes(10));
    assertThat(submitted())
        .extracting(one -> one.key)
        .containsExactly(Place.idOf(CATALOG, TYPE, "nightly", DUE.plus(Duration.ofHours(1))));
  }

  @Test
  void whatSomebodyDropsIsATombstone() {
    tell(new PutSchedule(schedule("made"), "me"));
    tell(new DropSchedule("made", "me"));
    assertThat(schedules().readKeyValuesToList().getLast())
        .isEqualTo(KeyValue.<String, ScheduleState>pair("made", null));
  }

  @Test
  void whatComesToAnotherPartitionIsADeadLetter() {
    driver.close();
    // The driver's is partition 0.
    start(Place.ofSchedule("nightly").number() + 1, NOON);
    tick();
    assertThat(schedules().isEmpty()).isTrue();
    tell(new DropSchedule("nightly", "me"));
    assertThat(
            driver
                .createOutputTopic(
                    Topics.DEAD_LETTER.name(),
                    new ByteArrayDeserializer(),
                    new ByteArrayDeserializer())
                .readValuesToList())
        .hasSize(1);
  }

  private void tick() {
    driver.advanceWallClockTime(JobsProcessor.TICK);
  }

  private void tell(JobCommand command) {
    driver
        .createInputTopic(
            Topics.JOB_COMMAND.name(),
            Topics.JOB_COMMAND.keySerde().serializer(),
            Topics.JOB_COMMAND.valueSerde().serializer(),
            NOON,
            Duration.ZERO)
        .pipeInput(command.key(), command);
  }

  private List<KeyValue<String, JobCommand>> submitted() {
    return driver
        .createOutputTopic(
            Topics.JOB_COMMAND.name(),
            Topics.JOB_COMMAND.keySerde().deserializer(),
            Topics.JOB_COMMAND.valueSerde().deserializer())
        .readKeyValuesToList();
  }

  private TestOutputTopic<String, ScheduleState> schedules() {
    return driver.createOutputTopic(
        Topics.JOB_SCHEDULE.name(),
        Topics.JOB_SCHEDULE.keySerde().deserializer(),
        Topics.JOB_SCHEDULE.valueSerde().deserializer());
  }

  private TestOutputTopic<String, JobState> jobs() {
    return driver.createOutputTopic(
        Topics.JOB.name(),
        Topics.JOB.keySerde().deserializer(),
        Topics.JOB.valueSerde().deserializer());
  }

  private TestOutputTopic<String, WorkOrder> orders() {
    return driver.createOutputTopic(
        Topics.JOB_WORK.name(),
        Topics.JOB_WORK.keySerde().deserializer(),
        Topics.JOB_WORK.valueSerde().deserializer());
  }
}
