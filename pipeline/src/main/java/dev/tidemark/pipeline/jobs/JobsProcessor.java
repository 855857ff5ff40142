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
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
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
  static final Duration TICK = Duration.ofMillis(20);

  /** Longer would hold up the records that come in. */
  private static final Duration BUDGET = Duration.ofMillis(50);

  private final JobCatalog catalog;
  private final int partitions;
  private final JobsMeters meters;
  private @Nullable Open open;

  /** What exists between init and close. */
  private record Open(
      ProcessorContext<String, Object> context, StoredTable table, Listener listener) {}

  /** Made anew from the store after a failure: what it has in memory may not fit it then. */
  private @Nullable Scheduler scheduler;

  JobsProcessor(JobCatalog catalog, int partitions, JobsMeters meters) {
    this.catalog = catalog;
    this.partitions = partitions;
    this.meters = meters;
  }

  @Override
  public void init(ProcessorContext<String, Object> context) {
    KeyValueStore<Bytes, byte[]> store = context.getStateStore(JobsTopology.STORE);
    open = new Open(context, new StoredTable(store), new Listener(context));
    context.schedule(TICK, PunctuationType.WALL_CLOCK_TIME, _ -> tick());
  }

  @Override
  public void process(Record<String, @Nullable JobCommand> record) {
    JobCommand command =
        requireNonNull(record.value(), "there are no tombstones, yet the command is null");
    Instant now = now();
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

  /** All of it or nothing: what is told and kept is so at the end. */
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
                now());
        scheduler = current;
      }
      deed.with(current);
      with.listener().tell();
      with.table().keep();
      done = true;
    } catch (Unfit e) {
      // It has changed nothing; the scheduler may have been made for it.
      with.listener().tell();
      with.table().keep();
      done = true;
      throw e;
    } finally {
      if (!done) {
        scheduler = null;
        with.table().drop();
        with.listener().drop();
      }
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
    private final Map<String, Optional<Change>> changes = new LinkedHashMap<>();

    private final List<WorkOrder> orders = new ArrayList<>();

    private Listener(ProcessorContext<String, Object> context) {
      this.context = context;
    }

    /** A job is another; none of it means that it is not kept any more. */
    private record Change(Job job, Optional<Hold> waitsFor) {}

    /** Tells what has been decided since the last time. */
    @SuppressWarnings("NullAway") // a tombstone
    void tell() {
      changes.forEach(
          (id, change) ->
              forward(
                  JobsTopology.JOBS_OUT,
                  id,
                  change.map(one -> Told.state(one.job(), one.waitsFor())).orElse(null)));
      changes.clear();
      orders.forEach(order -> forward(JobsTopology.WORK_OUT, order.worker(), order));
      orders.clear();
    }

    /** Forgets what has not been told. */
    void drop() {
      changes.clear();
      orders.clear();
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
