package dev.tidemark.pipeline.jobs.core;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.contract.catalog.job.JobCatalog;
import dev.tidemark.contract.job.JobCommand;
import dev.tidemark.contract.job.JobRequest;
import dev.tidemark.contract.job.Place;
import dev.tidemark.contract.job.ScheduleState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Schedulers of some partitions in which nobody works, and a clock that only tests move. What is
 * submitted comes to the partition in which it lives, right after what it came of.
 */
final class Office {
  private final int partitions;
  private final List<MemoryTable> tables = new ArrayList<>();
  private final List<Scheduler> schedulers = new ArrayList<>();
  private final List<JobCommand.Submit> sent = new ArrayList<>();
  private JobCatalog catalog;

  /** What was submitted since it was asked for last. */
  private final List<JobCommand.Submit> made = new ArrayList<>();

  final Map<String, ScheduleState> told = new TreeMap<>();
  final Map<String, Job> jobs = new TreeMap<>();
  final List<String> refusals = new ArrayList<>();
  int tellings;
  Instant now;

  Office(JobCatalog catalog, int partitions, Instant now) {
    this.catalog = catalog;
    this.partitions = partitions;
    this.now = now;
    for (int i = 0; i < partitions; i++) {
      tables.add(new MemoryTable());
    }
    restart();
  }

  void restart() {
    schedulers.clear();
    for (int i = 0; i < partitions; i++) {
      schedulers.add(new Scheduler(catalog, i, partitions, tables.get(i), new Ears(i), now, true));
    }
    deliver();
  }

  void restart(JobCatalog other) {
    catalog = other;
    restart();
  }

  /** Changes what is stored, as no scheduler would. */
  void corrupt(Plan plan) {
    new JobTable(tables.get(Place.ofSchedule(plan.name()).partition(partitions))).put(plan);
  }

  void tell(JobCommand.OfSchedule command) {
    tell(Place.ofSchedule(command.name()).partition(partitions), command);
  }

  void tell(int partition, JobCommand command) {
    schedulers.get(partition).take(command, now, now);
    deliver();
  }

  void tick() {
    schedulers.forEach(scheduler -> scheduler.tick(now, () -> true));
    deliver();
  }

  /** There is no time for anything. */
  void hurriedTick() {
    schedulers.forEach(scheduler -> scheduler.tick(now, () -> false));
    deliver();
  }

  /** Nothing runs meanwhile. */
  void pass(Duration time) {
    now = now.plus(time);
    tick();
  }

  ScheduleState state(String name) {
    return requireNonNull(told.get(name), "there is no schedule " + name);
  }

  /** What was submitted since this was asked for last. */
  List<JobCommand.Submit> made() {
    List<JobCommand.Submit> all = List.copyOf(made);
    made.clear();
    return all;
  }

  boolean hasMade() {
    return !made.isEmpty();
  }

  List<Instant> dues() {
    return made().stream().map(JobCommand.Submit::due).toList();
  }

  private void deliver() {
    List<JobCommand.Submit> all = List.copyOf(sent);
    sent.clear();
    made.addAll(all);
    for (JobCommand.Submit submit : all) {
      int partition = Place.ofId(submit.id()).orElseThrow().partition(partitions);
      schedulers.get(partition).take(submit, now, now);
      assertThat(jobs).as("what was made of %s", submit).containsKey(submit.id());
    }
  }

  private final class Ears implements SchedulerListener {
    private final int partition;

    private Ears(int partition) {
      this.partition = partition;
    }

    @Override
    public void scheduled(ScheduleState schedule) {
      String name = schedule.schedule().name();
      assertThat(Place.ofSchedule(name).partition(partitions)).isEqualTo(partition);
      assertThat(schedule).as("told anew").isNotEqualTo(told.put(name, schedule));
      tellings++;
    }

    @Override
    public void unscheduled(String name) {
      assertThat(told.remove(name)).as(name).isNotNull();
    }

    @Override
    public void submit(JobCommand.Submit submit) {
      sent.add(submit);
    }

    @Override
    public void refused(String id, String why) {
      refusals.add(id + ": " + why);
    }

    @Override
    public void changed(Job job, Optional<Hold> waitsFor) {
      jobs.put(job.id(), job);
    }

    @Override
    public void forgotten(String id) {
      jobs.remove(id);
    }

    @Override
    public void assigned(Job job) {
      throw new AssertionError("nobody works here");
    }

    @Override
    public void told(String id, Step.Signal signal) {
      throw new AssertionError("nobody works here");
    }

    @Override
    public void duplicate(String id, JobRequest request, Instant due, String of) {
      throw new AssertionError(id + " is the same as " + of);
    }

    @Override
    public void paused(String queue, boolean paused, String by) {
      throw new AssertionError("nobody pauses queues here");
    }

    @Override
    public void came(String worker, Set<String> types, int slots) {
      throw new AssertionError("nobody works here");
    }

    @Override
    public void went(String worker) {
      throw new AssertionError("nobody works here");
    }
  }
}
