package dev.tidemark.pipeline.jobs;

import static org.assertj.core.api.Assertions.assertThat;

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
import dev.tidemark.contract.job.WorkOrder;
import dev.tidemark.pipeline.runtime.RunningTopology;
import dev.tidemark.pipeline.runtime.StreamsSettings;
import dev.tidemark.servers.EmbeddedKafka;
import dev.tidemark.servers.ServerConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What only a broker and a directory can show: the index outlives an end in order, and no other.
 */
@Timeout(120)
class JobsOnABrokerTest {
  private static final String WAITS = "0000-00000000-0000-4000-8000-000000000001";
  private static final String LATER = "0000-00000000-0000-4000-8000-000000000002";
  private static final String WORKER = "ada";
  private static final JobCatalog CATALOG =
      new JobCatalog(
          List.of(new JobQueue("queue", "", 1, 100, Duration.ofHours(1), Optional.empty())),
          List.of(
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
                  List.of())),
          List.of());

  @TempDir Path state;
  @TempDir Path otherState;
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final Set<String> begun = new TreeSet<>();

  @Test
  void jobsBeginWhetherTheIndexIsThereOrNot() throws Exception {
    try (EmbeddedKafka kafka = new EmbeddedKafka(ServerConfig.temporary())) {
      kafka.start();
      assertThat(
              TopicProvisioner.provision(
                  kafka.bootstrapServers(),
                  Topics.of(new Catalog(List.of(), List.of(), CATALOG)),
                  1,
                  1))
          .isInstanceOf(Provisioning.Ready.class);
      Instant soon = Instant.now().plusSeconds(12);
      try (RunningTopology first = topology(kafka, state);
          KafkaConsumer<String, WorkOrder> orders = orders(kafka)) {
        tell(kafka, submit(WAITS, Instant.now()), submit(LATER, soon), alive(Map.of()));
        await(orders, first, Set.of(WAITS));
        tell(kafka, new JobCommand.Gone(WORKER));
        begun.clear();
      }
      assertThat(indexed()).as("there was none").isEqualTo(1);
      try (KafkaConsumer<String, WorkOrder> orders = orders(kafka)) {
        try (RunningTopology second = topology(kafka, state)) {
          assertThat(indexed()).as("it fits").isEqualTo(1);
          tell(kafka, alive(Map.of()));
          await(orders, second, Set.of(WAITS));
        }
        try (RunningTopology third = topology(kafka, otherState)) {
          assertThat(indexed()).as("elsewhere there is none").isEqualTo(2);
          tell(kafka, alive(Map.of(WAITS, 2)));
          await(orders, third, Set.of(WAITS, LATER));
        }
        try (RunningTopology back = topology(kafka, state)) {
          assertThat(indexed()).as("it does not fit any more").isEqualTo(3);
          tell(kafka, new JobCommand.HandedBack(LATER, 1, WORKER), alive(Map.of(WAITS, 2)));
          begun.clear();
          await(orders, back, Set.of(LATER));
        }
      }
    }
  }

  private double indexed() {
    return registry.get("tidemark.jobs.indexed").counter().count();
  }

  private RunningTopology topology(EmbeddedKafka kafka, Path directory)
      throws InterruptedException {
    RunningTopology topology =
        RunningTopology.start(
            new JobsTopology(CATALOG, 1, registry),
            StreamsSettings.of(kafka.bootstrapServers(), directory),
            new SimpleMeterRegistry());
    assertThat(topology.awaitRunning(Duration.ofSeconds(60))).isTrue();
    return topology;
  }

  private static JobCommand submit(String id, Instant due) {
    return new JobCommand.Submit(
        id,
        new JobRequest(
            "work", "queue", 5, Optional.empty(), Optional.empty(), "1", "me", Instant.now()),
        due);
  }

  private static JobCommand alive(Map<String, Integer> running) {
    return new JobCommand.Alive(WORKER, Set.of("work"), 8, running, JobCommand.Alive.LEASE);
  }

  private static void tell(EmbeddedKafka kafka, JobCommand... commands) throws Exception {
    try (KafkaProducer<String, byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", kafka.bootstrapServers()),
            new StringSerializer(),
            new ByteArraySerializer())) {
      for (JobCommand command : commands) {
        producer
            .send(
                new ProducerRecord<>(
                    Topics.JOB_COMMAND.name(),
                    0,
                    command.key(),
                    Topics.JOB_COMMAND.valueSerde().serializer().serialize("", command)))
            .get(20, TimeUnit.SECONDS);
      }
    }
  }

  /** From here on. */
  private static KafkaConsumer<String, WorkOrder> orders(EmbeddedKafka kafka) {
    KafkaConsumer<String, WorkOrder> consumer =
        new KafkaConsumer<>(
            Map.of(
                "bootstrap.servers", kafka.bootstrapServers(), "isolation.level", "read_committed"),
            Topics.JOB_WORK.keySerde().deserializer(),
            Topics.JOB_WORK.valueSerde().deserializer());
    TopicPartition all = new TopicPartition(Topics.JOB_WORK.name(), 0);
    consumer.assign(List.of(all));
    consumer.seekToEnd(List.of(all));
    consumer.position(all);
    return consumer;
  }

  private void await(
      KafkaConsumer<String, WorkOrder> orders, RunningTopology topology, Set<String> expected) {
    long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (!begun.equals(expected)) {
      assertThat(System.nanoTime())
          .as("begun by %s: %s", topology.name(), begun)
          .isLessThan(deadline);
      orders
          .poll(Duration.ofMillis(100))
          .forEach(
              record -> {
                if (record.value() instanceof WorkOrder.Begin begin) {
                  begun.add(begin.id());
                }
              });
    }
  }
}
