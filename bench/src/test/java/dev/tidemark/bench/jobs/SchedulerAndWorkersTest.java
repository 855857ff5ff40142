package dev.tidemark.bench.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.connectors.jobs.JobContext;
import dev.tidemark.connectors.jobs.JobHandler;
import dev.tidemark.connectors.jobs.Worker;
import dev.tidemark.connectors.jobs.WorkerSettings;
import dev.tidemark.contract.Provisioning;
import dev.tidemark.contract.TopicProvisioner;
import dev.tidemark.contract.Topics;
import dev.tidemark.contract.catalog.Catalog;
import dev.tidemark.contract.catalog.job.Backoff;
import dev.tidemark.contract.catalog.job.JobCatalog;
import dev.tidemark.contract.catalog.job.JobQueue;
import dev.tidemark.contract.catalog.job.JobType;
import dev.tidemark.contract.catalog.job.JobType.Keeping;
import dev.tidemark.contract.job.JobCommand;
import dev.tidemark.contract.job.JobRequest;
import dev.tidemark.contract.job.JobState;
import dev.tidemark.contract.job.JobState.Status;
import dev.tidemark.contract.job.Place;
import dev.tidemark.pipeline.jobs.JobsTopology;
import dev.tidemark.pipeline.runtime.RunningTopology;
import dev.tidemark.pipeline.runtime.StreamsSettings;
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
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The topology of jobs and real workers, on a real broker. */
@Timeout(240)
class SchedulerAndWorkersTest {
  private static final int PARTITIONS = 4;
  private static final int JOBS = 2_000;
  private static final EmbeddedKafka KAFKA = new EmbeddedKafka(ServerConfig.temporary());
  private static final JobQueue QUEUE =
      new JobQueue("queue", "", 1, 1_000, Duration.ofHours(1), Optional.empty());
  private static final JobType TYPE =
      new JobType(
          "count",
          "",
          "queue",
          JobType.PRIORITY,
          Duration.ofMinutes(1),
          Duration.ofMinutes(2),
          3,
          new Backoff(Duration.ofMillis(10), 2, Duration.ofSeconds(1), 0),
          Optional.empty(),
          OptionalInt.empty(),
          Optional.empty(),
          new Keeping(Duration.ofHours(2), Duration.ofDays(7)),
          List.of());
  private static final JobCatalog CATALOG =
      new JobCatalog(List.of(QUEUE), List.of(TYPE), List.of());

  @TempDir Path state;
  private final Map<String, Integer> runs = new ConcurrentHashMap<>();
  private final Map<String, List<Status>> lives = new ConcurrentHashMap<>();

  /** Fails each tenth job once. */
  private final class Counting implements JobHandler<Integer, Integer> {
    @Override
    public String type() {
      return "count";
    }

    @Override
    public Class<Integer> input() {
      return Integer.class;
    }

    @Override
    public Integer run(Integer input, JobContext context) {
      runs.merge(context.id(), 1, Integer::sum);
      if (input % 10 == 0 && context.attempt() == 1) {
        throw new IllegalStateException("not the first time");
      }
      return input + 1;
    }
  }

  @BeforeAll
  static void startKafka() {
    KAFKA.start();
    Catalog catalog = new Catalog(List.of(), List.of(), CATALOG);
    assertThat(
            TopicProvisioner.provision(KAFKA.bootstrapServers(), Topics.of(catalog), PARTITIONS, 1))
        .isInstanceOf(Provisioning.class);
  }

  @AfterAll
  static void stopKafka() {
    KAFKA.close();
  }

  @Test
  void everyJobEndsOnceAlsoWhenTheSchedulerStartsAgainAndAWorkerGoes() throws Exception {
    try (KafkaConsumer<String, JobState> told = told();
        Worker staying = worker()) {
      Set<String> ids;
      try (Worker going = worker();
          RunningTopology first = topology()) {
        ids = submit();
        awaitEnded(told, JOBS / 4);
        assertThat(going.complaint()).as(first.name()).isEmpty();
      }
      try (RunningTopology second = topology()) {
        awaitEnded(told, JOBS);
        assertThat(staying.complaint()).as(second.name()).isEmpty();
      }
      assertThat(lives.keySet()).isEqualTo(ids);
      assertThat(lives.values())
          .allSatisfy(
              life -> {
                assertThat(life).endsWith(Status.COMPLETED);
                assertThat(life.stream().filter(Status.COMPLETED::equals)).hasSize(1);
              });
      assertThat(runs.keySet()).isEqualTo(ids);
    }
  }

  private RunningTopology topology() throws InterruptedException {
    RunningTopology topology =
        RunningTopology.start(
            new JobsTopology(CATALOG, PARTITIONS, new SimpleMeterRegistry()),
            StreamsSettings.of(KAFKA.bootstrapServers(), state),
            new SimpleMeterRegistry());
    assertThat(topology.awaitRunning(Duration.ofSeconds(60))).isTrue();
    return topology;
  }

  private Worker worker() {
    return Worker.start(
        new WorkerSettings(KAFKA.bootstrapServers(), CATALOG, "here", 32, Duration.ofSeconds(1)),
        List.of(new Counting()),
        new SimpleMeterRegistry(),
        InstantSource.system());
  }

  private static Set<String> submit() throws Exception {
    Set<String> ids = new TreeSet<>();
    try (KafkaProducer<String, byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", KAFKA.bootstrapServers(), "linger.ms", 5),
            new StringSerializer(),
            new ByteArraySerializer())) {
      List<java.util.concurrent.Future<?>> sent = new ArrayList<>();
      for (int i = 0; i < JOBS; i++) {
        UUID random = UUID.randomUUID();
        Place place = Place.of(CATALOG, TYPE, Optional.empty(), Optional.empty(), random);
        String id = place.id(random);
        ids.add(id);
        Instant now = Instant.now();
        JobCommand submit =
            new JobCommand.Submit(
                id,
                new JobRequest(
                    "count",
                    "queue",
                    5,
                    Optional.empty(),
                    Optional.empty(),
                    Integer.toString(i),
                    "test",
                    now),
                now);
        sent.add(
            producer.send(
                new ProducerRecord<>(
                    Topics.JOB_COMMAND.name(),
                    place.partition(PARTITIONS),
                    id,
                    Topics.JOB_COMMAND.valueSerde().serializer().serialize("", submit))));
      }
      for (var one : sent) {
        one.get(20, TimeUnit.SECONDS);
      }
    }
    return ids;
  }

  private static KafkaConsumer<String, JobState> told() {
    KafkaConsumer<String, JobState> consumer =
        new KafkaConsumer<>(
            Map.of(
                "bootstrap.servers", KAFKA.bootstrapServers(), "isolation.level", "read_committed"),
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

  private void awaitEnded(KafkaConsumer<String, JobState> told, int most) {
    long deadline = System.nanoTime() + Duration.ofSeconds(90).toNanos();
    while (ended() < most) {
      assertThat(System.nanoTime()).as("%d of %d ended", ended(), most).isLessThan(deadline);
      for (ConsumerRecord<String, JobState> record : told.poll(Duration.ofMillis(100))) {
        lives.computeIfAbsent(record.key(), _ -> new ArrayList<>()).add(record.value().status());
      }
    }
  }

  private long ended() {
    return lives.values().stream().filter(life -> life.contains(Status.COMPLETED)).count();
  }
}
