package dev.tidemark.pipeline.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.contract.Provisioning;
import dev.tidemark.contract.TopicProvisioner;
import dev.tidemark.contract.Topics;
import dev.tidemark.contract.catalog.Catalog;
import dev.tidemark.contract.catalog.job.Backoff;
import dev.tidemark.contract.catalog.job.JobCatalog;
import dev.tidemark.contract.catalog.job.JobQueue;
import dev.tidemark.contract.catalog.job.JobSchedule;
import dev.tidemark.contract.catalog.job.JobSchedule.Missed;
import dev.tidemark.contract.catalog.job.JobType;
import dev.tidemark.contract.catalog.job.JobType.Keeping;
import dev.tidemark.contract.job.JobCommand;
import dev.tidemark.contract.job.JobCommand.Backfill;
import dev.tidemark.contract.job.JobCommand.PutSchedule;
import dev.tidemark.contract.job.JobCommand.Trigger;
import dev.tidemark.contract.job.JobState;
import dev.tidemark.contract.job.Place;
import dev.tidemark.contract.schedule.Cron;
import dev.tidemark.pipeline.runtime.RunningTopology;
import dev.tidemark.pipeline.runtime.StreamsSettings;
import dev.tidemark.servers.EmbeddedKafka;
import dev.tidemark.servers.ServerConfig;
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
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What only a broker can show: jobs of a schedule come to the partitions in which they live. */
@Timeout(120)
class SchedulesOnABrokerTest {
  private static final int PARTITIONS = 4;
  private static final Instant UNTIL = Instant.parse("2026-06-01T12:00:00Z");
  private static final JobType TYPE =
      new JobType(
          "work",
          "",
          "queue",
          JobType.PRIORITY,
          Duration.ofMinutes(1),
          Duration.ofMinutes(2),
          3,
          Backoff.DEFAULT,
          Optional.empty(),
          OptionalInt.empty(),
          Optional.empty(),
          Keeping.DEFAULT,
          List.of());
  private static final JobCatalog CATALOG =
      new JobCatalog(
          List.of(new JobQueue("queue", "", 1, 100, Duration.ofHours(1), Optional.empty())),
          List.of(TYPE),
          List.of());
  private static final JobSchedule SCHEDULE =
      new JobSchedule(
          "hourly", "work", Cron.parse("@hourly"), ZoneOffset.UTC, Missed.SKIP, Map.of());

  @TempDir Path state;
  private final Set<String> made = new TreeSet<>();

  @Test
  void aJobIsMadeOnceInThePartitionInWhichItLives() throws Exception {
    try (EmbeddedKafka kafka = new EmbeddedKafka(ServerConfig.temporary())) {
      kafka.start();
      assertThat(
              TopicProvisioner.provision(
                  kafka.bootstrapServers(),
                  Topics.of(new Catalog(List.of(), List.of(), CATALOG)),
                  PARTITIONS,
                  1))
          .isInstanceOf(Provisioning.class);
      Set<String> expected = new TreeSet<>();
      for (int i = 0; i < 40; i++) {
        expected.add(Place.idOf(CATALOG, TYPE, "hourly", UNTIL.minus(Duration.ofHours(i))));
      }
      assertThat(
              expected.stream()
                  .map(id -> Place.ofId(id).orElseThrow().partition(PARTITIONS))
                  .collect(Collectors.toSet()))
          .hasSize(PARTITIONS);
      Backfill backfill = new Backfill("hourly", UNTIL.minus(Duration.ofHours(40)), UNTIL, "me");
      try (KafkaConsumer<String, JobState> told = told(kafka)) {
        try (RunningTopology first = topology(kafka)) {
          tell(kafka, new PutSchedule(SCHEDULE, "me"), backfill);
          await(told, first, expected);
        }
        UUID random = new UUID(1, 2);
        String last =
            Place.of(CATALOG, TYPE, Optional.empty(), Optional.empty(), random).id(random);
        expected.add(last);
        try (RunningTopology second = topology(kafka)) {
          tell(kafka, backfill, new Trigger("hourly", last, "me"));
          await(told, second, expected);
        }
      }
    }
  }

  private RunningTopology topology(EmbeddedKafka kafka) throws InterruptedException {
    RunningTopology topology =
        RunningTopology.start(
            new JobsTopology(CATALOG, PARTITIONS, new SimpleMeterRegistry()),
            StreamsSettings.of(kafka.bootstrapServers(), state),
            new SimpleMeterRegistry());
    assertThat(topology.awaitRunning(Duration.ofSeconds(60))).isTrue();
    return topology;
  }

  private static void tell(EmbeddedKafka kafka, JobCommand.OfSchedule... commands)
      throws Exception {
    try (KafkaProducer<String, byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", kafka.bootstrapServers()),
            new StringSerializer(),
            new ByteArraySerializer())) {
      for (JobCommand.OfSchedule command : commands) {
        producer
            .send(
                new ProducerRecord<>(
                    Topics.JOB_COMMAND.name(),
                    Place.ofSchedule(command.name()).partition(PARTITIONS),
                    command.key(),
                    Topics.JOB_COMMAND.valueSerde().serializer().serialize("", command)))
            .get(20, TimeUnit.SECONDS);
      }
    }
  }

  private static KafkaConsumer<String, JobState> told(EmbeddedKafka kafka) {
    KafkaConsumer<String, JobState> consumer =
        new KafkaConsumer<>(
            Map.of(
                "bootstrap.servers", kafka.bootstrapServers(), "isolation.level", "read_committed"),
            Topics.JOB.keySerde().deserializer(),
            Topics.JOB.valueSerde().deserializer());
    List<TopicPartition> all = new ArrayList<>();
    for (int i = 0; i < PARTITIONS; i++) {
      all.add(new TopicPartition(Topics.JOB.name(), i));
    }
    consumer.assign(all);
    consumer.seekToBeginning(all);
    return consumer;
  }

  /** A job is told once, since nobody works on any. */
  private void await(
      KafkaConsumer<String, JobState> told, RunningTopology topology, Set<String> expected) {
    long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (!made.equals(expected)) {
      assertThat(System.nanoTime())
          .as("made by %s: %s", topology.name(), made)
          .isLessThan(deadline);
      told.poll(Duration.ofMillis(100))
          .forEach(record -> assertThat(made.add(record.key())).as(record.key()).isTrue());
    }
  }
}
