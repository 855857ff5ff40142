package dev.tidemark.pipeline.board;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tidemark.contract.Topic;
import dev.tidemark.contract.Topics;
import dev.tidemark.contract.catalog.job.Backoff;
import dev.tidemark.contract.catalog.job.JobCatalog;
import dev.tidemark.contract.catalog.job.JobQueue;
import dev.tidemark.contract.catalog.job.JobType;
import dev.tidemark.contract.job.JobLog;
import dev.tidemark.contract.job.JobRequest;
import dev.tidemark.contract.job.JobState;
import dev.tidemark.contract.job.JobState.Failure;
import dev.tidemark.contract.job.JobState.Status;
import dev.tidemark.contract.job.QueueState;
import dev.tidemark.contract.job.WorkerState;
import dev.tidemark.pipeline.board.JobBoard.Mark;
import dev.tidemark.pipeline.board.core.Fingerprint;
import dev.tidemark.pipeline.board.core.JobFilter;
import dev.tidemark.pipeline.board.core.Phase;
import dev.tidemark.pipeline.board.core.Why;
import dev.tidemark.pipeline.runtime.Health;
import dev.tidemark.servers.EmbeddedKafka;
import dev.tidemark.servers.ServerConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The board beside a real broker; the test is the scheduler. */
@Timeout(180)
class JobBoardTest {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");
  private static final List<Topic<?, ?>> TOPICS =
      List.of(Topics.JOB, Topics.JOB_LOG, Topics.JOB_SCHEDULE, Topics.JOB_QUEUE, Topics.JOB_WORKER);
  private static final EmbeddedKafka KAFKA = new EmbeddedKafka(ServerConfig.temporary());
  private static final JobCatalog CATALOG =
      new JobCatalog(
          List.of(queue("shop"), queue("mail")),
          List.of(type("sync", "shop"), type("send", "mail"), type("count", "shop")),
          List.of());

  @TempDir Path directory;
  private final Map<String, JobState> jobs = new TreeMap<>();
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private Admin admin;
  private KafkaProducer<String, byte[]> producer;
  private Instant now = NOW;

  @BeforeAll
  static void startKafka() {
    KAFKA.start();
  }

  @AfterAll
  static void stopKafka() {
    KAFKA.close();
  }

  @BeforeEach
  void connect() throws Exception {
    admin = Admin.create(Map.of("bootstrap.servers", KAFKA.bootstrapServers()));
    admin
        .createTopics(
            TOPICS.stream()
                .map(topic -> new NewTopic(topic.name(), topic.partitions(2), (short) 1))
                .toList())
        .all()
        .get(20, TimeUnit.SECONDS);
    producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", KAFKA.bootstrapServers(), "linger.ms", 5),
            new StringSerializer(),
            new ByteArraySerializer());
  }

  @AfterEach
  void disconnect() throws Exception {
    producer.close();
    admin.deleteTopics(TOPICS.stream().map(Topic::name).toList()).all().get(20, TimeUnit.SECONDS);
    await()
        .atMost(SOON)
        .until(
            () ->
                admin.listTopics().names().get(20, TimeUnit.SECONDS).stream()
                    .noneMatch(name -> name.startsWith("tidemark.job")));
    admin.close();
  }

  @Test
  void listsAndCountsAreThoseOfTheJobsThroughAllChangesAndRestarts() throws Exception {
    long seed = 42;
    Random random = new Random(seed);
    JobBoard board = start();
    try {
      for (int round = 0; round < 12; round++) {
        for (int i = 0; i < 200; i++) {
          change(random);
        }
        if (round == 4) {
          board.close();
          board = start();
        }
        settle(board);
        check(board, random, "seed " + seed + " round " + round);
      }
    } finally {
      board.close();
    }
  }

  private void change(Random random) {
    if (jobs.isEmpty() || random.nextInt(3) == 0) {
      tell(anew(random, id(random), any(random)));
      return;
    }
    List<String> ids = List.copyOf(jobs.keySet());
    String id = ids.get(random.nextInt(ids.size()));
    if (random.nextInt(8) == 0) {
      forget(id);
    } else {
      JobState was = requireNonNull(jobs.get(id), "it is there");
      Status status = any(random);
      tell(with(was, status, NOW.plusMillis(random.nextInt(100_000)), failures(random, status)));
    }
  }

  private void check(JobBoard board, Random random, String context) {
    for (int i = 0; i < 30; i++) {
      JobFilter filter = filter(random);
      List<String> expected =
          jobs.values().stream()
              .filter(job -> matches(filter, job))
              .sorted(
                  Comparator.comparing((JobState job) -> job.request().at())
                      .reversed()
                      .thenComparing(JobState::id))
              .map(JobState::id)
              .toList();
      assertThat(all(board, filter, 1 + random.nextInt(40)))
          .as("%s %s", context, filter)
          .isEqualTo(expected);
      List<String> sample = new ArrayList<>();
      JobBoard.Count count = board.count(filter, 3, sample);
      assertThat(count).as(context).isEqualTo(new JobBoard.Count(expected.size(), true));
      assertThat(sample).isEqualTo(expected.subList(0, Math.min(3, expected.size())));
    }
    for (JobQueue queue : CATALOG.queues()) {
      JobBoard.Figures figures = board.figures(queue.name());
      for (Phase phase : Phase.values()) {
        long expected =
            jobs.values().stream()
                .filter(job -> job.request().queue().equals(queue.name()))
                .filter(job -> Phase.of(job) == phase)
                .count();
        assertThat(figures.counts().get(phase)).as("%s %s", context, phase).isEqualTo(expected);
        assertThat(
                registry
                    .get("tidemark.jobs.count")
                    .tag("queue", queue.name())
                    .tag("phase", phase.text())
                    .gauge()
                    .value())
            .isEqualTo((double) expected);
      }
      assertThat(figures.oldestDue())
          .as(context)
          .isEqualTo(
              jobs.values().stream()
                  .filter(job -> job.request().queue().equals(queue.name()))
                  .filter(job -> job.status() == Status.READY)
                  .map(JobState::due)
                  .min(Comparator.naturalOrder()));
    }
    long failed = jobs.values().stream().filter(job -> job.status() == Status.FAILED).count();
    List<JobBoard.Group> groups = board.groups(Optional.empty());
    assertThat(groups.stream().mapToLong(JobBoard.Group::count).sum()).isEqualTo(failed);
    for (JobBoard.Group group : groups) {
      assertThat(
              jobs.values().stream()
                  .filter(job -> Fingerprint.of(job).equals(group.fingerprint()))
                  .filter(job -> job.status() == Status.FAILED)
                  .count())
          .isEqualTo(group.count());
    }
    jobs.values().forEach(job -> assertThat(board.job(job.id())).contains(job));
  }

  private static boolean matches(JobFilter filter, JobState job) {
    JobRequest request = job.request();
    return filter.phases().contains(Phase.of(job))
        && filter.queue().filter(one -> !one.equals(request.queue())).isEmpty()
        && filter.type().filter(one -> !one.equals(request.type())).isEmpty()
        && (filter.key().isEmpty() || filter.key().equals(request.key()))
        && filter.fingerprint().filter(one -> !one.equals(Fingerprint.of(job))).isEmpty()
        && filter.before().filter(one -> !request.at().isBefore(one)).isEmpty();
  }

  private static JobFilter filter(Random random) {
    EnumSet<Phase> phases = EnumSet.noneOf(Phase.class);
    for (Phase phase : Phase.values()) {
      if (random.nextInt(3) > 0) {
        phases.add(phase);
      }
    }
    return new JobFilter(
        phases,
        random.nextInt(3) == 0 ? Optional.of("shop") : Optional.empty(),
        random.nextInt(3) == 0 ? Optional.of("count") : Optional.empty(),
        random.nextInt(3) == 0 ? Optional.of("key 1") : Optional.empty(),
        random.nextInt(6) == 0
            ? Optional.of(Fingerprint.of(failed("sync", "timeout 7")))
            : Optional.empty(),
        random.nextInt(3) == 0
            ? Optional.of(NOW.plusMillis(random.nextInt(1_000)))
            : Optional.empty());
  }

  private static List<String> all(JobBoard board, JobFilter filter, int limit) {
    List<String> ids = new ArrayList<>();
    Optional<Mark> from = Optional.empty();
    do {
      JobBoard.Page page = board.list(filter, limit, from);
      assertThat(page.jobs().size()).isLessThanOrEqualTo(limit);
      page.jobs().forEach(job -> ids.add(job.id()));
      from = page.next();
    } while (from.isPresent());
    return ids;
  }

  @Test
  void whoWaitsHearsOfIt() throws Exception {
    try (JobBoard board = start()) {
      settle(board);
      String id = id(new Random(1));
      CompletableFuture<Optional<JobState>> waits =
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  return board.await(id, job -> job.status() == Status.COMPLETED, SOON);
                } catch (InterruptedException e) {
                  throw new IllegalStateException(e);
                }
              });
      tell(anew(new Random(1), id, Status.READY));
      tell(with(requireNonNull(jobs.get(id), "told"), Status.COMPLETED, NOW, List.of()));
      assertThat(waits.get(20, TimeUnit.SECONDS)).map(JobState::status).contains(Status.COMPLETED);
      assertThat(board.await(id, _ -> true, Duration.ZERO)).isPresent();
      assertThat(board.await("another", _ -> true, Duration.ofMillis(1))).isEmpty();
    }
  }

  @Test
  void whyKnowsWhoIsAheadAndWhoWorks() throws Exception {
    try (JobBoard board = start()) {
      String last = null;
      for (int i = 0; i < 5; i++) {
        last = id(new Random(i));
        tell(
            state(
                last,
                request("sync", "shop", 5, Optional.empty(), NOW),
                Status.READY,
                NOW.plusMillis(i),
                List.of()));
      }
      settle(board);
      JobState job = board.job(requireNonNull(last, "five were told")).orElseThrow();
      assertThat(board.why(job))
          .extracting(Why.Reason::code)
          .containsExactly(Why.Code.NO_WORKER, Why.Code.BEHIND_OTHERS);
      assertThat(board.why(job).getLast().text()).contains("behind 4 others");
      for (int partition = 0; partition < 2; partition++) {
        WorkerState worker = new WorkerState("ada", partition, Set.of("sync"), 2, NOW);
        send(Topics.JOB_WORKER, worker.key(), worker);
      }
      QueueState paused = new QueueState("shop", 1, true, "ann", NOW);
      send(Topics.JOB_QUEUE, paused.key(), paused);
      settle(board);
      await().atMost(SOON).until(() -> board.workers().size() == 1 && board.isPaused("shop"));
      assertThat(board.why(job))
          .extracting(Why.Reason::code)
          .containsExactly(Why.Code.QUEUE_PAUSED, Why.Code.BEHIND_OTHERS);
      send(Topics.JOB_WORKER, "ada/0", null);
      send(Topics.JOB_WORKER, "ada/1", null);
      QueueState resumed = new QueueState("shop", 1, false, "ann", NOW);
      send(Topics.JOB_QUEUE, resumed.key(), resumed);
      await().atMost(SOON).until(() -> board.workers().isEmpty() && !board.isPaused("shop"));
    }
  }

  @Test
  void linesAreKeptAsLongAsTheirJob() throws Exception {
    String id = id(new Random(9));
    try (JobBoard board = start()) {
      tell(anew(new Random(9), id, Status.RUNNING));
      for (int i = 0; i < 5; i++) {
        send(Topics.JOB_LOG, id, new JobLog(id, 1, "ada", NOW, "line " + i));
      }
      await().atMost(SOON).until(() -> board.lines(id, -1, 100).size() == 5);
      List<JobBoard.Line> first = board.lines(id, -1, 2);
      assertThat(first).extracting(line -> line.log().line()).containsExactly("line 0", "line 1");
      assertThat(board.lines(id, first.getLast().number(), 100))
          .extracting(line -> line.log().line())
          .containsExactly("line 2", "line 3", "line 4");
      forget(id);
      await().atMost(SOON).until(() -> board.job(id).isEmpty());
      assertThat(board.lines(id, -1, 100)).isEmpty();
    }
  }

  @Test
  void aBoardOfAnotherTopicOrOfLongAgoIsBuiltAnew() throws Exception {
    String id = id(new Random(5));
    tell(anew(new Random(5), id, Status.COMPLETED));
    try (JobBoard board = start()) {
      settle(board);
      assertThat(board.job(id)).isPresent();
    }
    // Nothing tells any more that it was forgotten: a deletion is remembered for a day.
    admin.deleteTopics(List.of(Topics.JOB.name())).all().get(20, TimeUnit.SECONDS);
    await()
        .atMost(SOON)
        .until(
            () ->
                !admin.listTopics().names().get(20, TimeUnit.SECONDS).contains(Topics.JOB.name()));
    admin
        .createTopics(List.of(new NewTopic(Topics.JOB.name(), 2, (short) 1)))
        .all()
        .get(20, TimeUnit.SECONDS);
    jobs.clear();
    try (JobBoard board = start()) {
      settle(board);
      assertThat(board.job(id)).isEmpty();
      tell(anew(new Random(5), id, Status.COMPLETED));
      await().atMost(SOON).until(() -> board.job(id).isPresent());
    }
    now = NOW.plus(Duration.ofHours(21));
    try (JobBoard board = start()) {
      assertThat(board.health()).isInstanceOf(Health.class);
      await().atMost(SOON).until(board::isCaughtUp);
      assertThat(board.job(id)).as("read again").isPresent();
      assertThat(
              board.figures("shop").counts().values().stream().mapToLong(one -> one).sum()
                  + board.figures("mail").counts().values().stream().mapToLong(one -> one).sum())
          .isEqualTo(1);
    }
  }

  @Test
  void whatCannotBeReadIsPassedOverAndCounted() throws Exception {
    try (JobBoard board = start()) {
      send(Topics.JOB_LOG, "x", new JobLog("x", 1, "ada", NOW, "of nobody"));
      var _ = producer.send(new ProducerRecord<>(Topics.JOB.name(), "x", "{}".getBytes(UTF_8)));
      String id = id(new Random(6));
      tell(anew(new Random(6), id, Status.READY));
      await().atMost(SOON).until(() -> board.job(id).isPresent());
      await()
          .atMost(SOON)
          .until(() -> registry.get("tidemark.jobs.board.unreadable").counter().count() == 1);
      assertThat(board.health()).isInstanceOf(Health.Running.class);
    }
  }

  private JobBoard start() {
    return JobBoard.start(
        BoardSettings.of(KAFKA.bootstrapServers(), directory),
        CATALOG,
        admin,
        registry,
        (InstantSource) () -> now);
  }

  /** All that was told is on the board. */
  private void settle(JobBoard board) {
    producer.flush();
    await()
        .atMost(SOON)
        .untilAsserted(
            () -> {
              for (JobState job : jobs.values()) {
                assertThat(board.job(job.id())).contains(job);
              }
              assertThat(board.count(JobFilter.ALL, 0, new ArrayList<>()).jobs())
                  .isEqualTo(jobs.size());
            });
  }

  private void tell(JobState job) {
    jobs.put(job.id(), job);
    send(Topics.JOB, job.id(), job);
  }

  private void forget(String id) {
    jobs.remove(id);
    send(Topics.JOB, id, null);
  }

  @SuppressWarnings("NullAway") // a tombstone has no value
  private <V> void send(Topic<String, V> topic, String key, @Nullable V value) {
    byte[] bytes = value == null ? null : topic.valueSerde().serializer().serialize("", value);
    var _ = producer.send(new ProducerRecord<>(topic.name(), key, bytes));
  }

  private static String id(Random random) {
    return "0001-" + new UUID(random.nextLong(), random.nextLong());
  }

  private static Status any(Random random) {
    List<Status> all = List.of(Status.values());
    return all.get(random.nextInt(all.size()));
  }

  private static JobState anew(Random random, String id, Status status) {
    String type = List.of("sync", "send", "count").get(random.nextInt(3));
    JobRequest request =
        request(
            type,
            type.equals("send") ? "mail" : "shop",
            random.nextInt(10),
            random.nextBoolean() ? Optional.of("key " + random.nextInt(3)) : Optional.empty(),
            NOW.plusMillis(random.nextInt(1_000)));
    return state(id, request, status, NOW, failures(random, status));
  }

  private static JobState with(JobState was, Status status, Instant due, List<Failure> failures) {
    return state(was.id(), was.request(), status, due, failures);
  }

  private static JobState failed(String type, String error) {
    return state(
        "x",
        request(type, "shop", 5, Optional.empty(), NOW),
        Status.FAILED,
        NOW,
        List.of(failure(error)));
  }

  private static JobRequest request(
      String type, String queue, int priority, Optional<String> key, Instant at) {
    return new JobRequest(type, queue, priority, key, Optional.empty(), "{}", "ann", at);
  }

  private static List<Failure> failures(Random random, Status status) {
    return status == Status.FAILED || random.nextInt(4) == 0
        ? List.of(failure((random.nextBoolean() ? "timeout " : "refused ") + random.nextInt(1_000)))
        : List.of();
  }

  private static Failure failure(String error) {
    return new Failure(1, "error", error, NOW, Optional.of(NOW), Optional.of("ada"));
  }

  private static JobState state(
      String id, JobRequest request, Status status, Instant due, List<Failure> failures) {
    return new JobState(
        id,
        request,
        status,
        NOW,
        due,
        failures.size(),
        4,
        Optional.empty(),
        status == Status.RUNNING ? Optional.of("ada") : Optional.empty(),
        false,
        Optional.empty(),
        Optional.empty(),
        failures,
        Optional.empty(),
        Optional.empty());
  }

  private static JobQueue queue(String name) {
    return new JobQueue(name, "", 1, 100, Duration.ofHours(1), Optional.empty());
  }

  private static JobType type(String name, String queue) {
    return new JobType(
        name,
        "",
        queue,
        5,
        JobType.SOFT,
        JobType.HARD,
        4,
        Backoff.DEFAULT,
        Optional.empty(),
        OptionalInt.empty(),
        Optional.empty(),
        JobType.Keeping.DEFAULT,
        List.of());
  }
}
