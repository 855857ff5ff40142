package dev.tidemark.api;

import static java.util.Objects.requireNonNull;

import dev.tidemark.contract.Topics;
import dev.tidemark.contract.job.JobCommand;
import dev.tidemark.contract.job.JobLog;
import dev.tidemark.contract.job.Place;
import dev.tidemark.contract.job.WorkOrder;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/** A worker whose attempts end when a test says so. */
final class TestWorker implements AutoCloseable {
  private final String kafka;
  private final String name = "test-" + UUID.randomUUID();
  private final Map<String, WorkOrder.Begin> attempts = new ConcurrentHashMap<>();
  private final Set<String> asked = ConcurrentHashMap.newKeySet();
  private volatile boolean over;
  private @Nullable KafkaProducer<String, byte[]> producer;
  private @Nullable Thread thread;

  TestWorker(String kafka) {
    this.kafka = kafka;
  }

  /** Begins to take jobs of these types. */
  void work(String... types) {
    KafkaProducer<String, byte[]> to =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", kafka), new StringSerializer(), new ByteArraySerializer());
    producer = to;
    KafkaConsumer<String, byte[]> orders =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", kafka, "isolation.level", "read_committed"),
            new StringDeserializer(),
            new ByteArrayDeserializer());
    List<TopicPartition> all =
        orders.partitionsFor(Topics.JOB_WORK.name()).stream()
            .map(one -> new TopicPartition(one.topic(), one.partition()))
            .toList();
    orders.assign(all);
    orders.seekToEnd(all);
    all.forEach(orders::position);
    thread = Thread.ofPlatform().start(() -> run(orders, Set.of(types)));
  }

  private void run(KafkaConsumer<String, byte[]> orders, Set<String> types) {
    try (orders) {
      long said = 0;
      while (!over) {
        if (System.nanoTime() - said > Duration.ofSeconds(1).toNanos()) {
          said = System.nanoTime();
          say(types);
        }
        for (ConsumerRecord<String, byte[]> order : orders.poll(Duration.ofMillis(50))) {
          if (order.key().equals(name)) {
            take(Topics.JOB_WORK.valueSerde().deserializer().deserialize("", order.value()));
          }
        }
      }
    }
  }

  private void take(WorkOrder order) {
    switch (order) {
      case WorkOrder.Begin begin -> attempts.put(begin.id(), begin);
      case WorkOrder.End end -> asked.add(end.id());
    }
  }

  private int partitions() {
    return producer().partitionsFor(Topics.JOB_COMMAND.name()).size();
  }

  private void say(Set<String> types) {
    for (int partition = 0; partition < partitions(); partition++) {
      Map<String, Integer> running = new HashMap<>();
      for (WorkOrder.Begin begin : attempts.values()) {
        if (partition(begin.id()) == partition) {
          running.put(begin.id(), begin.attempt());
        }
      }
      send(partition, new JobCommand.Alive(name, types, 8, running, JobCommand.Alive.LEASE));
    }
  }

  private int partition(String id) {
    return Place.ofId(id).orElseThrow().partition(partitions());
  }

  /** Whether it has been given a job and not ended it. */
  boolean works(String id) {
    return attempts.containsKey(id);
  }

  boolean isAskedToEnd(String id) {
    return asked.contains(id);
  }

  void progress(String id, int percent, String text) {
    WorkOrder.Begin begin = attempt(id);
    send(partition(id), new JobCommand.Progressed(id, begin.attempt(), name, percent, text));
  }

  void log(String id, String line) {
    JobLog log = new JobLog(id, attempt(id).attempt(), name, Instant.now(), line);
    var _ =
        producer()
            .send(
                new ProducerRecord<>(
                    Topics.JOB_LOG.name(),
                    id,
                    Topics.JOB_LOG.valueSerde().serializer().serialize("", log)));
  }

  void succeed(String id, String result) {
    WorkOrder.Begin begin = attempt(id);
    attempts.remove(id);
    send(partition(id), new JobCommand.Succeeded(id, begin.attempt(), name, Optional.of(result)));
  }

  void fail(String id, String error) {
    WorkOrder.Begin begin = attempt(id);
    attempts.remove(id);
    send(partition(id), new JobCommand.Failed(id, begin.attempt(), name, error, false));
  }

  private WorkOrder.Begin attempt(String id) {
    return requireNonNull(attempts.get(id), "it was not given " + id);
  }

  private KafkaProducer<String, byte[]> producer() {
    return requireNonNull(producer, "it does not work yet");
  }

  private void send(int partition, JobCommand command) {
    var _ =
        producer()
            .send(
                new ProducerRecord<>(
                    Topics.JOB_COMMAND.name(),
                    partition,
                    command.key(),
                    Topics.JOB_COMMAND.valueSerde().serializer().serialize("", command)));
  }

  /** Goes, so that no other test's jobs are given to it. */
  @Override
  public void close() {
    Thread running = thread;
    if (running == null) {
      return;
    }
    over = true;
    try {
      running.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    for (int partition = 0; partition < partitions(); partition++) {
      send(partition, new JobCommand.Gone(name));
    }
    producer().close();
  }
}
