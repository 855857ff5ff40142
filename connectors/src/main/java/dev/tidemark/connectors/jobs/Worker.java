package dev.tidemark.connectors.jobs;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidemark.contract.Topics;
import dev.tidemark.contract.WireSerdes;
import dev.tidemark.contract.catalog.job.JobType;
import dev.tidemark.contract.job.JobCommand;
import dev.tidemark.contract.job.JobLog;
import dev.tidemark.contract.job.JobRequest;
import dev.tidemark.contract.job.Place;
import dev.tidemark.contract.job.WorkOrder;
import dev.tidemark.contract.job.WorkOrder.Why;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A worker: says each second that it is there and which attempts it makes, makes those that it is
 * given, each in a thread of its own, and says what came of them. An attempt is its own until that
 * has been heard.
 */
public final class Worker implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Worker.class);

  /** The scheduler gives up a worker after four of these. */
  private static final Duration HEARTBEAT = Duration.ofSeconds(1);

  private static final Duration LOOK = Duration.ofMillis(50);
  private static final Duration PAUSE = Duration.ofMillis(200);
  private static final Duration DEAF = Duration.ofSeconds(10);
  private static final int LONGEST_ERROR = 2_000;
  private static final int LONGEST_RESULT = 100_000;
  private static final ObjectMapper JSON =
      WireSerdes.exactJson()
          .copy()
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES);

  private final WorkerSettings settings;
  private final Map<String, JobHandler<?, ?>> handlers;
  private final MeterRegistry registry;
  private final InstantSource clock;
  private final String name;
  private final Commands commands;
  private final KafkaConsumer<String, byte[]> orders;
  private final Map<String, Attempt> attempts = new ConcurrentHashMap<>();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Thread loop;
  private volatile boolean stopping;
  private volatile boolean closed;

  /** Something has changed that the scheduler is to hear at once. */
  private volatile boolean hurry;

  private volatile long heardNanos = System.nanoTime();
  private volatile long polledNanos = System.nanoTime();
  private long saidNanos = System.nanoTime() - HEARTBEAT.toNanos();

  /**
   * Begins to work.
   *
   * @throws KafkaException if the brokers do not answer, or have no topics of jobs
   */
  public static Worker start(
      WorkerSettings settings,
      List<JobHandler<?, ?>> handlers,
      MeterRegistry registry,
      InstantSource clock) {
    Worker worker = new Worker(settings, handlers, registry, clock);
    worker.loop.start();
    return worker;
  }

  private Worker(
      WorkerSettings settings,
      List<JobHandler<?, ?>> handlers,
      MeterRegistry registry,
      InstantSource clock) {
    this.settings = settings;
    this.handlers =
        handlers.stream()
            .collect(Collectors.toUnmodifiableMap(JobHandler::type, Function.identity()));
    this.registry = registry;
    this.clock = clock;
    // Nobody had this name before: what was given to a former life is not taken for its own.
    name = settings.host() + "-" + UUID.randomUUID();
    commands = new Commands(settings.kafka(), name);
    try {
      orders = consumer();
    } catch (RuntimeException e) {
      commands.close();
      throw e;
    }
    Gauge.builder("tidemark.worker.busy", attempts, Map::size)
        .description("Attempts that this worker makes.")
        .register(registry);
    Gauge.builder("tidemark.worker.slots", settings, WorkerSettings::slots)
        .description("How many attempts this worker makes at a time.")
        .register(registry);
    loop = Thread.ofPlatform().name("tidemark-worker").unstarted(this::run);
  }

  private KafkaConsumer<String, byte[]> consumer() {
    KafkaConsumer<String, byte[]> consumer =
        new KafkaConsumer<>(
            Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                settings.kafka(),
                ConsumerConfig.CLIENT_ID_CONFIG,
                "tidemark-worker-" + name,
                ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                "read_committed",
                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                false,
                ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
                false,
                // What is missed is noticed by the scheduler, since it is not among the attempts.
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                "latest",
                ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG,
                100,
                ConsumerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG,
                500L),
            new StringDeserializer(),
            new ByteArrayDeserializer());
    try {
      int partitions = consumer.partitionsFor(Topics.JOB_WORK.name()).size();
      byte[] key = Topics.JOB_WORK.keySerde().serializer().serialize(Topics.JOB_WORK.name(), name);
      TopicPartition mine =
          new TopicPartition(
              Topics.JOB_WORK.name(), BuiltInPartitioner.partitionForKey(key, partitions));
      consumer.assign(List.of(mine));
      consumer.seekToEnd(List.of(mine));
      // Asked for now: whatever is said after the first heartbeat comes behind it.
      consumer.position(mine);
      return consumer;
    } catch (RuntimeException e) {
      consumer.close();
      throw e;
    }
  }

  /** What it is called. */
  public String name() {
    return name;
  }

  /** What is wrong with it, if anything. */
  public Optional<String> complaint() {
    long now = System.nanoTime();
    if (now - polledNanos > DEAF.toNanos()) {
      return Optional.of("it has not looked for work for 10 s");
    }
    return now - heardNanos > DEAF.toNanos()
        ? Optional.of("the brokers have not heard of it for 10 s")
        : Optional.empty();
  }

  /** How it is, in words. */
  public WorkerHealth health() {
    return complaint()
        .map(text -> new WorkerHealth(false, text))
        .orElseGet(
            () ->
                new WorkerHealth(
                    true,
                    "%d of %d slots of %s are taken"
                        .formatted(attempts.size(), settings.slots(), name)));
  }

  private void run() {
    while (!closed) {
      try {
        say();
        for (ConsumerRecord<String, byte[]> record : orders.poll(LOOK)) {
          take(record);
        }
        polledNanos = System.nanoTime();
        endOverdue();
      } catch (WakeupException e) {
        LOG.debug("Woken to stop", e);
      } catch (InterruptException e) {
        return;
      } catch (KafkaException e) {
        LOG.warn("The worker cannot look for work right now", e);
        LockSupport.parkNanos(PAUSE.toNanos());
      }
    }
  }

  /** That it is there, and what it makes. */
  private void say() {
    long now = System.nanoTime();
    if (!hurry && now - saidNanos < HEARTBEAT.toNanos()) {
      return;
    }
    hurry = false;
    saidNanos = now;
    Map<Integer, Map<String, Integer>> running = new HashMap<>();
    attempts.forEach(
        (id, attempt) ->
            running
                .computeIfAbsent(commands.partition(id), _ -> new TreeMap<>())
                .put(id, attempt.attempt()));
    for (int partition = 0; partition < commands.partitions(); partition++) {
      commands.tell(
          partition,
          name,
          new JobCommand.Alive(
              name,
              handlers.keySet(),
              // Who is about to go is given nothing more, which it would only hand back.
              stopping ? 0 : settings.slots(),
              running.getOrDefault(partition, Map.of()),
              JobCommand.Alive.LEASE),
          _ -> heardNanos = System.nanoTime());
    }
  }

  private void take(ConsumerRecord<String, byte[]> record) {
    if (!name.equals(record.key())) {
      return;
    }
    try {
      switch (Topics.JOB_WORK
          .valueSerde()
          .deserializer()
          .deserialize(record.topic(), record.value())) {
        case WorkOrder.Begin begin -> begin(begin);
        case WorkOrder.End end -> end(end);
      }
    } catch (SerializationException e) {
      // It is not among the attempts, so the scheduler gives it to somebody again.
      LOG.error("The order at {} cannot be read", record.offset(), e);
    }
  }

  private void begin(WorkOrder.Begin order) {
    if (stopping) {
      commands.tell(new JobCommand.HandedBack(order.id(), order.attempt(), name), () -> {});
      return;
    }
    Attempt attempt = new Attempt(order, new Telling(order));
    Attempt before = attempts.put(order.id(), attempt);
    if (before != null) {
      before.ask(Why.ABANDONED);
    }
    threads.execute(() -> make(attempt));
  }

  /** What an attempt says on its way. */
  private final class Telling implements Attempt.Telling {
    private final WorkOrder.Begin order;

    private Telling(WorkOrder.Begin order) {
      this.order = order;
    }

    @Override
    public void say(JobCommand.OfAttempt command) {
      commands.tell(command, () -> {});
    }

    @Override
    public void log(String line) {
      commands.log(new JobLog(order.id(), order.attempt(), name, clock.instant(), line));
    }

    @Override
    public String submit(String what, NewJob job) {
      JobCommand.Submit submit = child(order, what, job);
      commands.tell(submit, () -> {});
      return submit.id();
    }

    @Override
    public void forgetEnded(Instant before) {
      for (int partition = 0; partition < commands.partitions(); partition++) {
        JobCommand forget = new JobCommand.Forget(before);
        commands.tell(partition, forget.key(), forget, _ -> {});
      }
    }
  }

  private JobCommand.Submit child(WorkOrder.Begin parent, String what, NewJob job) {
    JobType type =
        settings
            .catalog()
            .type(job.type())
            .orElseThrow(
                () -> new IllegalArgumentException("there is no type of jobs " + job.type()));
    UUID random = UUID.nameUUIDFromBytes((parent.id() + "/" + what).getBytes(UTF_8));
    int priority = job.priority().orElse(type.priority());
    Instant now = clock.instant();
    try {
      JobRequest request =
          new JobRequest(
              type.name(),
              type.queueOf(priority, false),
              priority,
              job.key(),
              job.uniqueKey(),
              JSON.writeValueAsString(job.input()),
              "job/" + parent.id(),
              now);
      String id = Place.of(settings.catalog(), type, job.key(), job.uniqueKey(), random).id(random);
      return new JobCommand.Submit(id, request, job.due().orElse(now));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("what " + what + " is given is no JSON", e);
    }
  }

  private void end(WorkOrder.End order) {
    Attempt attempt = attempts.get(order.id());
    if (attempt == null || attempt.attempt() != order.attempt()) {
      return;
    }
    if (order.why() == Why.ABANDONED) {
      attempts.remove(order.id(), attempt);
    }
    attempt.ask(order.why());
  }

  /** The scheduler says so too, but may be unreachable. */
  private void endOverdue() {
    Instant now = clock.instant();
    attempts.forEach(
        (id, attempt) -> {
          if (!attempt.hard().isAfter(now) && attempts.remove(id, attempt)) {
            attempt.ask(Why.ABANDONED);
          }
        });
  }

  private void make(Attempt attempt) {
    WorkOrder.Begin order = attempt.order();
    long started = System.nanoTime();
    JobCommand.OfAttempt outcome = outcome(attempt);
    Timer.builder("tidemark.worker.attempts")
        .description("Attempts that this worker has made.")
        .tag("type", order.type())
        .tag(
            "result",
            switch (outcome) {
              case JobCommand.Succeeded _ -> "succeeded";
              case JobCommand.HandedBack _ -> "handed-back";
              default -> "failed";
            })
        .register(registry)
        .record(Duration.ofNanos(System.nanoTime() - started));
    if (attempts.get(order.id()) == attempt) {
      commands.tell(outcome, () -> attempts.remove(order.id(), attempt));
    }
  }

  private JobCommand.OfAttempt outcome(Attempt attempt) {
    WorkOrder.Begin order = attempt.order();
    JobHandler<?, ?> handler = handlers.get(order.type());
    if (handler == null) {
      return failed(order, "this worker does no " + order.type(), false);
    }
    attempt.enter();
    try {
      return new JobCommand.Succeeded(order.id(), order.attempt(), name, run(handler, attempt));
    } catch (FinalError e) {
      LOG.info("job {} of {} cannot be done: {}", order.id(), order.type(), e.getMessage());
      return failed(order, text(e), true);
    } catch (Exception | LinkageError | AssertionError | StackOverflowError e) {
      if (attempt.isHandedBack()) {
        return new JobCommand.HandedBack(order.id(), order.attempt(), name);
      }
      LOG.warn("attempt {} of job {} of {} failed", order.attempt(), order.id(), order.type(), e);
      return failed(order, text(e), false);
    } finally {
      attempt.leave();
    }
  }

  private static <I, O> Optional<String> run(JobHandler<I, O> handler, Attempt attempt)
      throws Exception {
    I input;
    try {
      input = JSON.readValue(attempt.order().input(), handler.input());
    } catch (JsonProcessingException e) {
      throw new FinalError("what it was given does not fit: " + e.getOriginalMessage(), e);
    }
    O result = handler.run(input, attempt);
    if (result == null) {
      return Optional.empty();
    }
    String text = JSON.writeValueAsString(result);
    if (text.length() > LONGEST_RESULT) {
      throw new FinalError(
          "it is done, but its result has %,d characters, and may have %,d"
              .formatted(text.length(), LONGEST_RESULT));
    }
    return Optional.of(text);
  }

  private JobCommand.Failed failed(WorkOrder.Begin order, String error, boolean isFinal) {
    return new JobCommand.Failed(order.id(), order.attempt(), name, error, isFinal);
  }

  private static String text(Throwable failure) {
    String message = failure.getMessage();
    String text =
        failure instanceof FinalError || failure instanceof Ended
            ? String.valueOf(message)
            : failure.getClass().getSimpleName() + (message == null ? "" : ": " + message);
    return text.length() > LONGEST_ERROR ? text.substring(0, LONGEST_ERROR) + "…" : text;
  }

  /** Begins nothing more, lets what it makes end or hands it back, and goes. */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    stopping = true;
    hurry = true;
    long deadline = System.nanoTime() + settings.grace().toNanos();
    awaitNone(deadline);
    attempts.values().forEach(Attempt::stop);
    awaitNone(System.nanoTime() + DEAF.toNanos() / 2);
    // Whoever does not heed an interruption is given up; its outcome would come too late.
    attempts
        .values()
        .forEach(
            attempt ->
                commands.tell(
                    new JobCommand.HandedBack(attempt.id(), attempt.attempt(), name), () -> {}));
    closed = true;
    orders.wakeup();
    try {
      loop.join(DEAF);
      threads.shutdownNow();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    for (int partition = 0; partition < commands.partitions(); partition++) {
      commands.tell(partition, name, new JobCommand.Gone(name), _ -> {});
    }
    commands.close();
    orders.close();
  }

  private void awaitNone(long deadlineNanos) {
    while (!attempts.isEmpty() && System.nanoTime() < deadlineNanos) {
      LockSupport.parkNanos(LOOK.toNanos());
    }
  }
}
