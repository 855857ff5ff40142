package dev.tidemark.pipeline.jobs;

import static java.util.Objects.requireNonNull;

import dev.tidemark.contract.catalog.job.JobCatalog;
import dev.tidemark.contract.job.JobCommand;
import dev.tidemark.contract.job.JobRequest;
import dev.tidemark.contract.job.QueueState;
import dev.tidemark.contract.job.ScheduleState;
import dev.tidemark.contract.job.WorkOrder;
import dev.tidemark.contract.job.WorkerState;
import dev.tidemark.pipeline.jobs.core.Job;
import dev.tidemark.pipeline.jobs.core.Scheduler;
import dev.tidemark.pipeline.jobs.core.SchedulerListener;
import dev.tidemark.pipeline.jobs.core.Step;
import dev.tidemark.pipeline.jobs.core.Unfit;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.Queue;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells {@link Scheduler} what it is told and what time it is, and hands on what it decides. */
final class JobsProcessor implements Processor<String, @Nullable JobCommand, String, Object> {
  private static final Logger LOG = LoggerFactory.getLogger(JobsProcessor.class);

  /** How often it is looked what time has done. */
  static final Duration TICK = Duration.ofMillis(10);

  /** Longer would hold up the records that come in. */
  private static final Duration BUDGET = Duration.ofMillis(50);

  private final JobCatalog catalog;
  private final int partitions;
  private final JobsMeters meters;
  private final Supplier<CommitPace> paces;
  private @Nullable Open open;

  /** What exists between init and close. */
  private record Open(
      ProcessorContext<String, Object> context,
      StoredTable table,
      Listener listener,
      CommitPace pace) {}

  /** Made anew from the store after a failure: what it has in memory may not fit it then. */
  private @Nullable Scheduler scheduler;

  /** Whether the index of the table has all that belongs there. */
  private boolean indexed;

  /**
   * @param paces that of the thread that asks
   */
  JobsProcessor(JobCatalog catalog, int partitions, JobsMeters meters, Supplier<CommitPace> paces) {
    this.catalog = catalog;
    this.partitions = partitions;
    this.meters = meters;
    this.paces = paces;
  }

  @Override
  public void init(ProcessorContext<String, Object> context) {
    KeyValueStore<Bytes, byte[]> store = context.getStateStore(JobsTopology.STORE);
    KeyValueStore<Bytes, byte[]> index = context.getStateStore(JobsTopology.INDEX);
    StoredTable table = new StoredTable(store, index);
    indexed = table.open();
    if (!indexed) {
      // Now, since nothing of this partition is in a transaction, which must not last long.
      Scheduler.indexActive(catalog, table);
      meters.indexed();
    }
    open = new Open(context, table, new Listener(context), paces.get());
    // A task that was revived has another table.
    scheduler = null;
    context.schedule(TICK, PunctuationType.WALL_CLOCK_TIME, _ -> tick());
  }

  @Override
  public void process(Record<String, @Nullable JobCommand> record) {
    JobCommand command =
        requireNonNull(record.value(), "there are no tombstones, yet the command is null");
    Instant now = now();
    open().pace().taken(System.nanoTime());
    safely(
        current -> {
          current.take(command, Instant.ofEpochMilli(record.timestamp()), now);
          current.begin(now, budget());
        });
    meters.taken(command);
  }

  private void tick() {
    Instant now = now();
    safely(current -> current.tick(now, budget()));
  }

  private interface Deed {
    void with(Scheduler scheduler);
  }

  /**
   * What has been decided is kept and told at the end, also before a failure: a timer that cannot
   * be dealt with is gone then, and does not fail again and again.
   */
  private void safely(Deed deed) {
    Open with = open();
    boolean done = false;
    try {
      Scheduler current = scheduler;
      if (current == null) {
        current =
            new Scheduler(
                catalog,
                with.context().taskId().partition(),
                partitions,
                with.table(),
                with.listener(),
                now(),
                indexed);
        scheduler = current;
      }
      deed.with(current);
      indexed = current.isIndexed();
      done = true;
    } catch (Unfit e) {
      done = true;
      throw e;
    } finally {
      if (!done) {
        scheduler = null;
      }
      boolean kept = with.table().keep();
      if (with.listener().tell() || kept) {
        with.pace().decided();
      }
      if (with.pace().isDue(System.nanoTime())) {
        with.context().commit();
      }
    }
  }

  @Override
  public void close() {
    Open with = open;
    open = null;
    if (with != null && scheduler != null && indexed) {
      with.table().close();
    }
  }

  private Instant now() {
    return Instant.ofEpochMilli(open().context().currentSystemTimeMs());
  }

  private static BooleanSupplier budget() {
    long started = System.nanoTime();
    return () -> System.nanoTime() - started < BUDGET.toNanos();
  }

  private Open open() {
    return requireNonNull(open, "the processor is not initialised");
  }

  private final class Listener implements SchedulerListener {
    private final ProcessorContext<String, Object> context;

    /** What jobs have become; of each it is told what it is in the end. */
    private final SequencedMap<String, Optional<Change>> changes = new LinkedHashMap<>();

    private final Queue<WorkOrder> orders = new ArrayDeque<>();

    private Listener(ProcessorContext<String, Object> context) {
      this.context = context;
    }

    /** A job is another; none of it means that it is not kept any more. */
    private record Change(Job job, Optional<Hold> waitsFor) {}

    /**
     * Tells what has been decided; what cannot be told is left out.
     *
     * @return whether anything was
     */
    @SuppressWarnings("NullAway") // a tombstone
    boolean tell() {
      boolean some = !changes.isEmpty() || !orders.isEmpty();
      for (var next = changes.pollFirstEntry(); next != null; next = changes.pollFirstEntry()) {
        forward(
            JobsTopology.JOBS_OUT,
            next.getKey(),
            next.getValue().map(one -> Told.state(one.job(), one.waitsFor())).orElse(null));
      }
      for (WorkOrder next = orders.poll(); next != null; next = orders.poll()) {
        forward(JobsTopology.WORK_OUT, next.worker(), next);
      }
      return some;
    }

    @Override
    public void changed(Job job, Optional<Hold> waitsFor) {
      changes.put(job.id(), Optional.of(new Change(job, waitsFor)));
      meters.changed(job);
    }

    @Override
    public void forgotten(String id) {
      changes.put(id, Optional.empty());
    }

    @Override
    public void assigned(Job job) {
      orders.add(Told.begin(job));
      meters.begun(job, now());
    }

    @Override
    public void told(String id, Step.Signal signal) {
      orders.add(Told.end(id, signal));
    }

    @Override
    public void duplicate(String id, JobRequest request, Instant due, String of) {
      forward(JobsTopology.JOBS_OUT, id, Told.refused(request, id, due, of, now()));
    }

    @Override
    public void paused(String queue, boolean paused, String by) {
      QueueState state = new QueueState(queue, partition(), paused, by, now());
      forward(JobsTopology.QUEUES_OUT, state.key(), state);
    }

    @Override
    public void came(String worker, Set<String> types, int slots) {
      WorkerState state = new WorkerState(worker, partition(), types, slots, now());
      forward(JobsTopology.WORKERS_OUT, state.key(), state);
    }

    @Override
    @SuppressWarnings("NullAway") // a tombstone
    public void went(String worker) {
      context.forward(
          new Record<>(worker + "/" + partition(), null, context.currentSystemTimeMs()),
          JobsTopology.WORKERS_OUT);
    }

    @Override
    public void scheduled(ScheduleState schedule) {
      forward(JobsTopology.SCHEDULES_OUT, schedule.schedule().name(), schedule);
    }

    @Override
    @SuppressWarnings("NullAway") // a tombstone
    public void unscheduled(String name) {
      context.forward(
          new Record<>(name, null, context.currentSystemTimeMs()), JobsTopology.SCHEDULES_OUT);
    }

    @Override
    public void submit(JobCommand.Submit submit) {
      forward(JobsTopology.JOBS_TO_DO, submit.id(), submit);
    }

    private int partition() {
      return context.taskId().partition();
    }

    @Override
    public void refused(String id, String why) {
      LOG.debug("{}: {}", id, why);
      meters.refused();
    }

    private void forward(String sink, String key, Object value) {
      context.forward(new Record<>(key, value, context.currentSystemTimeMs()), sink);
    }
  }
}
