package dev.tidemark.bench.verify.jobs;

import dev.tidemark.bench.verify.Consumers;
import dev.tidemark.contract.Topic;
import dev.tidemark.contract.Topics;
import dev.tidemark.contract.catalog.job.JobCatalog;
import dev.tidemark.contract.job.JobCommand;
import dev.tidemark.contract.job.JobState;
import dev.tidemark.contract.job.QueueState;
import dev.tidemark.contract.job.ScheduleState;
import dev.tidemark.contract.job.WorkOrder;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jspecify.annotations.Nullable;

/**
 * Keeps every committed record of the topics of jobs, from the first on and while they come, for
 * compaction takes some away. Thread-safe.
 */
final class Chronicle implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(50);
  private static final Duration CATCH_UP = Duration.ofSeconds(60);
  private static final List<Topic<String, ?>> FOLLOWED =
      List.of(
          Topics.JOB, Topics.JOB_COMMAND, Topics.JOB_WORK, Topics.JOB_QUEUE, Topics.JOB_SCHEDULE);

  private final Map<String, List<Told<JobState>>> lives = new HashMap<>();
  private final Map<String, List<Told<JobCommand>>> commands = new HashMap<>();
  private final Map<String, List<Told<WorkOrder>>> orders = new HashMap<>();
  private final List<Told<JobCommand>> toQueues = new ArrayList<>();
  private final List<QueueState> queues = new ArrayList<>();
  private final List<ScheduleState> schedules = new ArrayList<>();
  private final Set<String> ended = new HashSet<>();
  private final KafkaConsumer<String, byte[]> consumer;
  private final List<TopicPartition> partitions = new ArrayList<>();
  private final Thread thread;
  private final Map<TopicPartition, Long> positions = new HashMap<>();
  private final String kafka;
  private volatile @Nullable RuntimeException failure;

  /** Follows from the beginning on. */
  Chronicle(String kafka) {
    this.kafka = kafka;
    var settings = Consumers.settings(kafka);
    consumer = new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer());
    for (Topic<String, ?> topic : FOLLOWED) {
      consumer
          .partitionsFor(topic.name())
          .forEach(info -> partitions.add(new TopicPartition(info.topic(), info.partition())));
    }
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
    thread = Thread.ofPlatform().daemon().name("verify-chronicle").start(this::follow);
  }

  private void follow() {
    while (!Thread.currentThread().isInterrupted()) {
      try {
        keep(consumer.poll(POLL));
      } catch (WakeupException _) {
        return;
      } catch (KafkaException e) {
        failure = e;
        return;
      }
    }
  }

  private synchronized void keep(ConsumerRecords<String, byte[]> records) {
    records.forEach(this::keep);
    partitions.forEach(partition -> positions.put(partition, consumer.position(partition)));
  }

  private void keep(ConsumerRecord<String, byte[]> record) {
    String topic = record.topic();
    if (topic.equals(Topics.JOB.name())) {
      Told<JobState> told = told(record, Topics.JOB);
      lives.computeIfAbsent(record.key(), _ -> new ArrayList<>()).add(told);
      if (told.value() != null && told.value().status().ended()) {
        ended.add(record.key());
      }
    } else if (topic.equals(Topics.JOB_COMMAND.name())) {
      command(record.key(), told(record, Topics.JOB_COMMAND));
    } else if (topic.equals(Topics.JOB_WORK.name())) {
      Told<WorkOrder> told = told(record, Topics.JOB_WORK);
      if (told.value() != null) {
        orders.computeIfAbsent(told.value().id(), _ -> new ArrayList<>()).add(told);
      }
    } else if (topic.equals(Topics.JOB_QUEUE.name())) {
      QueueState state = told(record, Topics.JOB_QUEUE).value();
      if (state != null) {
        queues.add(state);
      }
    } else {
      ScheduleState state = told(record, Topics.JOB_SCHEDULE).value();
      if (state != null) {
        schedules.add(state);
      }
    }
  }

  private void command(String key, Told<JobCommand> told) {
    switch (told.value()) {
      case JobCommand.Progressed _, JobCommand.Alive _, JobCommand.Forget _ -> {
        // Nothing is proven by it.
      }
      case JobCommand.OfJob _ -> commands.computeIfAbsent(key, _ -> new ArrayList<>()).add(told);
      case JobCommand.Pause _, JobCommand.Resume _ -> toQueues.add(told);
      case null, default -> {
        // Of workers and schedules.
      }
    }
  }

  private static <V> Told<V> told(ConsumerRecord<String, byte[]> record, Topic<String, V> topic) {
    byte[] value = record.value();
    return new Told<>(
        record.partition(),
        record.offset(),
        Instant.ofEpochMilli(record.timestamp()),
        value == null ? null : topic.valueSerde().deserializer().deserialize(topic.name(), value));
  }

  /** Whether a job has ended at some time. */
  synchronized boolean hasEnded(String id) {
    return ended.contains(id);
  }

  /** The last word about a job. */
  synchronized Optional<JobState> last(String id) {
    return Optional.ofNullable(lives.get(id))
        .flatMap(life -> Optional.ofNullable(life.getLast().value()));
  }

  /** Whether attempts of a worker are made right now. */
  synchronized boolean isBusy(String worker) {
    return lives.values().stream()
        .map(life -> life.getLast().value())
        .anyMatch(
            state ->
                state != null
                    && state.status() == JobState.Status.RUNNING
                    && state.worker().filter(name -> name.startsWith(worker + "-")).isPresent());
  }

  /** All jobs that have ever been told of. */
  synchronized Set<String> jobs() {
    return Set.copyOf(lives.keySet());
  }

  /** Waits until all is read that is committed now. */
  void catchUp() throws InterruptedException {
    Map<TopicPartition, Long> ends;
    try (KafkaConsumer<byte[], byte[]> other = new KafkaConsumer<>(Consumers.settings(kafka))) {
      ends = other.endOffsets(partitions);
    }
    long deadline = System.nanoTime() + CATCH_UP.toNanos();
    while (!ends.entrySet().stream().allMatch(end -> position(end.getKey()) >= end.getValue())) {
      RuntimeException broken = failure;
      if (broken != null || System.nanoTime() > deadline) {
        throw new IllegalStateException("the topics of jobs cannot be followed", broken);
      }
      Thread.sleep(20);
    }
  }

  private synchronized long position(TopicPartition partition) {
    return positions.getOrDefault(partition, 0L);
  }

  /** All that was told, as it is now; what else is known is given. */
  synchronized Evidence evidence(
      JobCatalog catalog,
      int partitionCount,
      Asked asked,
      List<Effect> effects,
      Set<String> done,
      Instant end) {
    return new Evidence(
        catalog,
        partitionCount,
        asked,
        copy(lives),
        copy(commands),
        copy(orders),
        List.copyOf(toQueues),
        List.copyOf(queues),
        List.copyOf(schedules),
        List.copyOf(effects),
        Set.copyOf(done),
        end);
  }

  private static <V> Map<String, List<Told<V>>> copy(Map<String, List<Told<V>>> all) {
    Map<String, List<Told<V>>> copy = new LinkedHashMap<>();
    all.forEach((key, values) -> copy.put(key, List.copyOf(values)));
    return copy;
  }

  @Override
  public void close() {
    consumer.wakeup();
    thread.interrupt();
  }
}
