package dev.tidemark.pipeline.scopelog;

import static java.util.Objects.requireNonNull;

import dev.tidemark.contract.Topics;
import dev.tidemark.pipeline.runtime.Health;
import dev.tidemark.pipeline.scopelog.RocksLog.Told;
import dev.tidemark.pipeline.scopelog.core.Entry;
import dev.tidemark.pipeline.scopelog.core.LogFold;
import dev.tidemark.pipeline.scopelog.core.LogView;
import dev.tidemark.pipeline.scopelog.core.Position;
import dev.tidemark.pipeline.scopelog.core.ScopedRecord;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.IsolationLevel;
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
 * This node's copy of the log of all scopes. Every node has a whole one, so any node answers any
 * device, and a node that dies takes nothing along.
 */
public final class ScopeLog implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ScopeLog.class);
  private static final TopicPartition TOPIC = new TopicPartition(Topics.SCOPED_CHANGE.name(), 0);
  private static final Duration STEP = Duration.ofMillis(500);
  private static final Duration PAUSE = Duration.ofMillis(200);
  private static final Duration SILENCE = Duration.ofSeconds(10);
  private static final Duration CLOSE_WITHIN = Duration.ofSeconds(10);
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Duration FORGET_EVERY = Duration.ofSeconds(5);
  private static final int FORGET_AT_ONCE = 10_000;
  private static final long MOST_HELD_BYTES = 32L << 20;
  private static final long NO_SEAM = -1;

  private final ScopeLogSettings settings;
  private final Admin admin;
  private final Listener listener;
  private final InstantSource clock;
  private final RocksLog store;
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final ScopeLogMeters meters;
  private final String topicId;
  private final Thread thread;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition moved = lock.newCondition();
  private final long builtUpTo;
  private volatile long position;
  private volatile long polledNanos = System.nanoTime();
  private volatile @Nullable Throwable failure;
  private volatile boolean closed;
  private Instant forgetAt;

  /** Where the log ends that readers do not see yet; 0 if they see all of it. Of one thread. */
  private long unshown;

  /** How many bytes of records that is. Of one thread. */
  private long held;

  /** Hears what comes into the log. */
  public interface Listener {
    /**
     * Entries that the log has now, in order. Called by the thread that writes the log: it must not
     * wait for anybody.
     */
    void told(List<Change> changes, Position end);

    /** A record that nobody can read, and why. */
    void unreadable(ConsumerRecord<byte[], byte[]> record, String why);
  }

  /** An entry that has come into the log of a scope. */
  public record Change(String scope, Entry entry) {}

  /**
   * Opens the log and begins to read.
   *
   * @param admin asked for where the topic is and where it ends; closed by whoever made it
   * @throws KafkaException if the brokers do not answer
   */
  public static ScopeLog start(
      ScopeLogSettings settings,
      Admin admin,
      MeterRegistry registry,
      Listener listener,
      InstantSource clock) {
    String topic = topicId(admin);
    RocksLog store = RocksLog.open(settings.directory(), topic, settings.memory());
    try {
      long end = end(admin, IsolationLevel.READ_COMMITTED, PATIENCE);
      if (store.next() > end) {
        LOG.error(
            "The topic ends at {} and the log has read up to {}: records were lost, the log is built"
                + " anew",
            end,
            store.next());
        store = store.anew(settings.directory(), topic, settings.memory());
      }
      ScopeLog log = new ScopeLog(settings, admin, registry, listener, clock, store, topic);
      log.thread.start();
      return log;
    } catch (ExecutionException | TimeoutException e) {
      store.close();
      throw new KafkaException("the brokers do not tell where " + TOPIC.topic() + " ends", e);
    } catch (InterruptedException e) {
      store.close();
      throw new InterruptException(e);
    } catch (RuntimeException e) {
      store.close();
      throw e;
    }
  }

  private ScopeLog(
      ScopeLogSettings settings,
      Admin admin,
      MeterRegistry registry,
      Listener listener,
      InstantSource clock,
      RocksLog store,
      String topicId) {
    this.topicId = topicId;
    this.settings = settings;
    this.admin = admin;
    this.listener = listener;
    this.clock = clock;
    this.store = store;
    this.forgetAt = clock.instant();
    consumer = consumer(settings.kafka());
    try {
      consumer.assign(List.of(TOPIC));
      long end = requireNonNull(consumer.endOffsets(List.of(TOPIC)).get(TOPIC), "no end");
      if (!store.isBuilt()) {
        store.built(end);
      }
      builtUpTo = end;
      position = Math.min(store.next(), end);
      consumer.seek(TOPIC, position);
    } catch (RuntimeException e) {
      consumer.close();
      throw e;
    }
    meters = new ScopeLogMeters(registry, this::lag);
    thread = Thread.ofPlatform().name("tidemark-scope-log").daemon().unstarted(this::run);
  }

  private static KafkaConsumer<byte[], byte[]> consumer(String kafka) {
    Properties properties = new Properties();
    properties.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, kafka);
    properties.put(ConsumerConfig.CLIENT_ID_CONFIG, "tidemark-scope-log");
    properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
    properties.put(ConsumerConfig.FETCH_MIN_BYTES_CONFIG, 1);
    properties.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 100);
    properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 2_000);
    properties.put(ConsumerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, 500);
    return new KafkaConsumer<>(
        properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  /** The log as it is now; to be closed. */
  public LogView view() {
    return store.view();
  }

  /** Whether everything is in it that was in the topic when it started. */
  public boolean isCaughtUp() {
    return position >= builtUpTo;
  }

  /** Names the log: positions of another one mean nothing here. */
  public String topic() {
    return topicId;
  }

  /**
   * Waits until everything is in the log that was on its way when the call came: what had been
   * committed by then, whoever had seen it.
   *
   * @return whether it is
   */
  public boolean awaitPresent(Duration atMost) throws InterruptedException {
    long deadline = System.nanoTime() + atMost.toNanos();
    try {
      // Also what is not committed yet: a transaction that others have seen may have its marker
      // on this partition later.
      long target = end(admin, IsolationLevel.READ_UNCOMMITTED, atMost);
      return await(target, deadline - System.nanoTime());
    } catch (ExecutionException | TimeoutException e) {
      LOG.debug("The brokers do not say where the log ends", e);
      return false;
    }
  }

  /** Waits until the log has come so far. */
  public boolean await(Position behind, Duration atMost) throws InterruptedException {
    long offset = behind.index() == 0 ? behind.offset() : behind.offset() + 1;
    return await(offset, atMost.toNanos());
  }

  private boolean await(long offset, long nanos) throws InterruptedException {
    if (position >= offset) {
      return true;
    }
    lock.lock();
    try {
      long left = nanos;
      while (position < offset && left > 0 && !closed) {
        left = moved.awaitNanos(left);
      }
      return position >= offset;
    } finally {
      lock.unlock();
    }
  }

  public Health health() {
    Throwable why = failure;
    if (why != null) {
      return new Health.Failing("the scope log stopped: " + why);
    }
    if (Duration.ofNanos(System.nanoTime() - polledNanos).compareTo(SILENCE) > 0) {
      return new Health.Failing("the brokers have not been asked for 10 s");
    }
    return isCaughtUp()
        ? new Health.Running()
        : new Health.Starting("reading the log: at " + position + " of " + builtUpTo);
  }

  private long lag() {
    try {
      return Math.max(
          0, end(admin, IsolationLevel.READ_COMMITTED, Duration.ofSeconds(1)) - position);
    } catch (ExecutionException | TimeoutException e) {
      return -1;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return -1;
    }
  }

  private static String topicId(Admin admin) {
    try {
      return admin
          .describeTopics(List.of(TOPIC.topic()))
          .allTopicNames()
          .get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
          .values()
          .iterator()
          .next()
          .topicId()
          .toString();
    } catch (ExecutionException | TimeoutException e) {
      throw new KafkaException("the brokers do not tell of " + TOPIC.topic(), e);
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    }
  }

  private static long end(Admin admin, IsolationLevel isolation, Duration atMost)
      throws ExecutionException, InterruptedException, TimeoutException {
    return admin
        .listOffsets(Map.of(TOPIC, OffsetSpec.latest()), new ListOffsetsOptions(isolation))
        .partitionResult(TOPIC)
        .get(atMost.toMillis(), TimeUnit.MILLISECONDS)
        .offset();
  }

  private void run() {
    try (consumer) {
      while (!closed) {
        step();
      }
    } catch (RuntimeException e) {
      LOG.error("The scope log stopped; this node cannot tell devices of changes", e);
      failure = e;
    } finally {
      store.close();
    }
  }

  private void step() {
    try {
      List<ConsumerRecord<byte[], byte[]>> records = consumer.poll(STEP).records(TOPIC);
      polledNanos = System.nanoTime();
      boolean cut = isCut(records);
      long seam = cut ? lastSeam(records) : NO_SEAM;
      for (ConsumerRecord<byte[], byte[]> record : records) {
        if (record.offset() == seam) {
          show();
        }
        take(record);
      }
      if (!cut) {
        show();
        advance(consumer.position(TOPIC));
      }
      if (held > MOST_HELD_BYTES) {
        show();
      }
      if (records.isEmpty() && unshown == 0) {
        forget();
      }
    } catch (WakeupException e) {
      LOG.debug("Woken to stop", e);
    } catch (InterruptException e) {
      closed = true;
    } catch (KafkaException e) {
      LOG.warn("The scope log cannot be read right now", e);
      LockSupport.parkNanos(PAUSE.toNanos());
    }
  }

  /**
   * Whether the last of what is held and of these may belong to something of which there is more to
   * come. What is committed at once can be read at once, but for what a poll brings at most.
   */
  private boolean isCut(List<ConsumerRecord<byte[], byte[]>> records) {
    // Behind the last record is the mark of its transaction, which no poll brings.
    return (unshown > 0 || !records.isEmpty()) && consumer.currentLag(TOPIC).orElse(0) > 1;
  }

  /**
   * The first record behind the last end of a transaction. Where an offset is missing there is the
   * mark of one, or what compaction took; and what that has left is of no one moment anyhow.
   */
  private long lastSeam(List<ConsumerRecord<byte[], byte[]>> records) {
    long seam = NO_SEAM;
    long next = unshown;
    for (ConsumerRecord<byte[], byte[]> record : records) {
      if (record.offset() > next) {
        seam = record.offset();
      }
      next = record.offset() + 1;
    }
    return seam;
  }

  /** Lets readers see what has been taken, then tells of it. */
  private void show() {
    if (unshown == 0) {
      return;
    }
    Position end = Position.of(unshown);
    store.show();
    tell(end);
    advance(unshown);
    unshown = 0;
    held = 0;
  }

  private void take(ConsumerRecord<byte[], byte[]> record) {
    byte[] value = record.value();
    if (value != null) {
      try {
        ScopedRecord scoped = ScopedRecordReader.read(value);
        meters.taken(LogFold.apply(store, record.offset(), scoped));
      } catch (SerializationException | IllegalArgumentException e) {
        store.abandon();
        LOG.warn("The scoped change at {} cannot be read", record.offset(), e);
        meters.unreadable();
        listener.unreadable(record, String.valueOf(e.getMessage()));
      }
    }
    store.commit(record.offset() + 1);
    unshown = record.offset() + 1;
    held += Math.max(0, record.serializedValueSize());
  }

  private void tell(Position end) {
    List<Told> told = store.takeTold();
    if (told.isEmpty()) {
      return;
    }
    long newest = told.getLast().entry().committedMicros();
    meters.delayed(
        Duration.between(Instant.EPOCH.plus(newest, ChronoUnit.MICROS), clock.instant()));
    listener.told(told.stream().map(one -> new Change(one.scope(), one.entry())).toList(), end);
  }

  private void advance(long to) {
    if (to == position) {
      return;
    }
    lock.lock();
    try {
      position = to;
      moved.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Only at rest: what a long truncate counts on must not go away under it. */
  private void forget() {
    Instant now = clock.instant();
    if (now.isBefore(forgetAt) || !isCaughtUp()) {
      return;
    }
    Instant oldest = now.minus(settings.horizon());
    int count = store.forget(ChronoUnit.MICROS.between(Instant.EPOCH, oldest), FORGET_AT_ONCE);
    meters.forgot(count);
    if (count < FORGET_AT_ONCE) {
      forgetAt = now.plus(FORGET_EVERY);
    }
    if (count > 0) {
      LOG.info("forgot {} removals from before {}", count, oldest);
    }
  }

  @Override
  public void close() {
    closed = true;
    consumer.wakeup();
    try {
      if (!thread.join(CLOSE_WITHIN)) {
        LOG.warn("The scope log is still being read");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
