package dev.tidemark.pipeline.jobs.core;

import static java.util.Objects.requireNonNull;

import dev.tidemark.contract.catalog.job.JobSchedule;
import dev.tidemark.contract.job.ScheduleState;
import dev.tidemark.contract.job.ScheduleState.Origin;
import java.time.Instant;
import java.util.Optional;

/**
 * A schedule as the scheduler knows it.
 *
 * @param state as everybody may know it
 * @param declared what the catalog said of it when it was looked at last, as text; empty if the
 *     catalog does not name it
 * @param done what was due up to then is dealt with, and never again
 */
record Plan(ScheduleState state, Optional<String> declared, Instant done) {
  Plan {
    requireNonNull(state, "state is null");
    requireNonNull(declared, "declared is null");
    requireNonNull(done, "done is null");
  }

  /** One that nothing was ever due by. */
  static Plan fresh(
      JobSchedule schedule, Origin origin, Optional<String> declared, String by, Instant at) {
    return new Plan(
        new ScheduleState(
            schedule,
            origin,
            false,
            by,
            at,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            0,
            Optional.empty()),
        declared,
        Instant.EPOCH);
  }

  String name() {
    return state.schedule().name();
  }

  JobSchedule schedule() {
    return state.schedule();
  }

  /** The same plan, to be changed. */
  Edit edit() {
    return new Edit(this);
  }

  /** A plan that is being changed. */
  static final class Edit {
    private JobSchedule schedule;
    private Origin origin;
    private boolean paused;
    private String by;
    private Instant at;
    private Optional<Instant> next;
    private Optional<Instant> last;
    private Optional<String> lastJob;
    private int missed;
    private Optional<String> fault;
    private Optional<String> declared;
    private Instant done;

    private Edit(Plan from) {
      schedule = from.state.schedule();
      origin = from.state.origin();
      paused = from.state.paused();
      by = from.state.by();
      at = from.state.at();
      next = from.state.next();
      last = from.state.last();
      lastJob = from.state.lastJob();
      missed = from.state.missed();
      fault = from.state.fault();
      declared = from.declared;
      done = from.done;
    }

    /** Somebody wants it so. */
    Edit by(String who, Instant now) {
      by = who;
      at = now;
      return this;
    }

    Edit schedule(JobSchedule now, Origin from) {
      schedule = now;
      origin = from;
      return this;
    }

    Edit declared(String now) {
      declared = Optional.of(now);
      return this;
    }

    Edit paused(boolean now) {
      paused = now;
      return this;
    }

    Edit fault(Optional<String> now) {
      fault = now;
      return this;
    }

    Edit next(Optional<Instant> now) {
      next = now;
      return this;
    }

    /** What was due up to then is dealt with. */
    Edit settled(Instant now) {
      done = now.isAfter(done) ? now : done;
      return this;
    }

    /** Times passed without a job. */
    Edit missed(int more) {
      missed = Math.min(missed + more, ScheduleState.MOST_COUNTED);
      return this;
    }

    /** A job was made of a time at which it was due, and none has been missed since. */
    Edit made(Instant due, String job) {
      last = Optional.of(due);
      missed = 0;
      return lastJob(job);
    }

    Edit lastJob(String job) {
      lastJob = Optional.of(job);
      return this;
    }

    Plan done() {
      return new Plan(
          new ScheduleState(schedule, origin, paused, by, at, next, last, lastJob, missed, fault),
          declared,
          done);
    }
  }
}
