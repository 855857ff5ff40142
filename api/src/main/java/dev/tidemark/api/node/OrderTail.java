package dev.tidemark.api.node;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tidemark.api.problem.AwayException;
import dev.tidemark.api.workers.Orders;
import dev.tidemark.contract.Topics;
import dev.tidemark.contract.job.WorkOrder;
import dev.tidemark.pipeline.board.JobBoard;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads what workers that speak HTTP are to do. Nothing is read before the first of them asks: a
 * node that none asks does nothing for them. From then on every order is read, since the next may
 * ask for what another node has told nobody.
 */
final class OrderTail implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(OrderTail.class);
  private static final byte[] PREFIX = Orders.PREFIX.getBytes(UTF_8);
  private static final Duration STEP = Duration.ofMillis(500);
  private static final Duration PAUSE = Duration.ofMillis(200);
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final Duration LAST = Duration.ofSeconds(5);
  private static final Duration TIDY = Duration.ofSeconds(5);

  /** What a worker may have been told by a node that is no more. */
  private static final Duration LOOK_BACK = Duration.ofMinutes(1);

  private final String kafka;
  private final Orders orders;
  private final JobBoard board;
  private final InstantSource clock;
  private @Nullable Reader reader;
  private boolean closed;

  /**
   * A tail that follows nothing yet.
   *
   * @param board tells which attempts run no more
   */
  OrderTail(String kafka, Orders orders, JobBoard board, InstantSource clock) {
    this.kafka = kafka;
    this.orders = orders;
    this.board = board;
    this.clock = clock;
  }

  /**
   * Follows orders from now on; those of the last minute have been taken when it returns.
   *
   * @throws AwayException if the brokers do not answer
   */
  void follow() {
    try {
      if (!reader().present.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new AwayException("the orders of workers are still being read", null);
      }
    } catch (KafkaException e) {
      throw new AwayException("the brokers do not tell of orders", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AwayException("this node is stopping", e);
    }
  }

  private synchronized Reader reader() {
    if (closed) {
      throw new AwayException("this node is stopping", null);
    }
    Reader running = reader;
    if (running == null || !running.thread.isAlive()) {
      running = new Reader(consumer());
      reader = running;
    }
    return running;
  }

  private KafkaConsumer<byte[], byte[]> consumer() {
    return new KafkaConsumer<>(
        Map.of(
            ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
            kafka,
            ConsumerConfig.CLIENT_ID_CONFIG,
            "tidemark-api-orders",
            ConsumerConfig.ISOLATION_LEVEL_CONFIG,
            "read_committed",
            ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
            false,
            ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
            false,
            ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
            "latest",
            ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG,
            100,
            ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
            5_000,
            ConsumerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG,
            500L),
        new ByteArrayDeserializer(),
        new ByteArrayDeserializer());
  }

  /** What exists once somebody has asked. */
  private final class Reader {
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Map<TopicPartition, Long> ends;
    private final CountDownLatch present = new CountDownLatch(1);
    private final Thread thread;
    private volatile boolean stopping;
    private long tidiedNanos = System.nanoTime();

    private Reader(KafkaConsumer<byte[], byte[]> consumer) {
      this.consumer = consumer;
      try {
        ends = seek(consumer, clock);
      } catch (RuntimeException e) {
        consumer.close();
        throw e;
      }
      LOG.info("Orders of workers that speak HTTP are followed from now on");
      thread = Thread.ofPlatform().name("tidemark-orders").daemon().start(this::run);
    }

    private void run() {
      try (consumer) {
        while (!stopping) {
          poll();
        }
      }
    }

    private void poll() {
      try {
        for (ConsumerRecord<byte[], byte[]> order : consumer.poll(STEP)) {
          take(order);
        }
        if (present.getCount() > 0
            && ends.entrySet().stream()
                .allMatch(end -> consumer.position(end.getKey()) >= end.getValue())) {
          present.countDown();
        }
        if (System.nanoTime() - tidiedNanos > TIDY.toNanos()) {
          tidiedNanos = System.nanoTime();
          orders.tidy(board);
        }
      } catch (WakeupException e) {
        LOG.debug("Woken to stop", e);
      } catch (InterruptException e) {
        stopping = true;
      } catch (KafkaException e) {
        LOG.warn("Orders cannot be read right now", e);
        LockSupport.parkNanos(PAUSE.toNanos());
      }
    }

    private void take(ConsumerRecord<byte[], byte[]> record) {
      byte[] key = record.key();
      // Those of all other workers are many, and nobody's business here.
      if (key == null
          || record.value() == null
          || key.length < PREFIX.length
          || Arrays.mismatch(key, 0, PREFIX.length, PREFIX, 0, PREFIX.length) >= 0) {
        return;
      }
      try {
        WorkOrder order =
            Topics.JOB_WORK.valueSerde().deserializer().deserialize(record.topic(), record.value());
        if (order != null) {
          orders.take(order);
        }
      } catch (SerializationException e) {
        // Nobody knows of it, so the scheduler gives it to somebody again.
        LOG.warn("The order at {} cannot be read", record.offset(), e);
      }
    }
  }

  /** To where the last minute begins; where that is, it ends now. */
  private static Map<TopicPartition, Long> seek(
      KafkaConsumer<byte[], byte[]> consumer, InstantSource clock) {
    List<TopicPartition> partitions =
        consumer.partitionsFor(Topics.JOB_WORK.name()).stream()
            .map(one -> new TopicPartition(one.topic(), one.partition()))
            .toList();
    consumer.assign(partitions);
    Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
    long from = clock.instant().minus(LOOK_BACK).toEpochMilli();
    Map<TopicPartition, Long> times = new HashMap<>();
    partitions.forEach(partition -> times.put(partition, from));
    Map<TopicPartition, OffsetAndTimestamp> found = consumer.offsetsForTimes(times);
    for (TopicPartition partition : partitions) {
      OffsetAndTimestamp at = found.get(partition);
      long end = ends.getOrDefault(partition, 0L);
      consumer.seek(partition, at == null ? end : Math.min(at.offset(), end));
    }
    return ends;
  }

  @Override
  public void close() {
    Reader running;
    synchronized (this) {
      closed = true;
      running = reader;
    }
    if (running == null) {
      return;
    }
    running.stopping = true;
    running.consumer.wakeup();
    try {
      if (!running.thread.join(LAST)) {
        LOG.warn("Orders are still being read");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
