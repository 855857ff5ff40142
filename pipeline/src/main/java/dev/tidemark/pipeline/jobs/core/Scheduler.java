package dev.tidemark.pipeline.jobs.core;

import dev.tidemark.contract.catalog.job.JobCatalog;
import dev.tidemark.contract.catalog.job.JobQueue;
import dev.tidemark.contract.catalog.job.JobType;
import dev.tidemark.contract.catalog.job.Pace;
import dev.tidemark.contract.job.JobCommand;
import dev.tidemark.contract.job.JobRequest;
import dev.tidemark.contract.job.Place;
import dev.tidemark.pipeline.jobs.core.Job.Lease;
import dev.tidemark.pipeline.jobs.core.Job.Progress;
import dev.tidemark.pipeline.jobs.core.Job.Status;
import dev.tidemark.pipeline.jobs.core.JobTable.Due;
import dev.tidemark.pipeline.jobs.core.JobTable.Forgetting;
import dev.tidemark.pipeline.jobs.core.JobTable.Owner;
import dev.tidemark.pipeline.jobs.core.JobTable.QueueState;
import dev.tidemark.pipeline.jobs.core.JobTable.Timer;
import dev.tidemark.pipeline.jobs.core.JobTable.Waiting;
import dev.tidemark.pipeline.jobs.core.SchedulerListener.Hold;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The scheduler of one partition's jobs. It decides on what it is told and on what time it is,
 * keeps all it knows in a table, and says what it has decided. What it has in memory besides can be
 * read from the table again.
 *
 * <p>A job that is ready stands in one line: its queue's, or, if something of its own holds it,
 * that of its key, of its type's pace, or of those who wait for a worker. So nothing is passed over
 * again and again. Not thread-safe.
 */
public final class Scheduler {
  /** A step of priority is worth as much as having waited for so long: nothing starves. */
  public static final Duration HEAD_START = Duration.ofSeconds(30);

  /** A worker that was given a job knows of it by then. */
  static final Duration KNOWS_BY = Duration.ofSeconds(5);

  /** For how long it is told that a job was refused. */
  private static final Duration REFUSED_FOR = Duration.ofHours(1);

  private static final Duration UNKNOWN_TYPE = Duration.ofMinutes(1);
  private static final int TIMERS_AT_ONCE = 100;
  private static final int JOBS_AT_ONCE = 200;
  private static final int INDEXED_AT_ONCE = 2_000;
  private static final long HINT_MILLIS = 10_000;
  private static final long SAME_MOMENT_MICROS = 1_000;
  private static final String QUEUE_LINE = "queue/";
  private static final String KEY_LINE = "key/";
  private static final String PACE_LINE = "pace/";
  private static final String WORKER_LINE = "worker/";

  private final JobCatalog catalog;
  private final int partition;
  private final int partitions;
  private final JobTable table;
  private final SchedulerListener listener;
  private final Crew crew;
  private final Schedules schedules;
  private final Map<String, Integer> running = new HashMap<>();

  /**
   * The jobs that each worker works on. In the store each that has ended leaves a trace until it is
   * compacted, and to pass them at every heartbeat costs more than all the rest.
   */
  private final Map<String, Set<String>> works = new HashMap<>();

  private final Map<String, Integer> runningByKey = new HashMap<>();
  private final Set<String> lines = new HashSet<>();
  private final Map<String, QueueState> queues = new HashMap<>();
  private final Map<String, Pacer> pacers = new HashMap<>();
  private Turns turns = Turns.first();
  private boolean forgetting;

  /** Up to this id jobs have their timers again; null if all have. */
  private @Nullable String indexing;

  private long hint;

  /**
   * No timer is due before. To look for one costs more than it seems: whatever was dropped before
   * it has left a trace in the store.
   */
  private long next;

  private long storedHint;
  private final long[] lastOrders = new long[JobType.HIGHEST_PRIORITY + 1];

  /**
   * Goes on with what is in the table.
   *
   * @param partition the number of its partition
   * @param partitions of so many
   * @param indexed whether the table has the whole index; the rest of it is made again otherwise
   */
  public Scheduler(
      JobCatalog catalog,
      int partition,
      int partitions,
      SortedTable table,
      SchedulerListener listener,
      Instant now,
      boolean indexed) {
    this.catalog = catalog;
    this.partition = partition;
    this.partitions = partitions;
    this.table = new JobTable(table);
    this.listener = listener;
    this.crew = new Crew(partitions);
    this.schedules = new Schedules(catalog, partition, partitions, this.table, listener, now);
    if (!indexed) {
      indexing = "";
    }
    hint = this.table.hint();
    storedHint = hint;
    forgetting = this.table.forgetting() != null;
    lines.addAll(this.table.lines());
    for (String name : this.table.workers()) {
      JobTable.Worker worker = this.table.worker(name);
      if (worker != null) {
        // It gets the time to be heard of again.
        crew.heard(name, worker, now, now);
      }
    }
    for (String id : this.table.running()) {
      Entry entry = this.table.job(id);
      if (entry != null) {
        counted(entry.job(), 1);
      }
    }
    // The catalog may allow more than it did.
    for (String line : List.copyOf(lines)) {
      if (line.startsWith(KEY_LINE)) {
        moveUp(line);
      }
      if (line.startsWith(QUEUE_LINE)
          && catalog.queue(line.substring(QUEUE_LINE.length())).isEmpty()) {
        rehome(line);
      }
    }
  }

  /** Whether a key of a table is one of its index, which can be made again. */
  public static boolean isIndex(byte[] key) {
    return JobTable.isIndex(key);
  }

  /** Makes so much of a table's index again that a scheduler can begin with it. */
  public static void indexActive(JobCatalog catalog, SortedTable table) {
    new JobTable(table).indexActive(job -> timerOf(catalog, job));
  }

  /** Whether the index has all that belongs there. */
  public boolean isIndexed() {
    return indexing == null;
  }

  /** Sets timers again, of some jobs at a time: there may be a million, and records wait. */
  private void indexSome(String from) {
    List<Entry> next = table.jobsAfter(from, INDEXED_AT_ONCE);
    next.forEach(entry -> setTimer(timerOf(catalog, entry.job()), entry.job().id()));
    indexing = next.size() < INDEXED_AT_ONCE ? null : next.getLast().job().id();
    if (indexing == null) {
      table.refused().forEach(refused -> setTimer(refused.millis(), refused.id()));
    }
  }

  /** When it is looked at next; at once if the catalog does not name its type any more. */
  private static long timerOf(JobCatalog catalog, Job job) {
    return catalog
        .type(job.request().type())
        .map(type -> wakeAt(life(catalog, type, job.request()), job))
        .orElse(0L);
  }

  /**
   * Does what it is told.
   *
   * @param logged when that came into the log, by the log's own clock
   * @throws Unfit if it is a submission of which no job can be made, or wants of a schedule what
   *     nobody could do
   */
  public void take(JobCommand command, Instant logged, Instant now) {
    crew.heardOfTime(logged, now);
    switch (command) {
      case JobCommand.Submit submit -> submit(submit, now);
      case JobCommand.OfJob ofJob -> ofJob(ofJob, now);
      case JobCommand.Alive alive -> alive(alive, logged, now);
      case JobCommand.Gone(String worker) -> lose(worker, "its worker went", now);
      case JobCommand.Pause(String queue, String by) -> pause(queue, true, by);
      case JobCommand.Resume(String queue, String by) -> pause(queue, false, by);
      case JobCommand.Forget(Instant before) -> forget(before);
      case JobCommand.OfSchedule ofSchedule -> schedules.take(ofSchedule, now);
    }
  }

  private void submit(JobCommand.Submit submit, Instant now) {
    JobRequest request = submit.request();
    JobType type = catalog.type(request.type()).orElse(null);
    if (type == null) {
      throw new Unfit("there is no type of jobs " + request.type());
    }
    Optional<String> fault = fault(submit);
    if (fault.isPresent()) {
      throw new Unfit(fault.get());
    }
    if (table.job(submit.id()) != null) {
      // It comes twice if whoever sent it had no answer.
      return;
    }
    Optional<String> twin = twin(type, request, now);
    if (twin.isPresent()) {
      listener.duplicate(submit.id(), request, submit.due(), twin.get());
      long until = now.plus(REFUSED_FOR).toEpochMilli();
      table.setRefused(until, submit.id());
      timerIsSet(until);
      return;
    }
    Job job = life(type, request).submit(submit.id(), request, submit.due(), now);
    own(type, job, now);
    become(null, job);
  }

  private Optional<String> fault(JobCommand.Submit submit) {
    int lives = Place.ofId(submit.id()).map(place -> place.partition(partitions)).orElse(-1);
    if (lives != partition) {
      return Optional.of("its id is none of partition " + partition);
    }
    JobRequest request = submit.request();
    if (catalog.queue(request.queue()).isEmpty()) {
      return Optional.of("there is no queue " + request.queue());
    }
    if (request.priority() < 0 || request.priority() > JobType.HIGHEST_PRIORITY) {
      return Optional.of("there is no priority " + request.priority());
    }
    if (request.key().filter(Scheduler::isUnfit).isPresent()
        || request.uniqueKey().filter(Scheduler::isUnfit).isPresent()) {
      return Optional.of("a key has a character that no key may have");
    }
    return Optional.empty();
  }

  private static boolean isUnfit(String key) {
    return key.indexOf('\0') >= 0;
  }

  /** The job that counts as the same. */
  private Optional<String> twin(JobType type, JobRequest request, Instant now) {
    if (request.uniqueKey().isEmpty()) {
      return Optional.empty();
    }
    Owner owner = table.owner(type.name(), request.uniqueKey().get());
    return Optional.ofNullable(owner).filter(one -> holds(one, now)).map(Owner::id);
  }

  private boolean holds(Owner owner, Instant now) {
    if (owner.until().filter(until -> until.isAfter(now)).isPresent()) {
      return true;
    }
    Entry entry = table.job(owner.id());
    return entry != null && !entry.job().status().ended();
  }

  private void own(JobType type, Job job, Instant now) {
    Optional<Instant> until = type.uniqueness().within().map(now::plus);
    job.request()
        .uniqueKey()
        .ifPresent(key -> table.own(type.name(), key, new Owner(job.id(), until)));
  }

  private void ofJob(JobCommand.OfJob command, Instant now) {
    Entry entry = table.job(command.id());
    if (entry == null) {
      listener.refused(command.id(), "there is no such job");
      return;
    }
    Job job = entry.job();
    JobType type = catalog.type(job.request().type()).orElse(null);
    if (type == null) {
      listener.refused(command.id(), "there is no type of jobs " + job.request().type());
      return;
    }
    Life life = life(type, job.request());
    Step step =
        switch (command) {
          case JobCommand.Submit _ -> throw new IllegalArgumentException("a job is there already");
          case JobCommand.Cancel _ -> life.cancel(job, now);
          case JobCommand.Retry(String _, Instant due) -> retry(type, life, job, due, now);
          case JobCommand.Reschedule reschedule -> life.reschedule(job, reschedule.due(), now);
          case JobCommand.Progressed at ->
              life.progress(job, at.attempt(), at.worker(), new Progress(at.percent(), at.text()));
          case JobCommand.Saved saved ->
              life.save(job, saved.attempt(), saved.worker(), saved.state());
          case JobCommand.Succeeded done ->
              life.succeed(job, done.attempt(), done.worker(), done.result(), now);
          case JobCommand.Failed failed ->
              life.fail(
                  job,
                  failed.attempt(),
                  failed.worker(),
                  failed.error(),
                  failed.isFinal(),
                  now,
                  dice(job));
          case JobCommand.HandedBack back -> life.handBack(job, back.attempt(), back.worker(), now);
        };
    carryOut(entry, step);
  }

  private Step retry(JobType type, Life life, Job job, Instant due, Instant now) {
    Optional<String> twin = twin(type, job.request(), now).filter(id -> !id.equals(job.id()));
    if (twin.isPresent()) {
      return new Step.Refused("the same as " + twin.get());
    }
    Step step = life.retry(job, due, now);
    if (step.changed() != null) {
      own(type, job, now);
    }
    return step;
  }

  private void carryOut(Entry before, Step step) {
    switch (step) {
      case Step.Refused(String why) -> listener.refused(before.job().id(), why);
      case Step.Taken(Job job, Optional<Step.Signal> signal) -> {
        become(before, job);
        signal.ifPresent(one -> listener.told(job.id(), one));
      }
    }
  }

  private void alive(JobCommand.Alive alive, Instant logged, Instant now) {
    JobTable.Worker worker = new JobTable.Worker(alive.types(), alive.slots(), alive.lease());
    if (crew.heard(alive.worker(), worker, logged, now)) {
      table.putWorker(alive.worker(), worker);
      listener.came(alive.worker(), worker.types(), worker.slots());
    }
    for (String id : worksOf(alive.worker())) {
      Entry entry = table.job(id);
      if (entry == null) {
        continue;
      }
      Job job = entry.job();
      Integer attempt = alive.running().get(id);
      boolean knows = attempt != null && attempt == job.attempt();
      // By when it was said: where much is to be read, that may be long before now.
      if (!knows && !job.since().plus(KNOWS_BY).isAfter(logged)) {
        lost(entry, "its worker does not know of it", now);
      }
    }
  }

  private List<String> worksOf(String worker) {
    return List.copyOf(works.getOrDefault(worker, Set.of()));
  }

  private void lose(String worker, String why, Instant now) {
    for (String id : worksOf(worker)) {
      Entry entry = table.job(id);
      if (entry != null) {
        lost(entry, why, now);
      }
    }
    if (crew.gone(worker)) {
      table.dropWorker(worker);
      listener.went(worker);
    }
  }

  private void lost(Entry entry, String why, Instant now) {
    catalog
        .type(entry.job().request().type())
        .ifPresent(
            type -> carryOut(entry, life(type, entry.job().request()).lost(entry.job(), why, now)));
  }

  private void pause(String queue, boolean paused, String by) {
    QueueState state = state(queue);
    if (state.paused() != paused) {
      put(queue, new QueueState(paused, state.pacer()));
      listener.paused(queue, paused, by);
    }
  }

  private void forget(Instant before) {
    table.setForgetting(new Forgetting(before, ""));
    forgetting = true;
  }

  /** Some jobs at a time: there may be a million, and records wait. */
  private void forgetSome(Instant now) {
    Forgetting at = table.forgetting();
    if (at == null) {
      forgetting = false;
      return;
    }
    List<Entry> next = table.jobsAfter(at.from(), JOBS_AT_ONCE);
    for (Entry entry : next) {
      Job job = entry.job();
      JobType type = catalog.type(job.request().type()).orElse(null);
      if (type != null
          && job.status().ended()
          && job.since().isBefore(at.before())
          && uniqueUntil(type, job).filter(end -> end.isAfter(now)).isEmpty()) {
        table.dropTimer(wakeAt(life(type, job.request()), job), job.id());
        forget(type, job);
      }
    }
    if (next.size() < JOBS_AT_ONCE) {
      table.endForgetting();
      forgetting = false;
    } else {
      table.setForgetting(new Forgetting(at.before(), next.getLast().job().id()));
    }
  }

  private QueueState state(String queue) {
    return queues.computeIfAbsent(queue, table::queue);
  }

  private void put(String queue, QueueState state) {
    queues.put(queue, state);
    table.putQueue(queue, state);
  }

  private Pacer pacer(String type) {
    return pacers.computeIfAbsent(type, table::pacer);
  }

  /**
   * Does what time does, and begins what may begin.
   *
   * @param mayGoOn whether there is time left for more
   */
  public void tick(Instant now, BooleanSupplier mayGoOn) {
    for (String worker : crew.silent(now)) {
      lose(worker, "nothing was heard of its worker in time", now);
    }
    schedules.tick(now, mayGoOn);
    if (indexing != null) {
      indexSome(indexing);
    }
    timers(now, mayGoOn);
    while (forgetting && mayGoOn.getAsBoolean()) {
      forgetSome(now);
    }
    catalog.types().forEach(type -> moveUp(type, now));
    begin(now, mayGoOn);
  }

  private void timers(Instant now, BooleanSupplier mayGoOn) {
    long until = now.toEpochMilli();
    boolean all = until < next;
    while (!all && mayGoOn.getAsBoolean()) {
      Due due = table.timers(hint, until, TIMERS_AT_ONCE);
      next = due.next();
      for (Timer timer : due.timers()) {
        hint = timer.millis();
        fire(timer, now);
      }
      // What has been set meanwhile may be due as well.
      all = due.timers().isEmpty();
    }
    if (all) {
      hint = Math.max(hint, until);
    }
    if (hint - storedHint >= HINT_MILLIS) {
      storedHint = hint;
      table.setHint(hint);
    }
  }

  private void fire(Timer timer, Instant now) {
    table.dropTimer(timer.millis(), timer.id());
    Entry entry = table.job(timer.id());
    if (entry == null) {
      // It was never taken, or is gone already.
      table.dropRefused(timer.id());
      listener.forgotten(timer.id());
      return;
    }
    Job job = entry.job();
    JobType type = catalog.type(job.request().type()).orElse(null);
    if (type == null) {
      // The catalog does not name it any more; it is looked at again when it may.
      setTimer(now.plus(UNKNOWN_TYPE).toEpochMilli(), job.id());
      return;
    }
    if (job.request().uniqueKey().isPresent()) {
      // It may have been refused at first, and taken when it came again.
      table.dropRefused(job.id());
    }
    Life life = life(type, job.request());
    if (life.isForgotten(job, now)) {
      Optional<Instant> until = uniqueUntil(type, job).filter(end -> end.isAfter(now));
      if (until.isPresent()) {
        setTimer(until.get().toEpochMilli() + 1, job.id());
      } else {
        forget(type, job);
      }
      return;
    }
    Step step = life.wake(job, now, dice(job));
    if (step instanceof Step.Taken) {
      carryOut(entry, step);
    } else {
      setTimer(wakeAt(life, job), job.id());
    }
  }

  /** Where the clock was set back, timers are set before those that are done. */
  private void setTimer(long millis, String id) {
    table.setTimer(millis, id);
    timerIsSet(millis);
  }

  private void timerIsSet(long millis) {
    hint = Math.min(hint, millis);
    next = Math.min(next, millis);
    if (hint < storedHint) {
      storedHint = hint;
      table.setHint(hint);
    }
  }

  private void forget(JobType type, Job job) {
    disown(type, job);
    table.forget(job.id());
    listener.forgotten(job.id());
  }

  private void disown(JobType type, Job job) {
    if (owner(type, job).isPresent()) {
      table.disown(type.name(), job.request().uniqueKey().orElseThrow());
    }
  }

  /** Until when others count as the same, whatever has become of it. */
  private Optional<Instant> uniqueUntil(JobType type, Job job) {
    return owner(type, job).flatMap(Owner::until);
  }

  /** What is written down of its unique key, if that is its own. */
  private Optional<Owner> owner(JobType type, Job job) {
    return job.request()
        .uniqueKey()
        .map(key -> table.owner(type.name(), key))
        .filter(owner -> owner.id().equals(job.id()));
  }

  /**
   * Begins jobs as long as there are some that may, and workers for them.
   *
   * @param mayGoOn whether there is time left for more
   */
  public void begin(Instant now, BooleanSupplier mayGoOn) {
    while (mayGoOn.getAsBoolean() && crew.hasRoom()) {
      List<JobQueue> open = new ArrayList<>();
      for (JobQueue queue : catalog.queues()) {
        if (mayBegin(queue, now)) {
          open.add(queue);
        }
      }
      Turns.Turn turn = turns.next(open).orElse(null);
      if (turn == null) {
        return;
      }
      turns = turn.after();
      beginFirst(turn.queue(), now);
    }
  }

  private boolean mayBegin(JobQueue queue, Instant now) {
    String line = QUEUE_LINE + queue.name();
    if (!lines.contains(line) || running.getOrDefault(queue.name(), 0) >= share(queue)) {
      return false;
    }
    QueueState state = state(queue.name());
    return !state.paused()
        && queue.pace().filter(pace -> state.pacer().room(pace, now.toEpochMilli()) == 0).isEmpty();
  }

  /** How many of a queue may run of this partition. */
  private int share(JobQueue queue) {
    if (!queue.isSpread()) {
      return queue.concurrency();
    }
    int rest = queue.concurrency() % partitions;
    return queue.concurrency() / partitions + (partition < rest ? 1 : 0);
  }

  private void beginFirst(JobQueue queue, Instant now) {
    String line = QUEUE_LINE + queue.name();
    Entry entry = first(line);
    if (entry == null) {
      return;
    }
    Job job = entry.job();
    JobType type = catalog.type(job.request().type()).orElse(null);
    if (type == null) {
      standIn(entry, WORKER_LINE + job.request().type());
      return;
    }
    if (job.request().key().isPresent() && isFull(type, job)) {
      standIn(entry, keyLine(job));
      return;
    }
    Pace pace = type.pace().orElse(null);
    if (pace != null && pacer(type.name()).room(pace, now.toEpochMilli()) == 0) {
      standIn(entry, PACE_LINE + type.name());
      return;
    }
    String worker = crew.forType(type.name()).orElse(null);
    if (worker == null) {
      standIn(entry, WORKER_LINE + type.name());
      return;
    }
    if (pace != null) {
      Pacer pacer = pacer(type.name()).begin(pace, now.toEpochMilli(), 1);
      pacers.put(type.name(), pacer);
      table.putPacer(type.name(), pacer);
    }
    queue
        .pace()
        .ifPresent(
            of -> {
              QueueState state = state(queue.name());
              put(
                  queue.name(),
                  new QueueState(state.paused(), state.pacer().begin(of, now.toEpochMilli(), 1)));
            });
    if (life(type, job.request()).begin(job, worker, now) instanceof Step.Taken(Job begun, var _)) {
      become(entry, begun);
      listener.assigned(begun);
    }
  }

  private @Nullable Entry first(String line) {
    while (true) {
      Waiting waiting = table.first(line);
      if (waiting == null) {
        lines.remove(line);
        return null;
      }
      Entry entry = table.job(waiting.id());
      if (entry != null && entry.line().equals(line) && entry.order() == waiting.order()) {
        return entry;
      }
      table.leave(line, waiting.order(), waiting.id());
    }
  }

  private boolean isFull(JobType type, Job job) {
    return type.perKey().isPresent()
        && runningByKey.getOrDefault(keyLine(job), 0) >= type.perKey().getAsInt();
  }

  private static String keyLine(Job job) {
    return KEY_LINE + job.request().type() + "/" + job.request().key().orElse("");
  }

  /** Lets a job wait for what holds it. */
  private void standIn(Entry entry, String line) {
    Entry moved = new Entry(entry.job(), line, entry.order());
    table.leave(entry.line(), entry.order(), entry.job().id());
    table.stand(line, entry.order(), entry.job().id());
    lines.add(line);
    table.put(entry, moved);
    listener.changed(entry.job(), hold(line));
  }

  private static Optional<Hold> hold(String line) {
    if (line.startsWith(KEY_LINE)) {
      return Optional.of(Hold.KEY);
    }
    if (line.startsWith(PACE_LINE)) {
      return Optional.of(Hold.PACE);
    }
    return line.startsWith(WORKER_LINE) ? Optional.of(Hold.WORKER) : Optional.empty();
  }

  /** Lets the first in a line stand with its queue again. */
  private boolean moveUp(String line) {
    if (!lines.contains(line)) {
      return false;
    }
    Entry entry = first(line);
    if (entry == null) {
      return false;
    }
    standIn(entry, QUEUE_LINE + entry.job().request().queue());
    return true;
  }

  /** Lets as many of a type stand with their queue again as their pace and workers may take. */
  private void moveUp(JobType type, Instant now) {
    String paced = PACE_LINE + type.name();
    Pace pace = type.pace().orElse(null);
    if (lines.contains(paced)) {
      moveUp(paced, pace == null ? 1 : pacer(type.name()).room(pace, now.toEpochMilli()));
    }
    String waiting = WORKER_LINE + type.name();
    if (lines.contains(waiting)) {
      moveUp(waiting, crew.roomFor(type.name()));
    }
  }

  private void moveUp(String line, int most) {
    for (int i = 0; i < most && moveUp(line); i++) {
      // The next one.
    }
  }

  /** Writes down what a job is now, where it stands and when time changes it. */
  private void become(@Nullable Entry before, Job job) {
    JobType type = catalog.type(job.request().type()).orElseThrow();
    Life life = life(type, job.request());
    Entry entry = standing(before, job);
    table.put(before, entry);
    long wakeAt = wakeAt(life, job);
    if (before == null) {
      table.setFirstTimer(wakeAt, job.id());
      timerIsSet(wakeAt);
    } else if (wakeAt(life, before.job()) != wakeAt) {
      table.dropTimer(wakeAt(life, before.job()), job.id());
      setTimer(wakeAt, job.id());
    }
    listener.changed(job, hold(entry.line()));
    Lease lease = job.lease();
    boolean worked = before != null && endsWork(before.job(), job);
    if (lease != null && (before == null || before.job().lease() == null)) {
      table.begin(lease.worker(), job.id());
      counted(job, 1);
    }
    boolean hadTurn = before != null && (worked || before.waits());
    if (hadTurn && lease == null && !entry.waits()) {
      moveUp(keyLine(job));
    }
  }

  private boolean endsWork(Job before, Job job) {
    Lease lease = before.lease();
    if (lease == null || job.lease() != null) {
      return false;
    }
    table.end(lease.worker(), job.id());
    counted(before, -1);
    return true;
  }

  /** Where a job stands: one that is ready with its queue, anew if it was not ready before. */
  private Entry standing(@Nullable Entry before, Job job) {
    boolean ready = job.status() == Status.READY;
    if (before != null && before.waits()) {
      if (ready
          && before.job().due().equals(job.due())
          && before.job().request().queue().equals(job.request().queue())) {
        return new Entry(job, before.line(), before.order());
      }
      table.leave(before.line(), before.order(), job.id());
    }
    if (!ready) {
      return Entry.standingNowhere(job);
    }
    String line = QUEUE_LINE + job.request().queue();
    long order = order(job);
    table.stand(line, order, job.id());
    lines.add(line);
    return new Entry(job, line, order);
  }

  /** By the time it is due, and its priority; those of one moment as they came. */
  private long order(Job job) {
    long due = ChronoUnit.MICROS.between(Instant.EPOCH, job.due());
    int priority = job.request().priority();
    long order = due - priority * (HEAD_START.toNanos() / 1_000);
    long last = lastOrders[priority];
    if (order <= last && last - order < SAME_MOMENT_MICROS) {
      order = last + 1;
    }
    lastOrders[priority] = order;
    return order;
  }

  private void counted(Job job, int by) {
    running.merge(job.request().queue(), by, Integer::sum);
    if (job.request().key().isPresent()) {
      runningByKey.merge(keyLine(job), by, (a, b) -> a + b == 0 ? null : Integer.valueOf(a + b));
    }
    Lease lease = job.lease();
    if (lease != null) {
      if (by > 0) {
        crew.begins(lease.worker());
        works.computeIfAbsent(lease.worker(), _ -> new LinkedHashSet<>()).add(job.id());
      } else {
        crew.ends(lease.worker());
        Set<String> left = works.getOrDefault(lease.worker(), new HashSet<>());
        left.remove(job.id());
        if (left.isEmpty()) {
          works.remove(lease.worker());
        }
      }
    }
  }

  /** The catalog names a queue no more: its jobs wait where others of their types do. */
  private void rehome(String line) {
    for (Entry entry = first(line); entry != null; entry = first(line)) {
      Job job = entry.job();
      JobType type = catalog.type(job.request().type()).orElse(null);
      if (type == null) {
        return;
      }
      become(entry, job.waitingIn(type.queue()));
    }
  }

  /** Whole milliseconds, not too early. */
  private static long wakeAt(Life life, Job job) {
    Instant at = life.wakeAt(job);
    Instant millis = at.truncatedTo(ChronoUnit.MILLIS);
    return millis.equals(at) ? millis.toEpochMilli() : millis.toEpochMilli() + 1;
  }

  /** By the rules of where it waits; of its type's queue if there is no such queue any more. */
  private Life life(JobType type, JobRequest request) {
    return life(catalog, type, request);
  }

  private static Life life(JobCatalog catalog, JobType type, JobRequest request) {
    JobQueue queue =
        catalog.queue(request.queue()).orElseGet(() -> catalog.queue(type.queue()).orElseThrow());
    return new Life(type, queue);
  }

  /** The same for the same attempt of the same job, so that who does it again does the same. */
  private static double dice(Job job) {
    long mixed = (job.id().hashCode() * 31L + job.attempt()) * 0x9E3779B97F4A7C15L;
    return (mixed >>> 11) * 0x1.0p-53;
  }
}
