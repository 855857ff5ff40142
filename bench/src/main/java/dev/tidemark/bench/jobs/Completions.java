package dev.tidemark.bench.jobs;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tidemark.contract.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * Which of Tidemark's jobs are done, read where everybody may read it. It looks for a word in what
 * it reads and parses no JSON: it shares the machine with what is measured.
 */
final class Completions implements AutoCloseable {
  private static final byte[] COMPLETED = "\"status\":\"completed\"".getBytes(UTF_8);

  private final KafkaConsumer<String, byte[]> told;
  private final Map<String, Integer> numbers = new ConcurrentHashMap<>();
  private final Thread loop;
  private int[] times = new int[1024];
  private volatile boolean closed;

  Completions(String kafka) {
    told =
        new KafkaConsumer<>(
            Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                kafka,
                ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                "read_committed",
                // Many at a time, at the price of 20 ms in the end: who counts shares the machine.
                ConsumerConfig.FETCH_MIN_BYTES_CONFIG,
                262_144,
                ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG,
                20,
                ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                5_000),
            new StringDeserializer(),
            new ByteArrayDeserializer());
    List<TopicPartition> all = new ArrayList<>();
    for (int i = 0; i < BenchCatalog.PARTITIONS; i++) {
      all.add(new TopicPartition(Topics.JOB.name(), i));
    }
    told.assign(all);
    told.seekToBeginning(all);
    loop = Thread.ofPlatform().name("completions").daemon().start(this::run);
  }

  /** Which number an id belongs to. */
  void named(String id, int number) {
    if (number >= 0) {
      numbers.put(id, number);
    }
  }

  private void run() {
    while (!closed) {
      for (ConsumerRecord<String, byte[]> record : told.poll(Duration.ofMillis(50))) {
        Integer number = numbers.get(record.key());
        byte[] value = record.value();
        if (number != null && value != null && isCompleted(value)) {
          done(number);
        }
      }
    }
    told.close();
  }

  private static boolean isCompleted(byte[] value) {
    int last = value.length - COMPLETED.length;
    for (int i = 0; i <= last; i++) {
      if (value[i] == COMPLETED[0]
          && Arrays.equals(value, i, i + COMPLETED.length, COMPLETED, 0, COMPLETED.length)) {
        return true;
      }
    }
    return false;
  }

  private synchronized void done(int number) {
    if (number >= times.length) {
      times = Arrays.copyOf(times, Math.max(2 * times.length, number + 1));
    }
    times[number]++;
    notifyAll();
  }

  private int times(BenchJob job) {
    return job.number() < times.length ? times[job.number()] : 0;
  }

  /** How many of these are not done, or done more than once. */
  synchronized int notOnce(List<BenchJob> jobs) {
    return (int) jobs.stream().filter(job -> times(job) != 1).count();
  }

  synchronized void await(List<BenchJob> jobs, Duration atMost) throws InterruptedException {
    long deadline = System.nanoTime() + atMost.toNanos();
    for (BenchJob job : jobs.reversed()) {
      while (times(job) == 0) {
        long left = (deadline - System.nanoTime()) / 1_000_000;
        if (left <= 0) {
          throw new IllegalStateException(
              "%d of %d jobs are not done".formatted(notOnce(jobs), jobs.size()));
        }
        wait(left);
      }
    }
  }

  @Override
  public void close() {
    closed = true;
    try {
      loop.join(Duration.ofSeconds(10));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
