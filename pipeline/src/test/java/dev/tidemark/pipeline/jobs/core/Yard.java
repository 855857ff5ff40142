package dev.tidemark.pipeline.jobs.core;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.contract.catalog.job.JobCatalog;
import dev.tidemark.contract.catalog.job.JobQueue;
import dev.tidemark.contract.catalog.job.JobType;
import dev.tidemark.contract.catalog.job.Pace;
import dev.tidemark.contract.job.JobCommand;
import dev.tidemark.contract.job.JobRequest;
import dev.tidemark.contract.job.Place;
import dev.tidemark.contract.job.ScheduleState;
import dev.tidemark.pipeline.jobs.core.Job.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * Schedulers of some partitions, their workers, and a clock that only tests move. It holds what
 * schedulers decide against the catalog, at every step.
 */
final class Yard {
  static final Instant START = Instant.parse("2026-06-01T12:00:00Z");

  private final JobCatalog catalog;
  private final int partitions;
  private final List<MemoryTable> tables = new ArrayList<>();
  private final List<Scheduler> schedulers = new ArrayList<>();
  private final Map<String, Set<String>> workers = new TreeMap<>();
  private final Map<String, Integer> slots = new HashMap<>();

  /** What each worker makes: attempts by job. */
  private final Map<String, Map<String, Integer>> works = new TreeMap<>();

  private final Set<String> paused = new HashSet<>();
  private final Map<String, List<Instant>> begunOfQueue = new HashMap<>();
  private final Map<String, List<Instant>> begunOfType = new HashMap<>();
  final Map<String, Job> jobs = new TreeMap<>();
  final Map<String, String> duplicates = new TreeMap<>();
  final List<String> begun = new ArrayList<>();
  final List<Step.Signal> signals = new ArrayList<>();
  final List<String> refusals = new ArrayList<>();
  final Set<String> forgotten = new TreeSet<>();

  /** The workers that everybody was told of. */
  final Set<String> present = new TreeSet<>();

  Instant now = START;

  /** How wrong the clock of the schedulers is; that of the log never is. */
  private Duration wrong = Duration.ZERO;

  /** The latest time that schedulers have seen: what was due by then is. */
  private Instant latest = START;

  private boolean steps;
  private long made;

  Yard(JobCatalog catalog, int partitions) {
    this.catalog = catalog;
    this.partitions = partitions;
    for (int i = 0; i < partitions; i++) {
      tables.add(new MemoryTable());
    }
    restart();
  }

  /**
   * Sets the clock of the schedulers wrong from now on. What begins in a time cannot be told any
   * more.
   */
  void setClock(Duration by) {
    steps = true;
    wrong = by;
  }

  private Instant clock() {
    Instant clock = now.plus(wrong);
    if (clock.isAfter(latest)) {
      latest = clock;
    }
    return clock;
  }

  /** The same tables and jobs under another catalog. */
  Yard with(JobCatalog other) {
    Yard yard = new Yard(other, partitions);
    yard.tables.clear();
    yard.tables.addAll(tables);
    yard.jobs.putAll(jobs);
    yard.now = now;
    yard.restart();
    return yard;
  }

  /** The schedulers begin anew with what is in their tables. */
  void restart() {
    schedulers.clear();
    for (int i = 0; i < partitions; i++) {
      schedulers.add(
          new Scheduler(catalog, i, partitions, tables.get(i), new Checker(), clock(), true));
    }
  }

  /** As well, and what can be made again has to be. */
  void restartWithoutIndex() {
    schedulers.clear();
    for (int i = 0; i < partitions; i++) {
      MemoryTable table = tables.get(i);
      table.dropIndex();
      Scheduler.indexActive(catalog, table);
      schedulers.add(new Scheduler(catalog, i, partitions, table, new Checker(), clock(), false));
    }
    tick();
    assertThat(schedulers).allMatch(Scheduler::isIndexed);
  }

  private final class Checker implements SchedulerListener {
    @Override
    public void changed(Job job, Optional<Hold> waitsFor) {
      jobs.put(job.id(), job);
    }

    @Override
    public void forgotten(String id) {
      jobs.remove(id);
      forgotten.add(id);
    }

    @Override
    public void assigned(Job job) {
      begin(job);
    }

    @Override
    public void paused(String queue, boolean isPaused, String by) {
      assertThat(paused.contains(queue)).isEqualTo(isPaused);
    }

    @Override
    public void came(String worker, Set<String> types, int slots) {
      present.add(worker);
    }

    @Override
    public void went(String worker) {
      present.remove(worker);
    }

    @Override
    public void told(String id, Step.Signal signal) {
      signals.add(signal);
      if (signal.what() == Step.Demand.ABANDON) {
        works.getOrDefault(signal.worker(), new HashMap<>()).remove(id, signal.attempt());
      }
    }

    @Override
    public void duplicate(String id, JobRequest request, Instant due, String of) {
      duplicates.put(id, of);
    }

    @Override
    public void scheduled(ScheduleState schedule) {
      throw new AssertionError("there are no schedules here, yet there is " + schedule);
    }

    @Override
    public void unscheduled(String name) {
      throw new AssertionError("there are no schedules here, yet there was " + name);
    }

    @Override
    public void submit(JobCommand.Submit submit) {
      throw new AssertionError("there are no schedules here, yet there is " + submit);
    }

    @Override
    public void refused(String id, String why) {
      refusals.add(id + ": " + why);
    }
  }

  private void begin(Job job) {
    JobType type = catalog.type(job.request().type()).orElseThrow();
    JobQueue queue = catalog.queue(job.request().queue()).orElseThrow();
    String worker = worker(job);
    assertThat(job.due()).as("due").isBeforeOrEqualTo(latest);
    assertThat(paused).doesNotContain(queue.name());
    assertThat(workers.get(worker)).contains(type.name());
    begun.add(job.id());
    pace(queue.pace(), begunOfQueue.computeIfAbsent(queue.name(), _ -> new ArrayList<>()));
    pace(type.pace(), begunOfType.computeIfAbsent(type.name(), _ -> new ArrayList<>()));
    Map<String, Integer> work = works.get(worker);
    if (work != null) {
      assertThat(work.put(job.id(), job.attempt())).as("it had it already").isNull();
    }
    checkLimits();
  }

  private static String worker(Job job) {
    return requireNonNull(job.lease(), "nobody works on it").worker();
  }

  private void pace(Optional<Pace> pace, List<Instant> begun) {
    begun.add(now);
    pace.filter(_ -> !steps)
        .ifPresent(
            one ->
                assertThat(begun.stream().filter(at -> at.isAfter(now.minus(one.per()))).count())
                    .as("begun in %s", one.per())
                    .isLessThanOrEqualTo(one.count()));
  }

  private void checkLimits() {
    List<Job> running =
        jobs.values().stream().filter(job -> job.status() == Status.RUNNING).toList();
    for (JobQueue queue : catalog.queues()) {
      assertThat(running.stream().filter(job -> job.request().queue().equals(queue.name())).count())
          .as("running of " + queue.name())
          .isLessThanOrEqualTo(queue.concurrency());
    }
    for (JobType type : catalog.types()) {
      type.perKey()
          .ifPresent(
              most ->
                  running.stream()
                      .filter(job -> job.request().type().equals(type.name()))
                      .filter(job -> job.request().key().isPresent())
                      .collect(
                          Collectors.groupingBy(job -> job.request().key(), Collectors.counting()))
                      .forEach((key, count) -> assertThat(count).isLessThanOrEqualTo(most)));
    }
    running.stream()
        .collect(Collectors.groupingBy(Yard::worker, Collectors.counting()))
        .forEach(
            (worker, count) ->
                assertThat(count)
                    .as(worker)
                    .isLessThanOrEqualTo(
                        Math.max(partitions, slots.getOrDefault(worker, Integer.MAX_VALUE))));
  }

  /** What the tables have besides jobs fits the jobs, and of one unique key one job is wanted. */
  void check() {
    checkLimits();
    long waiting = jobs.values().stream().filter(job -> job.status() == Status.READY).count();
    long running = jobs.values().stream().filter(job -> job.status() == Status.RUNNING).count();
    assertThat(sum('a')).as("wait or work").isEqualTo(waiting + running);
    assertThat(sum('j')).as("any others").isEqualTo(jobs.size() - waiting - running);
    assertThat(sum('l')).as("in a line").isEqualTo(waiting);
    assertThat(sum('x')).as("at work").isEqualTo(running);
    assertThat(sum('t')).as("timers").isGreaterThanOrEqualTo(jobs.size());
    jobs.values().stream()
        .filter(job -> !job.status().ended() && job.request().uniqueKey().isPresent())
        .collect(
            Collectors.groupingBy(
                job ->
                    job.request().type()
                        + job.request().uniqueKey()
                        // Where keys decide the place, the same means the same key as well.
                        + (partitions > 1 ? job.request().key() : ""),
                Collectors.counting()))
        .forEach((key, count) -> assertThat(count).as(key).isEqualTo(1));
  }

  long timers() {
    return sum('t');
  }

  private long sum(char kind) {
    return tables.stream().mapToLong(table -> table.count(kind)).sum();
  }

  /** Asks for a job; returns its id. */
  String submit(
      String type, Duration delay, int priority, Optional<String> key, Optional<String> unique) {
    JobType of = catalog.type(type).orElseThrow();
    UUID random = UUID.nameUUIDFromBytes(("job " + made++).getBytes(UTF_8));
    String id = Place.of(catalog, of, key, unique, random).id(random);
    JobRequest request =
        new JobRequest(
            type, of.queueOf(priority, false), priority, key, unique, "{}", "somebody", now);
    tell(new JobCommand.Submit(id, request, now.plus(delay)));
    return id;
  }

  String submit(String type) {
    return submit(type, Duration.ZERO, JobType.PRIORITY, Optional.empty(), Optional.empty());
  }

  /** Tells the scheduler whose job it is, or all. */
  void tell(JobCommand command) {
    if (command instanceof JobCommand.Pause(String queue, String _)) {
      paused.add(queue);
    } else if (command instanceof JobCommand.Resume(String queue, String _)) {
      paused.remove(queue);
    }
    if (command instanceof JobCommand.OfJob ofJob) {
      int partition = Place.ofId(ofJob.id()).orElseThrow().partition(partitions);
      schedulers.get(partition).take(command, now, clock());
    } else {
      schedulers.forEach(scheduler -> scheduler.take(command, now, clock()));
    }
  }

  void hire(String worker, int slotsOf, String... types) {
    workers.put(worker, Set.of(types));
    slots.put(worker, slotsOf);
    works.put(worker, new TreeMap<>());
    alive(worker);
  }

  Set<String> workers() {
    return works.keySet();
  }

  /** It says nothing any more. */
  void kill(String worker) {
    works.remove(worker);
  }

  void alive(String worker) {
    for (int i = 0; i < partitions; i++) {
      int partition = i;
      Map<String, Integer> running = new TreeMap<>();
      work(worker)
          .forEach(
              (id, attempt) -> {
                if (Place.ofId(id).orElseThrow().partition(partitions) == partition) {
                  running.put(id, attempt);
                }
              });
      schedulers
          .get(i)
          .take(
              new JobCommand.Alive(
                  worker,
                  workers.getOrDefault(worker, Set.of()),
                  slots.getOrDefault(worker, 1),
                  running,
                  JobCommand.Alive.LEASE),
              now,
              clock());
    }
  }

  /** What a worker said a while ago is read only now. */
  void aliveSaid(String worker, Instant when, Map<String, Integer> running) {
    JobCommand alive =
        new JobCommand.Alive(
            worker,
            workers.getOrDefault(worker, Set.of()),
            slots.getOrDefault(worker, 1),
            running,
            JobCommand.Alive.LEASE);
    schedulers.forEach(scheduler -> scheduler.take(alive, when, now));
  }

  /** The attempts that a worker makes. */
  Map<String, Integer> work(String worker) {
    return requireNonNull(works.get(worker), "it is no worker of ours");
  }

  Job job(String id) {
    return requireNonNull(jobs.get(id), "it is no job");
  }

  void finish(String worker, String id, boolean well) {
    int attempt = requireNonNull(work(worker).remove(id), "not its job");
    tell(
        well
            ? new JobCommand.Succeeded(id, attempt, worker, Optional.of("1"))
            : new JobCommand.Failed(id, attempt, worker, "no", false));
  }

  void handBack(String worker, String id) {
    int attempt = requireNonNull(work(worker).remove(id), "not its job");
    tell(new JobCommand.HandedBack(id, attempt, worker));
  }

  /** Time passes, second by second, and workers are heard of. */
  void pass(Duration time) {
    Instant until = now.plus(time);
    while (now.isBefore(until)) {
      Instant next = now.plusSeconds(1);
      now = next.isAfter(until) ? until : next;
      List.copyOf(works.keySet()).forEach(this::alive);
      tick();
    }
  }

  void tick() {
    schedulers.forEach(scheduler -> scheduler.tick(clock(), () -> true));
  }
}
