package dev.tidemark.pipeline.board;

import static java.util.Objects.requireNonNull;

import dev.tidemark.contract.Topic;
import dev.tidemark.contract.Topics;
import dev.tidemark.contract.catalog.job.JobCatalog;
import dev.tidemark.contract.catalog.job.JobQueue;
import dev.tidemark.contract.job.JobLog;
import dev.tidemark.contract.job.JobState;
import dev.tidemark.contract.job.QueueState;
import dev.tidemark.contract.job.ScheduleState;
import dev.tidemark.contract.job.WorkerState;
import dev.tidemark.pipeline.board.core.Fingerprint;
import dev.tidemark.pipeline.board.core.JobFilter;
import dev.tidemark.pipeline.board.core.Phase;
import dev.tidemark.pipeline.board.core.Recent;
import dev.tidemark.pipeline.board.core.Why;
import dev.tidemark.pipeline.runtime.Health;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This node's copy of all that is told of jobs. Every node has a whole one, so any node answers any
 * question, also while the scheduler moves from one node to another.
 */
public final class JobBoard implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(JobBoard.class);
  private static final Set<String> STORED = Set.of(Topics.JOB.name(), Topics.JOB_LOG.name());
  private static final Duration STEP = Duration.ofMillis(500);
  private static final Duration PAUSE = Duration.ofMillis(200);
  private static final Duration SILENCE = Duration.ofSeconds(10);
  private static final Duration CLOSE_WITHIN = Duration.ofSeconds(10);
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  /** A compacted topic remembers a deletion for a day. */
  private static final Duration OLDEST = Duration.ofHours(20);

  private static final int MOST_WRITES = 20_000;

  /** How many jobs of a list are looked at for one page, so that no page takes for ever. */
  private static final int MOST_LOOKED_AT = 20_000;

  private static final int MOST_COUNTED = 200_000;
  private static final int MOST_AHEAD = 10_000;

  private final JobCatalog catalog;
  private final InstantSource clock;
  private final BoardStore store;
  private final KafkaConsumer<String, byte[]> consumer;
  private final BoardMeters meters;
  private final Thread thread;
  private final Map<TopicPartition, Long> builtUpTo;
  private final Map<TopicPartition, Long> positions = new ConcurrentHashMap<>();
  private final Map<String, Map<Phase, AtomicLong>> counts = new ConcurrentHashMap<>();
  private final Map<String, Recent> recent = new HashMap<>();
  private final Map<String, ScheduleState> schedules = new ConcurrentHashMap<>();
  private final Map<String, QueueState> queues = new ConcurrentHashMap<>();
  private final Map<String, WorkerState> workers = new ConcurrentHashMap<>();
  private final ConcurrentMap<String, List<Waiter>> waiters = new ConcurrentHashMap<>();
  private final ReentrantLock telling = new ReentrantLock();
  private final Condition told = telling.newCondition();
  private volatile long polledNanos = System.nanoTime();
  private volatile @Nullable Throwable failure;
  private volatile boolean closed;

  /** How many records there are that it has not read. */
  private volatile long lag;

  /** Somebody waits until a job is as wanted. */
  private record Waiter(Predicate<JobState> wanted, CompletableFuture<JobState> job) {}

  /** Where a list goes on: behind this job. */
  public record Mark(long atMicros, String id) {}

  /**
   * A part of a list.
   *
   * @param next where it goes on; empty if there is no more
   */
  public record Page(List<JobState> jobs, Optional<Mark> next) {}

  /** A line of a job's log, and its number among them. */
  public record Line(long number, JobLog log) {}

  /**
   * Jobs that failed alike.
   *
   * @param count how many
   * @param sample the one that was asked for last
   */
  public record Group(
      Fingerprint fingerprint, String queue, String type, long count, JobState sample) {}

  /**
   * How many jobs somebody means.
   *
   * @param all whether that is all of them, or those that were looked at
   */
  public record Count(long jobs, boolean all) {}

  /**
   * How a queue does.
   *
   * @param counts how many of its jobs are in which phase
   * @param oldestDue since when the job that has been ready for longest is
   * @param recent what has ended of late
   * @param paused who paused it, if somebody did
   */
  public record Figures(
      Map<Phase, Long> counts,
      Optional<Instant> oldestDue,
      Recent.Figures recent,
      Optional<QueueState> paused) {}

  /**
   * A worker that is there.
   *
   * @param running how many jobs it works on
   */
  public record Present(WorkerState worker, long running) {}

  /**
   * Opens the board and begins to read.
   *
   * @param admin asked for the topics; closed by whoever made it
   * @throws KafkaException if the brokers do not answer
   */
  public static JobBoard start(
      BoardSettings settings,
      JobCatalog catalog,
      Admin admin,
      MeterRegistry registry,
      InstantSource clock) {
    Map<String, TopicDescription> topics = describe(admin);
    String ids =
        topics.values().stream()
            .filter(topic -> STORED.contains(topic.name()))
            .map(topic -> topic.name() + "=" + topic.topicId())
            .sorted()
            .collect(Collectors.joining(" "));
    BoardStore store =
        BoardStore.open(
            settings.directory(),
            settings.memory(),
            ids,
            clock.instant().minus(OLDEST).toEpochMilli());
    KafkaConsumer<String, byte[]> consumer = consumer(settings.kafka());
    try {
      List<TopicPartition> partitions =
          topics.values().stream()
              .flatMap(
                  topic ->
                      topic.partitions().stream()
                          .map(one -> new TopicPartition(topic.name(), one.partition())))
              .toList();
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions, PATIENCE);
      if (isAhead(store, ends)) {
        LOG.error("The board has read more than there is: records were lost, it is built anew");
        store = store.anew(settings.directory(), settings.memory(), ids);
      }
      JobBoard board = new JobBoard(catalog, clock, store, consumer, ends, registry);
      board.seek(partitions);
      board.count();
      board.thread.start();
      return board;
    } catch (RuntimeException e) {
      consumer.close();
      store.close();
      throw e;
    }
  }

  private JobBoard(
      JobCatalog catalog,
      InstantSource clock,
      BoardStore store,
      KafkaConsumer<String, byte[]> consumer,
      Map<TopicPartition, Long> ends,
      MeterRegistry registry) {
    this.catalog = catalog;
    this.clock = clock;
    this.store = store;
    this.consumer = consumer;
    this.builtUpTo = Map.copyOf(ends);
    this.meters = new BoardMeters(registry, catalog, this::count, () -> lag, this::oldestAge);
    this.thread = Thread.ofPlatform().name("tidemark-job-board").daemon().unstarted(this::run);
  }

  private static Map<String, TopicDescription> describe(Admin admin) {
    try {
      return admin
          .describeTopics(
              List.of(
                  Topics.JOB.name(),
                  Topics.JOB_LOG.name(),
                  Topics.JOB_SCHEDULE.name(),
                  Topics.JOB_QUEUE.name(),
                  Topics.JOB_WORKER.name()))
          .allTopicNames()
          .get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new KafkaException("the brokers do not tell of the topics of jobs", e);
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    }
  }

  private static KafkaConsumer<String, byte[]> consumer(String kafka) {
    Properties properties = new Properties();
    properties.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, kafka);
    properties.put(ConsumerConfig.CLIENT_ID_CONFIG, "tidemark-job-board");
    properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    // What compaction and retention have taken is passed over.
    properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    properties.put(ConsumerConfig.FETCH_MIN_BYTES_CONFIG, 1);
    properties.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 100);
    properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 5_000);
    properties.put(ConsumerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, 500);
    return new KafkaConsumer<>(properties, new StringDeserializer(), new ByteArrayDeserializer());
  }

  private static boolean isAhead(BoardStore store, Map<TopicPartition, Long> ends) {
    return ends.entrySet().stream()
        .filter(one -> isStored(one.getKey()))
        .anyMatch(
            one -> {
              OptionalLong at = store.position(one.getKey().topic(), one.getKey().partition());
              return at.isPresent() && at.getAsLong() > one.getValue();
            });
  }

  /** Schedules, queues and workers are few: they are read anew each time. */
  private static boolean isStored(TopicPartition partition) {
    return STORED.contains(partition.topic());
  }

  private void seek(List<TopicPartition> partitions) {
    consumer.assign(partitions);
    List<TopicPartition> fromTheStart = new ArrayList<>();
    for (TopicPartition partition : partitions) {
      OptionalLong at =
          isStored(partition)
              ? store.position(partition.topic(), partition.partition())
              : OptionalLong.empty();
      if (at.isPresent()) {
        consumer.seek(partition, at.getAsLong());
      } else {
        fromTheStart.add(partition);
      }
    }
    consumer.seekToBeginning(fromTheStart);
    for (TopicPartition partition : partitions) {
      positions.put(partition, consumer.position(partition, PATIENCE));
    }
  }

  /** Counts anew what is in the store. */
  private void count() {
    byte[] all = BoardKeys.lists();
    try (BoardStore.Scan scan = store.scan(all, all)) {
      while (scan.isValid()) {
        byte[] key = scan.key();
        countOf(BoardKeys.queueIn(key), BoardKeys.phaseIn(key)).incrementAndGet();
        scan.next();
      }
    }
  }

  private AtomicLong countOf(String queue, Phase phase) {
    return requireNonNull(
        counts
            .computeIfAbsent(
                queue,
                _ -> {
                  Map<Phase, AtomicLong> all = new EnumMap<>(Phase.class);
                  for (Phase one : Phase.values()) {
                    all.put(one, new AtomicLong());
                  }
                  return all;
                })
            .get(phase),
        "all phases are counted");
  }

  private void run() {
    try (consumer) {
      while (!closed) {
        step();
      }
    } catch (RuntimeException e) {
      LOG.error("The board of jobs stopped; this node cannot tell of jobs", e);
      failure = e;
    } finally {
      store.close();
    }
  }

  private void step() {
    try {
      ConsumerRecords<String, byte[]> records = consumer.poll(STEP);
      polledNanos = System.nanoTime();
      take(records);
      for (TopicPartition partition : consumer.assignment()) {
        positions.put(partition, consumer.position(partition, PATIENCE));
      }
      lag =
          consumer.assignment().stream()
              .mapToLong(partition -> consumer.currentLag(partition).orElse(0))
              .sum();
      signal();
    } catch (WakeupException e) {
      LOG.debug("Woken to stop", e);
    } catch (InterruptException e) {
      closed = true;
    } catch (KafkaException e) {
      LOG.warn("The board of jobs cannot be read right now", e);
      LockSupport.parkNanos(PAUSE.toNanos());
    }
  }

  private void take(ConsumerRecords<String, byte[]> records) {
    if (records.isEmpty()) {
      return;
    }
    for (ConsumerRecord<String, byte[]> line : records.records(Topics.JOB_LOG.name())) {
      // Of one job all lines are in one partition.
      if (line.value() != null) {
        store.line(line.key(), line.offset(), line.value());
      }
    }
    commitIfAny();
    records
        .records(Topics.JOB_SCHEDULE.name())
        .forEach(one -> keep(one, Topics.JOB_SCHEDULE, schedules));
    records.records(Topics.JOB_QUEUE.name()).forEach(one -> keep(one, Topics.JOB_QUEUE, queues));
    records.records(Topics.JOB_WORKER.name()).forEach(one -> keep(one, Topics.JOB_WORKER, workers));
    List<JobState> changed = takeJobs(records.records(Topics.JOB.name()));
    for (TopicPartition partition : records.partitions()) {
      if (isStored(partition)) {
        store.position(partition.topic(), partition.partition(), consumer.position(partition));
      }
    }
    store.commit(clock.millis());
    changed.forEach(this::tell);
  }

  private void signal() {
    telling.lock();
    try {
      told.signalAll();
    } finally {
      telling.unlock();
    }
  }

  private void commitIfAny() {
    if (store.gathered() > 0) {
      store.commit(clock.millis());
    }
  }

  private <V> void keep(
      ConsumerRecord<String, byte[]> record, Topic<String, V> topic, Map<String, V> all) {
    if (record.value() == null) {
      all.remove(record.key());
      return;
    }
    try {
      all.put(
          record.key(),
          topic.valueSerde().deserializer().deserialize(record.topic(), record.value()));
    } catch (SerializationException e) {
      unreadable(record, e);
    }
  }

  /** Of each job the last that is told of it counts; a deletion is told of what was before it. */
  private List<JobState> takeJobs(Iterable<ConsumerRecord<String, byte[]>> records) {
    Map<String, ConsumerRecord<String, byte[]>> last = new LinkedHashMap<>();
    Map<String, ConsumerRecord<String, byte[]>> gone = new LinkedHashMap<>();
    for (ConsumerRecord<String, byte[]> record : records) {
      if (record.value() == null) {
        gone.put(record.key(), record);
      } else {
        last.put(record.key(), record);
        gone.remove(record.key());
      }
    }
    List<JobState> told = new ArrayList<>();
    for (ConsumerRecord<String, byte[]> record : last.values()) {
      try {
        JobState job =
            Topics.JOB.valueSerde().deserializer().deserialize(record.topic(), record.value());
        put(job, record.value(), gone.containsKey(record.key()));
        told.add(job);
      } catch (SerializationException e) {
        unreadable(record, e);
      }
      if (store.gathered() > MOST_WRITES) {
        store.commit(clock.millis());
      }
    }
    gone.keySet().forEach(this::drop);
    return told;
  }

  private void put(JobState job, byte[] bytes, boolean isGone) {
    Card before = store.card(job.id());
    Card card = Card.of(job);
    if (card.phase().ended() && (before == null || !before.phase().ended())) {
      ended(job, card.phase());
    }
    if (isGone) {
      return;
    }
    store.put(job.id(), before, card, bytes);
    if (before != null) {
      countOf(before.queue(), before.phase()).decrementAndGet();
    }
    countOf(card.queue(), card.phase()).incrementAndGet();
  }

  private void ended(JobState job, Phase phase) {
    if (phase != Phase.COMPLETED && phase != Phase.FAILED) {
      return;
    }
    Instant begun = job.begun().orElse(job.since());
    Duration waited = Duration.between(job.due(), begun);
    Duration ran = Duration.between(begun, job.since());
    synchronized (recent) {
      recent
          .computeIfAbsent(job.request().queue(), _ -> new Recent())
          .ended(job.since(), phase == Phase.COMPLETED, waited, ran);
    }
  }

  private void drop(String id) {
    Card before = store.card(id);
    if (before != null) {
      store.drop(id, before);
      countOf(before.queue(), before.phase()).decrementAndGet();
    }
  }

  private void unreadable(ConsumerRecord<String, byte[]> record, SerializationException e) {
    LOG.warn("The record at {} of {} cannot be read", record.offset(), record.topic(), e);
    meters.unreadable();
  }

  private void tell(JobState job) {
    waiters.computeIfPresent(
        job.id(),
        (_, all) -> {
          List<Waiter> left = new ArrayList<>(all);
          left.removeIf(waiter -> waiter.wanted().test(job) && waiter.job().complete(job));
          return left.isEmpty() ? null : left;
        });
  }

  /** Whether everything is on it that was in the topics when it started. */
  public boolean isCaughtUp() {
    return builtUpTo.entrySet().stream()
        .allMatch(one -> positions.getOrDefault(one.getKey(), 0L) >= one.getValue());
  }

  /**
   * Waits until everything is on it that is in the topics before these offsets.
   *
   * @return whether it came to be in time
   */
  public boolean awaitPresent(Map<TopicPartition, Long> ends, Duration atMost)
      throws InterruptedException {
    return await(
        () ->
            ends.entrySet().stream()
                .allMatch(one -> positions.getOrDefault(one.getKey(), 0L) >= one.getValue()),
        atMost);
  }

  /** Of which partitions it tells jobs. */
  public List<TopicPartition> partitions() {
    return positions.keySet().stream()
        .filter(partition -> partition.topic().equals(Topics.JOB.name()))
        .toList();
  }

  public Health health() {
    Throwable why = failure;
    if (why != null) {
      return new Health.Failing("the board of jobs stopped: " + why);
    }
    if (Duration.ofNanos(System.nanoTime() - polledNanos).compareTo(SILENCE) > 0) {
      return new Health.Failing("the brokers have not been asked for 10 s");
    }
    return isCaughtUp() ? new Health.Running() : new Health.Starting("reading of jobs");
  }

  /** What is known of a job. */
  public Optional<JobState> job(String id) {
    return store.job(id).map(JobBoard::read);
  }

  private static JobState read(BoardStore.Found found) {
    return requireNonNull(
        Topics.JOB.valueSerde().deserializer().deserialize(Topics.JOB.name(), found.job()),
        "no job is null");
  }

  /**
   * Waits until a job is as wanted.
   *
   * @return the job as it is then; empty if time is over before
   */
  public Optional<JobState> await(String id, Predicate<JobState> wanted, Duration atMost)
      throws InterruptedException {
    Waiter waiter = new Waiter(wanted, new CompletableFuture<>());
    waiters.merge(
        id,
        List.of(waiter),
        (one, other) -> {
          List<Waiter> all = new ArrayList<>(one);
          all.addAll(other);
          return all;
        });
    try {
      Optional<JobState> now = job(id).filter(wanted);
      if (now.isPresent()) {
        return now;
      }
      return Optional.of(waiter.job().get(atMost.toMillis(), TimeUnit.MILLISECONDS));
    } catch (TimeoutException e) {
      return Optional.empty();
    } catch (ExecutionException e) {
      throw new IllegalStateException("nobody fails to wait", e);
    } finally {
      waiters.computeIfPresent(
          id,
          (_, all) -> {
            List<Waiter> left = new ArrayList<>(all);
            left.remove(waiter);
            return left.isEmpty() ? null : left;
          });
    }
  }

  /**
   * Waits until something is so, and looks again whenever something is told.
   *
   * @return whether it came to be in time
   */
  public boolean await(BooleanSupplier wanted, Duration atMost) throws InterruptedException {
    long left = atMost.toNanos();
    telling.lock();
    try {
      while (!wanted.getAsBoolean()) {
        if (left <= 0) {
          return false;
        }
        left = told.awaitNanos(left);
      }
      return true;
    } finally {
      telling.unlock();
    }
  }

  /** The jobs that somebody means, those that were asked for last first. */
  public Page list(JobFilter filter, int limit, Optional<Mark> from) {
    List<JobState> jobs = new ArrayList<>();
    Optional<Mark> next =
        walk(
            filter,
            from,
            MOST_LOOKED_AT,
            (id, _) -> {
              job(id).filter(job -> filter.phases().contains(Phase.of(job))).ifPresent(jobs::add);
              return jobs.size() < limit;
            });
    return new Page(List.copyOf(jobs), next);
  }

  /** How many jobs somebody means, and some of their ids. */
  public Count count(JobFilter filter, int sample, List<String> ids) {
    long[] count = {0};
    Optional<Mark> next =
        walk(
            filter,
            Optional.empty(),
            MOST_COUNTED,
            (id, _) -> {
              count[0]++;
              if (ids.size() < sample) {
                ids.add(id);
              }
              return true;
            });
    return new Count(count[0], next.isEmpty());
  }

  private interface Each {
    /** Whether to go on. */
    boolean take(String id, byte[] listed);
  }

  /** Of one list: where it is. */
  private record Walk(BoardStore.Scan scan, int prefix) implements AutoCloseable {
    long at() {
      return BoardKeys.atIn(scan.key(), prefix);
    }

    String id() {
      return BoardKeys.idIn(scan.key(), prefix);
    }

    @Override
    public void close() {
      scan.close();
    }
  }

  /** Goes through all lists that a filter touches at once, by age. */
  private Optional<Mark> walk(JobFilter filter, Optional<Mark> from, int most, Each each) {
    List<Walk> walks = new ArrayList<>();
    try {
      if (filter.key().isPresent()) {
        walks.add(walk(BoardKeys.key(filter.key().get()), filter, from));
      } else {
        for (String queue : filter.queue().map(List::of).orElseGet(() -> queuesOf(filter))) {
          for (Phase phase : filter.phases()) {
            if (countOf(queue, phase).get() > 0) {
              walks.add(walk(BoardKeys.list(queue, phase), filter, from));
            }
          }
        }
      }
      int looked = 0;
      while (true) {
        Walk next = youngest(walks);
        if (next == null) {
          return Optional.empty();
        }
        Mark mark = new Mark(next.at(), next.id());
        byte[] listed = next.scan().value();
        boolean goesOn = !fits(filter, mark.id(), listed) || each.take(mark.id(), listed);
        next.scan().next();
        if (!goesOn || ++looked >= most) {
          return youngest(walks) == null ? Optional.empty() : Optional.of(mark);
        }
      }
    } finally {
      walks.forEach(Walk::close);
    }
  }

  private List<String> queuesOf(JobFilter filter) {
    return filter
        .type()
        .flatMap(catalog::type)
        .<List<String>>map(type -> List.copyOf(type.queues()))
        .orElseGet(() -> List.copyOf(counts.keySet()));
  }

  private Walk walk(byte[] prefix, JobFilter filter, Optional<Mark> from) {
    long before = filter.before().map(instant -> Card.micros(instant) - 1).orElse(Long.MAX_VALUE);
    Mark start = from.filter(mark -> mark.atMicros() <= before).orElse(new Mark(before, ""));
    byte[] first = BoardKeys.youngestFirst(prefix, start.atMicros(), start.id());
    Walk walk = new Walk(store.scan(prefix, first), prefix.length);
    if (walk.scan().isValid() && walk.at() == start.atMicros() && walk.id().equals(start.id())) {
      walk.scan().next();
    }
    return walk;
  }

  private static @Nullable Walk youngest(List<Walk> walks) {
    return walks.stream()
        .filter(walk -> walk.scan().isValid())
        .min(Comparator.comparingLong((Walk walk) -> -walk.at()).thenComparing(Walk::id))
        .orElse(null);
  }

  private boolean fits(JobFilter filter, String id, byte[] listed) {
    if (filter.key().isPresent()) {
      Card card = store.card(id);
      return card != null
          && filter.phases().contains(card.phase())
          && filter.queue().filter(queue -> !queue.equals(card.queue())).isEmpty()
          && filter.type().filter(type -> !type.equals(card.type())).isEmpty()
          && filter.fingerprint().filter(one -> !one.equals(card.fingerprint())).isEmpty();
    }
    return filter.type().filter(type -> !type.equals(BoardStore.typeIn(listed))).isEmpty()
        && filter
            .fingerprint()
            .filter(one -> !one.equals(BoardStore.fingerprintIn(listed)))
            .isEmpty();
  }

  /** What has failed for good, by how, the most frequent first. */
  public List<Group> groups(Optional<String> queue) {
    Map<Fingerprint, Long> counts = new HashMap<>();
    Map<Fingerprint, String> samples = new HashMap<>();
    var _ =
        walk(
            new JobFilter(
                Set.of(Phase.FAILED),
                queue,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty()),
            Optional.empty(),
            MOST_COUNTED,
            (id, listed) -> {
              Fingerprint fingerprint = BoardStore.fingerprintIn(listed);
              counts.merge(fingerprint, 1L, Long::sum);
              samples.putIfAbsent(fingerprint, id);
              return true;
            });
    List<Group> groups = new ArrayList<>();
    counts.forEach(
        (fingerprint, count) ->
            job(requireNonNull(samples.get(fingerprint), "no sample"))
                .ifPresent(
                    job ->
                        groups.add(
                            new Group(
                                fingerprint,
                                job.request().queue(),
                                job.request().type(),
                                count,
                                job))));
    groups.sort(Comparator.comparingLong((Group group) -> -group.count()));
    return groups;
  }

  /** The lines of a job's log behind a number, at most so many. */
  public List<Line> lines(String id, long after, int most) {
    List<Line> lines = new ArrayList<>();
    byte[] prefix = BoardKeys.lines(id);
    try (BoardStore.Scan scan = store.scan(prefix, BoardKeys.line(id, after + 1))) {
      while (scan.isValid() && lines.size() < most) {
        long number = BoardKeys.numberOfLine(scan.key());
        try {
          lines.add(
              new Line(
                  number,
                  Topics.JOB_LOG
                      .valueSerde()
                      .deserializer()
                      .deserialize(Topics.JOB_LOG.name(), scan.value())));
        } catch (SerializationException e) {
          LOG.debug("The line {} of {} cannot be read", number, id, e);
        }
        scan.next();
      }
    }
    return lines;
  }

  /** How a queue does. */
  public Figures figures(String queue) {
    Map<Phase, Long> byPhase = new TreeMap<>();
    for (Phase phase : Phase.values()) {
      byPhase.put(phase, countOf(queue, phase).get());
    }
    Recent.Figures figures;
    synchronized (recent) {
      figures = recent.computeIfAbsent(queue, _ -> new Recent()).figures(clock.instant());
    }
    return new Figures(byPhase, oldestDue(queue), figures, paused(queue));
  }

  private long count(String queue, Phase phase) {
    return countOf(queue, phase).get();
  }

  /** Of the first of those that are ready: whoever is behind them by priority may be older. */
  private Optional<Instant> oldestDue(String queue) {
    long oldest = Long.MAX_VALUE;
    byte[] prefix = BoardKeys.ready(queue);
    try (BoardStore.Scan scan = store.scan(prefix, prefix)) {
      for (int i = 0; i < MOST_AHEAD && scan.isValid(); i++) {
        oldest = Math.min(oldest, ByteBuffer.wrap(scan.value()).getLong());
        scan.next();
      }
    }
    return oldest == Long.MAX_VALUE
        ? Optional.empty()
        : Optional.of(Instant.EPOCH.plus(oldest, ChronoUnit.MICROS));
  }

  private double oldestAge(String queue) {
    try {
      return oldestDue(queue)
          .map(due -> Math.max(0, Duration.between(due, clock.instant()).toMillis() / 1000.0))
          .orElse(0.0);
    } catch (BoardClosed e) {
      return 0;
    }
  }

  private Optional<QueueState> paused(String queue) {
    return queues.values().stream()
        .filter(state -> state.queue().equals(queue) && state.paused())
        .findFirst();
  }

  /** The queues that somebody has paused. */
  public boolean isPaused(String queue) {
    return paused(queue).isPresent();
  }

  public Optional<ScheduleState> schedule(String name) {
    return Optional.ofNullable(schedules.get(name));
  }

  /** All schedules, by name. */
  public List<ScheduleState> schedules() {
    return schedules.values().stream()
        .sorted(Comparator.comparing(state -> state.schedule().name()))
        .toList();
  }

  /** The workers that are there, by name. */
  public List<Present> workers() {
    Map<String, WorkerState> byName = new TreeMap<>();
    workers.values().forEach(worker -> byName.putIfAbsent(worker.worker(), worker));
    Map<String, Long> busy = busy();
    return byName.values().stream()
        .map(worker -> new Present(worker, busy.getOrDefault(worker.worker(), 0L)))
        .toList();
  }

  /** How many jobs each worker works on. */
  private Map<String, Long> busy() {
    Map<String, Long> busy = new HashMap<>();
    for (JobState job : list(running(), MOST_AHEAD, Optional.empty()).jobs()) {
      job.worker().ifPresent(worker -> busy.merge(worker, 1L, Long::sum));
    }
    return busy;
  }

  private static JobFilter running() {
    return JobFilter.ALL.in(Set.of(Phase.RUNNING));
  }

  /** Why a job does not run. */
  public List<Why.Reason> why(JobState job) {
    String queue = job.request().queue();
    String type = job.request().type();
    List<Present> able =
        workers().stream().filter(one -> one.worker().types().contains(type)).toList();
    long ofKey =
        job.request().key().isEmpty()
            ? 0
            : count(
                    new JobFilter(
                        Set.of(Phase.RUNNING),
                        Optional.empty(),
                        Optional.of(type),
                        job.request().key(),
                        Optional.empty(),
                        Optional.empty()),
                    0,
                    new ArrayList<>())
                .jobs();
    long ahead = ahead(job);
    Why.Facts facts =
        new Why.Facts(
            paused(queue).map(QueueState::by),
            count(queue, Phase.RUNNING),
            ofKey,
            able.size(),
            able.stream().mapToLong(one -> one.worker().slots()).sum(),
            able.stream().mapToLong(Present::running).sum(),
            ahead,
            ahead >= MOST_AHEAD);
    JobQueue declared = catalog.queue(queue).orElse(null);
    return Why.of(job, catalog.type(type).orElse(null), declared, facts, clock.instant());
  }

  private long ahead(JobState job) {
    if (job.status() != JobState.Status.READY) {
      return 0;
    }
    Card card = Card.of(job);
    long ahead = 0;
    byte[] prefix = BoardKeys.ready(job.request().queue());
    try (BoardStore.Scan scan = store.scan(prefix, prefix)) {
      while (scan.isValid()
          && ahead < MOST_AHEAD
          && BoardKeys.orderIn(scan.key(), prefix.length) < card.order()) {
        ahead++;
        scan.next();
      }
    }
    return ahead;
  }

  @Override
  public void close() {
    closed = true;
    meters.close();
    consumer.wakeup();
    try {
      if (!thread.join(CLOSE_WITHIN)) {
        LOG.warn("The board of jobs is still being read");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
