package dev.tidemark.pipeline.jobs.core;

import dev.tidemark.contract.catalog.job.JobQueue;
import dev.tidemark.contract.catalog.job.JobType;
import dev.tidemark.pipeline.jobs.core.Job.Failure;
import dev.tidemark.pipeline.jobs.core.Job.Lease;
import dev.tidemark.pipeline.jobs.core.Job.Progress;
import dev.tidemark.pipeline.jobs.core.Job.Reason;
import dev.tidemark.pipeline.jobs.core.Job.Request;
import dev.tidemark.pipeline.jobs.core.Job.Status;
import dev.tidemark.pipeline.jobs.core.Job.Token;
import dev.tidemark.pipeline.jobs.core.Step.Demand;
import dev.tidemark.pipeline.jobs.core.Step.Refused;
import dev.tidemark.pipeline.jobs.core.Step.Signal;
import dev.tidemark.pipeline.jobs.core.Step.Taken;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The life of jobs of one type: what may follow on what. Whatever a worker says counts only with
 * the number of the attempt that is running and its own name, so that one who was thought dead and
 * is not changes nothing.
 *
 * <p>Which of the jobs that are ready is offered is decided elsewhere; so are limits.
 */
public final class Life {
  /** Without a word for so long a worker counts as dead. */
  public static final Duration LEASE = Duration.ofSeconds(4);

  /** An offer that nobody has claimed for so long counts as lost. */
  public static final Duration OFFER = Duration.ofSeconds(30);

  private final JobType type;
  private final JobQueue queue;

  public Life(JobType type, JobQueue queue) {
    this.type = type;
    this.queue = queue;
  }

  /** A job that was asked for. */
  public Job submit(String id, Request request, Instant due, Instant now) {
    boolean ready = !due.isAfter(now);
    return new Job(
        id,
        request,
        ready ? Status.READY : Status.SCHEDULED,
        now,
        due,
        0,
        type.attempts(),
        null,
        null,
        false,
        Optional.empty(),
        List.of(),
        Optional.empty());
  }

  /** When time alone changes the job next; empty if it never does. */
  public Optional<Instant> wakeAt(Job job) {
    return switch (job.status()) {
      case SCHEDULED -> Optional.of(job.due());
      case READY -> {
        Token token = job.token();
        Instant end = job.since().plus(queue.ttl());
        yield Optional.of(token != null && token.until().isBefore(end) ? token.until() : end);
      }
      case RUNNING -> Optional.of(next(lease(job)));
      case COMPLETED, CANCELLED -> Optional.of(job.since().plus(type.keeping().completed()));
      case FAILED -> Optional.of(job.since().plus(type.keeping().failed()));
    };
  }

  private static Instant next(Lease lease) {
    Instant until = lease.until().isBefore(lease.hard()) ? lease.until() : lease.hard();
    return !lease.asked() && lease.soft().isBefore(until) ? lease.soft() : until;
  }

  /** Whether a job that has ended need not be kept any more. */
  public boolean isForgotten(Job job, Instant now) {
    return job.status().ended() && wakeAt(job).filter(end -> !end.isAfter(now)).isPresent();
  }

  /**
   * What time does to it.
   *
   * @param dice from 0 to 1: where in the jitter of the backoff
   */
  public Step wake(Job job, Instant now, double dice) {
    if (wakeAt(job).filter(due -> !due.isAfter(now)).isEmpty()) {
      return new Refused("it is not time yet");
    }
    return switch (job.status()) {
      case SCHEDULED -> taken(ready(job, job.due(), job.due()));
      case READY -> {
        if (!job.since().plus(queue.ttl()).isAfter(now)) {
          yield taken(
              ended(
                  failing(job, Reason.NOT_BEGUN, "nobody began it in time", now),
                  Status.FAILED,
                  now));
        }
        yield taken(offered(job, null));
      }
      case RUNNING -> wakeRunning(job, now, dice);
      case COMPLETED, FAILED, CANCELLED -> new Refused("it has ended");
    };
  }

  private Step wakeRunning(Job job, Instant now, double dice) {
    Lease lease = lease(job);
    Signal abandon = new Signal(lease.worker(), job.attempt(), Demand.ABANDON);
    if (!lease.hard().isAfter(now)) {
      String error = "it took longer than " + type.hard();
      return new Taken(
          failed(job, Reason.HARD_LIMIT, error, now, type.backoff().after(job.attempt(), dice)),
          Optional.of(abandon));
    }
    if (!lease.until().isAfter(now)) {
      String error = "nothing was heard of the worker " + lease.worker() + " for " + LEASE;
      return new Taken(
          failed(job, Reason.WORKER_LOST, error, now, Duration.ZERO), Optional.of(abandon));
    }
    Demand demand = job.cancelling() ? Demand.CANCEL : Demand.END;
    return new Taken(
        running(job, lease.askedToEnd(), job.cancelling(), job.progress()),
        Optional.of(new Signal(lease.worker(), job.attempt(), demand)));
  }

  /** It is offered to workers. */
  public Step offer(Job job, long number, Instant now) {
    if (job.status() != Status.READY || job.token() != null) {
      return new Refused("it is not there to be offered");
    }
    return taken(offered(job, new Token(number, now.plus(OFFER))));
  }

  /** A worker wants to begin. */
  public Step claim(Job job, long token, String worker, Instant now) {
    Token offer = job.token();
    if (offer == null || offer.number() != token) {
      return new Refused("that offer does not stand any more");
    }
    Instant hard = now.plus(type.hard());
    Lease lease =
        new Lease(worker, now.plus(LEASE), now.plus(type.soft()), hard, false)
            .renewed(now.plus(LEASE));
    return taken(
        new Job(
            job.id(),
            job.request(),
            Status.RUNNING,
            now,
            job.due(),
            job.attempt() + 1,
            job.allowed(),
            null,
            lease,
            false,
            Optional.empty(),
            job.failures(),
            Optional.empty()));
  }

  /** A worker is alive, and may say how far it is. */
  public Step heartbeat(
      Job job, int attempt, String worker, Optional<Progress> progress, Instant now) {
    Refused stranger = stranger(job, attempt, worker);
    if (stranger != null) {
      return stranger;
    }
    return new Taken(
        running(
            job,
            lease(job).renewed(now.plus(LEASE)),
            job.cancelling(),
            progress.isPresent() ? progress : job.progress()),
        job.cancelling()
            ? Optional.of(new Signal(worker, attempt, Demand.CANCEL))
            : Optional.empty());
  }

  /** A worker has done it. */
  public Step succeed(Job job, int attempt, String worker, Optional<String> result, Instant now) {
    Refused stranger = stranger(job, attempt, worker);
    if (stranger != null) {
      return stranger;
    }
    Job done = ended(job, Status.COMPLETED, now);
    return taken(
        new Job(
            done.id(),
            done.request(),
            done.status(),
            done.since(),
            done.due(),
            done.attempt(),
            done.allowed(),
            null,
            null,
            false,
            done.progress(),
            done.failures(),
            result));
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
      return taken(ended(failing(job, Reason.FINAL_ERROR, error, now), Status.FAILED, now));
    }
    return taken(failed(job, Reason.ERROR, error, now, type.backoff().after(job.attempt(), dice)));
  }

  /** A worker that has to go gives it back: the attempt does not count. */
  public Step handBack(Job job, int attempt, String worker, Instant now) {
    Refused stranger = stranger(job, attempt, worker);
    if (stranger != null) {
      return stranger;
    }
    if (job.cancelling()) {
      return taken(ended(job, Status.CANCELLED, now));
    }
    // It keeps its place among others. The number has been used, so one more is allowed instead.
    return taken(allowing(ready(job, job.due(), now), job.allowed() + 1));
  }

  /** Somebody wants it no more. */
  public Step cancel(Job job, Instant now) {
    if (job.status().ended()) {
      return new Refused("it has ended");
    }
    if (job.status() != Status.RUNNING) {
      return taken(ended(job, Status.CANCELLED, now));
    }
    if (job.cancelling()) {
      return new Refused("its worker has been asked to stop");
    }
    Lease lease = lease(job);
    return new Taken(
        running(job, lease, true, job.progress()),
        Optional.of(new Signal(lease.worker(), job.attempt(), Demand.CANCEL)));
  }

  /** Somebody wants it done after all, or once more. */
  public Step retry(Job job, Instant now) {
    if (!job.status().ended()) {
      return new Refused("it has not ended");
    }
    return taken(allowing(ready(job, now, now), job.attempt() + type.attempts()));
  }

  /** Somebody wants it at another time. */
  public Step reschedule(Job job, Instant due, Instant now) {
    if (job.status() != Status.SCHEDULED && job.status() != Status.READY) {
      return new Refused(job.status() == Status.RUNNING ? "somebody works on it" : "it has ended");
    }
    return taken(
        due.isAfter(now)
            ? in(job, Status.SCHEDULED, now, due)
            : ready(job, due.isBefore(now) ? now : due, now));
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
  private Job failed(Job job, Reason reason, String error, Instant now, Duration wait) {
    if (job.cancelling()) {
      return ended(job, Status.CANCELLED, now);
    }
    Job noted = failing(job, reason, error, now);
    if (job.attempt() >= job.allowed()) {
      return ended(noted, Status.FAILED, now);
    }
    Instant due = now.plus(wait);
    return due.isAfter(now) ? in(noted, Status.SCHEDULED, now, due) : ready(noted, now, now);
  }

  private static Job failing(Job job, Reason reason, String error, Instant now) {
    List<Failure> failures = new ArrayList<>(job.failures());
    failures.add(new Failure(job.attempt(), reason, error, now));
    if (failures.size() > Job.MOST_FAILURES) {
      failures.removeFirst();
    }
    return new Job(
        job.id(),
        job.request(),
        job.status(),
        job.since(),
        job.due(),
        job.attempt(),
        job.allowed(),
        job.token(),
        job.lease(),
        job.cancelling(),
        job.progress(),
        failures,
        job.result());
  }

  private static Job ready(Job job, Instant due, Instant since) {
    return in(job, Status.READY, since, due);
  }

  private static Job ended(Job job, Status status, Instant now) {
    return in(job, status, now, job.due());
  }

  /** With nobody at work on it, and no offer out. */
  private static Job in(Job job, Status status, Instant since, Instant due) {
    return new Job(
        job.id(),
        job.request(),
        status,
        since,
        due,
        job.attempt(),
        job.allowed(),
        null,
        null,
        false,
        job.progress(),
        job.failures(),
        job.result());
  }

  private static Job allowing(Job job, int allowed) {
    return new Job(
        job.id(),
        job.request(),
        job.status(),
        job.since(),
        job.due(),
        job.attempt(),
        allowed,
        null,
        null,
        false,
        Optional.empty(),
        job.failures(),
        Optional.empty());
  }

  private static Job offered(Job job, @Nullable Token token) {
    return new Job(
        job.id(),
        job.request(),
        job.status(),
        job.since(),
        job.due(),
        job.attempt(),
        job.allowed(),
        token,
        null,
        false,
        job.progress(),
        job.failures(),
        job.result());
  }

  private static Job running(
      Job job, Lease lease, boolean cancelling, Optional<Progress> progress) {
    return new Job(
        job.id(),
        job.request(),
        Status.RUNNING,
        job.since(),
        job.due(),
        job.attempt(),
        job.allowed(),
        null,
        lease,
        cancelling,
        progress,
        job.failures(),
        job.result());
  }

  private static Lease lease(Job job) {
    Lease lease = job.lease();
    if (lease == null) {
      throw new IllegalStateException(job + " runs without a lease");
    }
    return lease;
  }

  private static Taken taken(Job job) {
    return new Taken(job, Optional.empty());
  }
}
