package dev.tidemark.connectors.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tidemark.contract.Topics;
import dev.tidemark.contract.catalog.job.Backoff;
import dev.tidemark.contract.catalog.job.JobCatalog;
import dev.tidemark.contract.catalog.job.JobQueue;
import dev.tidemark.contract.catalog.job.JobType;
import dev.tidemark.contract.job.JobCommand;
import dev.tidemark.contract.job.JobLog;
import dev.tidemark.contract.job.WorkOrder;
import dev.tidemark.contract.job.WorkOrder.Why;
import dev.tidemark.servers.EmbeddedKafka;
import dev.tidemark.servers.ServerConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A worker beside a real broker; the test is its scheduler. */
@Timeout(120)
class WorkerTest {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final int PARTITIONS = 2;
  private static final JobCatalog CATALOG =
      new JobCatalog(
          List.of(new JobQueue("queue", "", 1, 100, Duration.ofHours(1), Optional.empty())),
          List.of(
              new JobType(
                  "add",
                  "",
                  "queue",
                  7,
                  JobType.SOFT,
                  JobType.HARD,
                  JobType.ATTEMPTS,
                  Backoff.DEFAULT,
                  Optional.empty(),
                  OptionalInt.empty(),
                  Optional.empty(),
                  JobType.Keeping.DEFAULT,
                  List.of())),
          List.of());
  private static final EmbeddedKafka KAFKA = new EmbeddedKafka(ServerConfig.temporary());

  private final ConcurrentLinkedQueue<JobCommand> heard = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<Integer> partitions = new ConcurrentLinkedQueue<>();
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final CountDownLatch listening = new CountDownLatch(1);
  private volatile boolean over;
  private Thread listener;
  private KafkaProducer<String, byte[]> scheduler;
  private Worker worker;

  /** What the handlers of these tests are given. */
  record Sum(int one, int other) {}

  private final Semaphore open = new Semaphore(0);
  private final CompletableFuture<JobContext> begun = new CompletableFuture<>();

  private static final class Adding implements JobHandler<Sum, Map<String, Integer>> {
    @Override
    public String type() {
      return "add";
    }

    @Override
    public Class<Sum> input() {
      return Sum.class;
    }

    @Override
    public Map<String, Integer> run(Sum input, JobContext context) throws FinalError {
      if (input.one() < 0) {
        throw new FinalError("less than nothing");
      }
      context.progress(50, "half");
      return Map.of("sum", Math.addExact(input.one(), input.other()));
    }
  }

  /** Says all that a handler can say. */
  private static final class Telling implements JobHandler<Object, String> {
    @Override
    public String type() {
      return "tell";
    }

    @Override
    public Class<Object> input() {
      return Object.class;
    }

    @Override
    public String run(Object input, JobContext context) {
      for (int i = 0; i < 1_010; i++) {
        context.log(i == 0 ? "x".repeat(3_000) : "line " + i);
      }
      context.save("page 8");
      String child = context.submit("the sum", NewJob.of("add", new Sum(1, 2)));
      context.forgetEnded(Instant.EPOCH);
      return context.saved().orElse("nothing") + " " + child;
    }
  }

  /** Goes on until the test lets it end. */
  private final class Waiting implements JobHandler<Object, String> {
    @Override
    public String type() {
      return "wait";
    }

    @Override
    public Class<Object> input() {
      return Object.class;
    }

    @Override
    public String run(Object input, JobContext context) throws Exception {
      begun.complete(context);
      try {
        open.acquire();
      } catch (InterruptedException e) {
        context.checkpoint();
        throw e;
      }
      return "done";
    }
  }

  @BeforeAll
  static void startKafka() throws Exception {
    KAFKA.start();
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", KAFKA.bootstrapServers()))) {
      admin
          .createTopics(
              List.of(
                  new NewTopic(Topics.JOB_COMMAND.name(), PARTITIONS, (short) 1),
                  new NewTopic(Topics.JOB_LOG.name(), 1, (short) 1),
                  new NewTopic(Topics.JOB_WORK.name(), PARTITIONS, (short) 1)))
          .all()
          .get(20, TimeUnit.SECONDS);
    }
  }

  @AfterAll
  static void stopKafka() {
    KAFKA.close();
  }

  @BeforeEach
  void start() throws InterruptedException {
    listener = Thread.ofPlatform().start(this::listen);
    assertThat(listening.await(20, TimeUnit.SECONDS)).isTrue();
    scheduler =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", KAFKA.bootstrapServers()),
            new StringSerializer(),
            new ByteArraySerializer());
    worker = started(Duration.ofMillis(200));
    await().atMost(SOON).until(() -> said(JobCommand.Alive.class).size() >= PARTITIONS);
  }

  @AfterEach
  void stop() throws InterruptedException {
    worker.close();
    scheduler.close();
    over = true;
    listener.join();
  }

  private void listen() {
    try (KafkaConsumer<String, JobCommand> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", KAFKA.bootstrapServers()),
            Topics.JOB_COMMAND.keySerde().deserializer(),
            Topics.JOB_COMMAND.valueSerde().deserializer())) {
      List<TopicPartition> all =
          List.of(
              new TopicPartition(Topics.JOB_COMMAND.name(), 0),
              new TopicPartition(Topics.JOB_COMMAND.name(), 1));
      consumer.assign(all);
      consumer.seekToEnd(all);
      all.forEach(consumer::position);
      listening.countDown();
      while (!over) {
        for (ConsumerRecord<String, JobCommand> record : consumer.poll(Duration.ofMillis(50))) {
          heard.add(record.value());
          partitions.add(record.partition());
        }
      }
    }
  }

  @Test
  void itSaysToEachPartitionThatItIsThere() {
    assertThat(said(JobCommand.Alive.class).getFirst())
        .isEqualTo(
            new JobCommand.Alive(
                worker.name(), Set.of("add", "wait", "tell"), 8, Map.of(), JobCommand.Alive.LEASE));
    assertThat(partitions).contains(0, 1);
    assertThat(worker.complaint()).isEmpty();
  }

  @Test
  void itDoesWhatItIsGivenAndSaysWhatCameOfIt() {
    String id = begin("add", 1, "{\"one\":2,\"other\":3,\"unknown\":true}");
    JobCommand.Succeeded done = first(JobCommand.Succeeded.class);
    assertThat(done)
        .isEqualTo(new JobCommand.Succeeded(id, 1, worker.name(), Optional.of("{\"sum\":5}")));
    assertThat(said(JobCommand.Progressed.class))
        .containsExactly(new JobCommand.Progressed(id, 1, worker.name(), 50, "half"));
    await().atMost(SOON).until(() -> registry.get("tidemark.worker.busy").gauge().value() == 0);
  }

  @Test
  void itTellsWhatAHandlerSays() throws Exception {
    String id = begin("tell", 1, "{}");
    JobCommand.Succeeded done = first(JobCommand.Succeeded.class);
    assertThat(first(JobCommand.Saved.class))
        .isEqualTo(new JobCommand.Saved(id, 1, worker.name(), "page 8"));
    JobCommand.Submit child = first(JobCommand.Submit.class);
    assertThat(done.result()).contains("\"page 7 " + child.id() + "\"");
    assertThat(child.request().type()).isEqualTo("add");
    assertThat(child.request().queue()).isEqualTo("queue");
    assertThat(child.request().priority()).isEqualTo(7);
    assertThat(child.request().input()).isEqualTo("{\"one\":1,\"other\":2}");
    assertThat(child.request().by()).isEqualTo("job/" + id);
    await().atMost(SOON).until(() -> said(JobCommand.Forget.class).size() == PARTITIONS);
    List<JobLog> lines = lines(id);
    assertThat(lines.getFirst().line()).hasSize(JobLog.LONGEST);
    assertThat(lines.get(1).line()).isEqualTo("line 1");
    assertThat(lines.getLast().line()).contains("No more lines");
    order(
        new WorkOrder.Begin(
            id, 2, worker.name(), "tell", "{}", soft(), hard(), Optional.of("page 8")));
    await().atMost(SOON).until(() -> said(JobCommand.Submit.class).size() == 2);
    assertThat(said(JobCommand.Submit.class).getLast().id())
        .as("the same child")
        .isEqualTo(child.id());
  }

  private static List<JobLog> lines(String id) {
    List<JobLog> lines = new ArrayList<>();
    try (KafkaConsumer<String, byte[]> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", KAFKA.bootstrapServers()),
            new StringDeserializer(),
            new ByteArrayDeserializer())) {
      TopicPartition all = new TopicPartition(Topics.JOB_LOG.name(), 0);
      consumer.assign(List.of(all));
      consumer.seekToBeginning(List.of(all));
      await()
          .atMost(SOON)
          .until(
              () -> {
                consumer
                    .poll(Duration.ofMillis(100))
                    .forEach(
                        record ->
                            lines.add(
                                Topics.JOB_LOG
                                    .valueSerde()
                                    .deserializer()
                                    .deserialize("", record.value())));
                return lines.stream().filter(line -> line.id().equals(id)).count() == 1_001;
              });
    }
    return lines;
  }

  @Test
  void itSaysWhyAnAttemptFailed() {
    String id = begin("add", 1, "{\"one\":2147483647,\"other\":1}");
    assertThat(first(JobCommand.Failed.class))
        .isEqualTo(
            new JobCommand.Failed(
                id, 1, worker.name(), "ArithmeticException: integer overflow", false));
  }

  @Test
  void whatCannotBeDoneIsFinal() {
    begin("add", 1, "{\"one\":-1,\"other\":1}");
    JobCommand.Failed failed = first(JobCommand.Failed.class);
    assertThat(failed.isFinal()).isTrue();
    assertThat(failed.error()).isEqualTo("less than nothing");
  }

  @Test
  void soIsWhatDoesNotFit() {
    begin("add", 1, "{\"one\":\"two\"}");
    JobCommand.Failed failed = first(JobCommand.Failed.class);
    assertThat(failed.isFinal()).isTrue();
    assertThat(failed.error()).startsWith("what it was given does not fit: ");
  }

  @Test
  void whatItDoesNotDoItSays() {
    begin("fly", 1, "{}");
    assertThat(first(JobCommand.Failed.class).error()).isEqualTo("this worker does no fly");
  }

  @Test
  void itNamesWhatItMakesUntilTheOutcomeIsHeard() throws Exception {
    String id = begin("wait", 3, "{}");
    begun.get(20, TimeUnit.SECONDS);
    await()
        .atMost(SOON)
        .until(
            () ->
                said(JobCommand.Alive.class).stream()
                    .anyMatch(alive -> alive.running().equals(Map.of(id, 3))));
    open.release();
    assertThat(first(JobCommand.Succeeded.class).result()).contains("\"done\"");
    int before = said(JobCommand.Alive.class).size();
    await()
        .atMost(SOON)
        .until(() -> said(JobCommand.Alive.class).size() >= before + 2 * PARTITIONS);
    assertThat(said(JobCommand.Alive.class).getLast().running()).isEmpty();
  }

  @Test
  void whatIsCancelledIsInterruptedAndSaysSo() throws Exception {
    String id = begin("wait", 1, "{}");
    JobContext context = begun.get(20, TimeUnit.SECONDS);
    order(new WorkOrder.End(id, 1, worker.name(), Why.CANCELLED));
    assertThat(first(JobCommand.Failed.class).error()).isEqualTo("it was cancelled");
    assertThat(context.asked()).contains(Why.CANCELLED);
  }

  @Test
  void anOrderForAnotherAttemptOrWorkerIsNone() throws Exception {
    String id = begin("wait", 2, "{}");
    JobContext context = begun.get(20, TimeUnit.SECONDS);
    order(new WorkOrder.End(id, 1, worker.name(), Why.CANCELLED));
    order(new WorkOrder.End(id, 2, "another", Why.CANCELLED));
    order(new WorkOrder.Begin(id(), 1, "another", "add", "{}", soft(), hard(), Optional.empty()));
    open.release();
    assertThat(first(JobCommand.Succeeded.class).id()).isEqualTo(id);
    assertThat(context.asked()).isEmpty();
    assertThat(said(JobCommand.Failed.class)).isEmpty();
  }

  @Test
  void ofWhatWasTakenAwayItSaysNothing() throws Exception {
    String id = begin("wait", 1, "{}");
    begun.get(20, TimeUnit.SECONDS);
    order(new WorkOrder.End(id, 1, worker.name(), Why.ABANDONED));
    String other = begin("add", 1, "{\"one\":2,\"other\":3}");
    assertThat(first(JobCommand.Succeeded.class).id()).isEqualTo(other);
    await().atMost(SOON).until(() -> registry.get("tidemark.worker.busy").gauge().value() == 0);
    assertThat(said(JobCommand.Failed.class)).isEmpty();
  }

  @Test
  void beyondTheHardLimitItGivesUpByItself() throws Exception {
    String id = id();
    order(
        new WorkOrder.Begin(
            id,
            1,
            worker.name(),
            "wait",
            "{}",
            soft(),
            Instant.now().plusMillis(300),
            Optional.empty()));
    JobContext context = begun.get(20, TimeUnit.SECONDS);
    await().atMost(SOON).until(() -> context.asked().equals(Optional.of(Why.ABANDONED)));
    await().atMost(SOON).until(() -> registry.get("tidemark.worker.busy").gauge().value() == 0);
    assertThat(said(JobCommand.Failed.class)).isEmpty();
  }

  @Test
  void whoIsStoppedHandsBackAndGoes() throws Exception {
    String id = begin("wait", 1, "{}");
    begun.get(20, TimeUnit.SECONDS);
    worker.close();
    assertThat(first(JobCommand.HandedBack.class))
        .isEqualTo(new JobCommand.HandedBack(id, 1, worker.name()));
    await().atMost(SOON).until(() -> said(JobCommand.Gone.class).size() == PARTITIONS);
  }

  @Test
  void whoIsStoppedIsGivenNothingMoreAndLetsItsWorkEnd() throws Exception {
    worker.close();
    worker = started(SOON);
    String id = begin("wait", 1, "{}");
    begun.get(20, TimeUnit.SECONDS);
    CompletableFuture<Void> gone = CompletableFuture.runAsync(worker::close);
    await()
        .atMost(SOON)
        .until(
            () ->
                said(JobCommand.Alive.class).stream()
                    .anyMatch(
                        alive -> alive.slots() == 0 && alive.running().equals(Map.of(id, 1))));
    open.release();
    gone.get(20, TimeUnit.SECONDS);
    assertThat(first(JobCommand.Succeeded.class).id()).isEqualTo(id);
    assertThat(said(JobCommand.HandedBack.class)).isEmpty();
  }

  private Worker started(Duration grace) {
    return Worker.start(
        new WorkerSettings(KAFKA.bootstrapServers(), CATALOG, "here", 8, grace),
        List.of(new Adding(), new Waiting(), new Telling()),
        registry,
        InstantSource.system());
  }

  private String begin(String type, int attempt, String input) {
    String id = id();
    order(
        new WorkOrder.Begin(
            id, attempt, worker.name(), type, input, soft(), hard(), Optional.of("page 7")));
    return id;
  }

  private static String id() {
    return "0001-" + UUID.randomUUID();
  }

  private static Instant soft() {
    return Instant.now().plusSeconds(60);
  }

  private static Instant hard() {
    return Instant.now().plusSeconds(90);
  }

  private void order(WorkOrder order) {
    var _ =
        scheduler.send(
            new ProducerRecord<>(
                Topics.JOB_WORK.name(),
                order.worker(),
                Topics.JOB_WORK.valueSerde().serializer().serialize("", order)));
  }

  private <T extends JobCommand> T first(Class<T> type) {
    await().atMost(SOON).until(() -> !said(type).isEmpty());
    return said(type).getFirst();
  }

  private <T extends JobCommand> List<T> said(Class<T> type) {
    return heard.stream().filter(type::isInstance).map(type::cast).toList();
  }
}
