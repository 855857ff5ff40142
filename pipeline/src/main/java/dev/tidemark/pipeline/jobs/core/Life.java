package dev.tidemark.pipeline.jobs.core;

import dev.tidemark.contract.catalog.job.JobQueue;
import dev.tidemark.contract.catalog.job.JobType;
import dev.tidemark.contract.job.JobRequest;
import dev.tidemark.pipeline.jobs.core.Job.Failure;
import dev.tidemark.pipeline.jobs.core.Job.Lease;
import dev.tidemark.pipeline.jobs.core.Job.Progress;
import dev.tidemark.pipeline.jobs.core.Job.Reason;
import dev.tidemark.pipeline.jobs.core.Job.Status;
import dev.tidemark.pipeline.jobs.core.Step.Demand;
import dev.tidemark.pipeline.jobs.core.Step.Refused;
import dev.tidemark.pipeline.jobs.core.Step.Signal;
import dev.tidemark.pipeline.jobs.core.Step.Taken;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The life of jobs of one type: what may follow on what. Whatever a worker says counts only with
 * the number of the attempt that is running and its own name, so that one who was thought dead and
 * is not changes nothing.
 *
 * <p>Which of the jobs that are ready is begun, by whom, and whether a worker is alive is decided
 * elsewhere; so are limits.
 */
public final class Life {
  private final JobType type;
  private final JobQueue queue;

  public Life(JobType type, JobQueue queue) {
    this.type = type;
    this.queue = queue;
  }

  /** A job that was asked for. */
  public Job submit(String id, JobRequest request, Instant due, Instant now) {
    boolean ready = !due.isAfter(now);
    return new Job(
        id,
        request,
        ready ? Status.READY : Status.SCHEDULED,
        now,
        ready && due.isBefore(now) ? now : due,
        0,
        type.attempts(),
        null,
        false,
        Optional.empty(),
        List.of(),
        Optional.empty(),
        null,
        Optional.empty());
  }

  /** When time alone changes the job next. */
  public Instant wakeAt(Job job) {
    return switch (job.status()) {
      case SCHEDULED -> job.due();
      case READY -> job.since().plus(queue.ttl());
      case RUNNING -> {
        Lease lease = lease(job);
        yield lease.asked() ? lease.hard() : lease.soft();
      }
      case COMPLETED, CANCELLED -> job.since().plus(type.keeping().completed());
      case FAILED -> job.since().plus(type.keeping().failed());
    };
  }

  /** Whether a job that has ended need not be kept any more. */
  public boolean isForgotten(Job job, Instant now) {
    return job.status().ended() && !wakeAt(job).isAfter(now);
  }

  /**
   * What time does to it.
   *
   * @param dice from 0 to 1: where in the jitter of the backoff
   */
  public Step wake(Job job, Instant now, double dice) {
    if (wakeAt(job).isAfter(now)) {
      return new Refused("it is not time yet");
    }
    return switch (job.status()) {
      case SCHEDULED -> taken(job.edit().is(Status.READY, job.due()));
      case READY ->
          taken(
              failing(job.edit(), job, Reason.NOT_BEGUN, "nobody began it in time", now)
                  .is(Status.FAILED, now));
      case RUNNING -> wakeRunning(job, now, dice);
      case COMPLETED, FAILED, CANCELLED -> new Refused("it has ended");
    };
  }

  private Step wakeRunning(Job job, Instant now, double dice) {
    Lease lease = lease(job);
    if (!lease.hard().isAfter(now)) {
      String error = "it took longer than " + type.hard();
      return new Taken(
          failed(job, Reason.HARD_LIMIT, error, now, type.backoff().after(job.attempt(), dice)),
          Optional.of(new Signal(lease.worker(), job.attempt(), Demand.ABANDON)));
    }
    Demand demand = job.cancelling() ? Demand.CANCEL : Demand.END;
    return new Taken(
        job.edit().under(new Lease(lease.worker(), lease.soft(), lease.hard(), true)).done(),
        Optional.of(new Signal(lease.worker(), job.attempt(), demand)));
  }

  /** It is given to a worker. */
  public Step begin(Job job, String worker, Instant now) {
    if (job.status() != Status.READY) {
      return new Refused("it is not there to be begun");
    }
    Lease lease = new Lease(worker, now.plus(type.soft()), now.plus(type.hard()), false);
    return taken(
        job.edit()
            .under(lease)
            .since(now)
            .begun(now)
            .attempt(job.attempt() + 1)
            .progress(Optional.empty())
            .result(Optional.empty()));
  }

  /** A worker says how far it is. */
  public Step progress(Job job, int attempt, String worker, Progress progress) {
    Refused stranger = stranger(job, attempt, worker);
    return stranger != null ? stranger : taken(job.edit().progress(Optional.of(progress)));
  }

  /** A worker says how the next attempt could go on where this one is. */
  public Step save(Job job, int attempt, String worker, String state) {
    Refused stranger = stranger(job, attempt, worker);
    return stranger != null ? stranger : taken(job.edit().saved(Optional.of(state)));
  }

  /** Its worker is not heard of any more, or does not know of it. */
  public Step lost(Job job, String error, Instant now) {
    Lease lease = job.lease();
    if (lease == null) {
      return new Refused("nobody works on it");
    }
    return new Taken(
        failed(job, Reason.WORKER_LOST, error, now, Duration.ZERO),
        Optional.of(new Signal(lease.worker(), job.attempt(), Demand.ABANDON)));
  }

  /** A worker has done it. */
  public Step succeed(Job job, int attempt, String worker, Optional<String> result, Instant now) {
    Refused stranger = stranger(job, attempt, worker);
    return stranger != null
        ? stranger
        : taken(job.edit().is(Status.COMPLETED, now).result(result).saved(Optional.empty()));
  }

  /**
   * A worker could not do it.
   *
   * @param isFinal whether another attempt could do no better
   * @param dice from 0 to 1: where in the jitter of the backoff
   */
  public Step fail(
      Job job,
      int attempt,
      String worker,
      String error,
      boolean isFinal,
      Instant now,
      double dice) {
    Refused stranger = stranger(job, attempt, worker);
    if (stranger != null) {
      return stranger;
    }
    if (isFinal && !job.cancelling()) {
      return taken(failing(job.edit(), job, Reason.FINAL_ERROR, error, now).is(Status.FAILED, now));
    }
    Duration wait = type.backoff().after(job.attempt(), dice);
    return new Taken(failed(job, Reason.ERROR, error, now, wait), Optional.empty());
  }

  /** A worker that has to go gives it back: the attempt does not count. */
  public Step handBack(Job job, int attempt, String worker, Instant now) {
    Refused stranger = stranger(job, attempt, worker);
    if (stranger != null) {
      return stranger;
    }
    if (job.cancelling()) {
      return taken(job.edit().is(Status.CANCELLED, now));
    }
    // It keeps its place among others. The number has been used, so one more is allowed instead.
    return taken(job.edit().is(Status.READY, now).allowed(job.allowed() + 1));
  }

  /** Somebody wants it no more. */
  public Step cancel(Job job, Instant now) {
    if (job.status().ended()) {
      return new Refused("it has ended");
    }
    Lease lease = job.lease();
    if (lease == null) {
      return taken(job.edit().is(Status.CANCELLED, now));
    }
    if (job.cancelling()) {
      return new Refused("its worker has been asked to stop");
    }
    return new Taken(
        job.edit().cancelling().done(),
        Optional.of(new Signal(lease.worker(), job.attempt(), Demand.CANCEL)));
  }

  /**
   * Somebody wants it done after all, or once more.
   *
   * @param due not before then
   */
  public Step retry(Job job, Instant due, Instant now) {
    if (!job.status().ended()) {
      return new Refused("it has not ended");
    }
    boolean later = due.isAfter(now);
    return taken(
        job.edit()
            .is(later ? Status.SCHEDULED : Status.READY, now)
            .due(later ? due : now)
            .allowed(job.attempt() + type.attempts())
            .progress(Optional.empty())
            .result(Optional.empty()));
  }

  /** Somebody wants it at another time. */
  public Step reschedule(Job job, Instant due, Instant now) {
    if (job.status() != Status.SCHEDULED && job.status() != Status.READY) {
      return new Refused(job.status() == Status.RUNNING ? "somebody works on it" : "it has ended");
    }
    return taken(
        due.isAfter(now)
            ? job.edit().is(Status.SCHEDULED, now).due(due)
            : job.edit().is(Status.READY, now).due(now));
  }

  /** What does not fit the attempt that is running is not taken. */
  private static @Nullable Refused stranger(Job job, int attempt, String worker) {
    Lease lease = job.lease();
    if (lease == null) {
      return new Refused("nobody works on it");
    }
    return job.attempt() == attempt && lease.worker().equals(worker)
        ? null
        : new Refused("attempt %d of %s is running".formatted(job.attempt(), lease.worker()));
  }

  /** After a failure: another attempt if one is allowed, and what was cancelled is cancelled. */
  private static Job failed(Job job, Reason reason, String error, Instant now, Duration wait) {
    if (job.cancelling()) {
      return job.edit().is(Status.CANCELLED, now).done();
    }
    Job.Edit noted = failing(job.edit(), job, reason, error, now);
    if (job.attempt() >= job.allowed()) {
      return noted.is(Status.FAILED, now).done();
    }
    return (wait.isPositive()
            ? noted.is(Status.SCHEDULED, now).due(now.plus(wait))
            : noted.is(Status.READY, now).due(now))
        .done();
  }

  private static Job.Edit failing(
      Job.Edit edit, Job job, Reason reason, String error, Instant now) {
    Lease lease = job.lease();
    return edit.failed(
        lease == null
            ? new Failure(job.attempt(), reason, error, now, null, null)
            : new Failure(job.attempt(), reason, error, now, job.begun(), lease.worker()));
  }

  private static Lease lease(Job job) {
    Lease lease = job.lease();
    if (lease == null) {
      throw new IllegalStateException(job + " runs without a lease");
    }
    return lease;
  }

  private static Taken taken(Job.Edit edit) {
    return new Taken(edit.done(), Optional.empty());
  }
}
