package dev.tidemark.pipeline.jobs.core;

import static java.util.Objects.requireNonNull;

import dev.tidemark.contract.job.JobRequest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A job as the scheduler knows it.
 *
 * @param id its id, which tells its place
 * @param request what was asked for
 * @param status where it is in its life
 * @param since since when it is there
 * @param due when it may be begun; of a job that has begun, when it might have been
 * @param attempt the number of the attempt that is or was made last; 0 before the first
 * @param allowed the number of the last attempt that may be made without being asked for
 * @param lease who works on it while it is running
 * @param cancelling whether who works on it has been asked to stop for good
 * @param progress how far it is, as whoever worked on it said last
 * @param failures how the latest attempts failed, the last one last
 * @param result what it came to, as JSON
 * @param begun when the attempt that is or was made last began
 * @param saved what an attempt saved last, for the next
 */
public record Job(
    String id,
    JobRequest request,
    Status status,
    Instant since,
    Instant due,
    int attempt,
    int allowed,
    @Nullable Lease lease,
    boolean cancelling,
    Optional<Progress> progress,
    List<Failure> failures,
    Optional<String> result,
    @Nullable Instant begun,
    Optional<String> saved) {
  /** How many of the latest failures are kept. */
  static final int MOST_FAILURES = 20;

  /** Where a job is in its life. */
  public enum Status {
    /** It waits for its time: the first, or that of another attempt. */
    SCHEDULED,
    /** It could begin. */
    READY,
    /** Somebody works on it. */
    RUNNING,
    /** It is done. */
    COMPLETED,
    /** It will not be tried again by itself. */
    FAILED,
    /** Somebody wanted it no more. */
    CANCELLED;

    /** Whether nothing happens any more unless somebody asks for it. */
    public boolean ended() {
      return this == COMPLETED || this == FAILED || this == CANCELLED;
    }
  }

  /**
   * Somebody works on it.
   *
   * @param worker who
   * @param soft when it is asked to end
   * @param hard when the attempt counts as failed, whatever it does
   * @param asked whether it has been asked to end
   */
  public record Lease(String worker, Instant soft, Instant hard, boolean asked) {
    public Lease {
      requireNonNull(worker, "worker is null");
      requireNonNull(soft, "soft is null");
      requireNonNull(hard, "hard is null");
    }
  }

  /**
   * How far it is.
   *
   * @param percent from 0 to 100
   * @param text in words; may be empty
   */
  public record Progress(int percent, String text) {
    public Progress {
      requireNonNull(text, "text is null");
      if (percent < 0 || percent > 100) {
        throw new IllegalArgumentException(percent + " % is no progress");
      }
    }
  }

  /**
   * How an attempt failed.
   *
   * @param attempt its number
   * @param reason the kind of failure
   * @param error what was said of it
   * @param at when
   * @param begun when the attempt began; null if there was none
   * @param worker who made it; null if there was none
   */
  public record Failure(
      int attempt,
      Reason reason,
      String error,
      Instant at,
      @Nullable Instant begun,
      @Nullable String worker) {
    public Failure {
      requireNonNull(reason, "reason is null");
      requireNonNull(error, "error is null");
      requireNonNull(at, "at is null");
    }
  }

  /** Why an attempt failed, or a job without one. */
  public enum Reason {
    /** The handler said so. */
    ERROR,
    /** The handler said so, and that no other attempt could do better. */
    FINAL_ERROR,
    /** It took longer than the hard limit. */
    HARD_LIMIT,
    /** Nothing was heard of the worker for as long as its lease. */
    WORKER_LOST,
    /** Nobody began it within the time to live of its queue. */
    NOT_BEGUN;

    private final String text = name().toLowerCase(Locale.ROOT).replace('_', '-');

    /** The word for it. */
    public String text() {
      return text;
    }
  }

  public Job {
    requireNonNull(id, "id is null");
    requireNonNull(request, "request is null");
    requireNonNull(status, "status is null");
    requireNonNull(since, "since is null");
    requireNonNull(due, "due is null");
    requireNonNull(progress, "progress is null");
    requireNonNull(result, "result is null");
    requireNonNull(saved, "saved is null");
    failures = List.copyOf(failures);
    if ((status == Status.RUNNING) != (lease != null)) {
      throw new IllegalArgumentException(status + " with the lease " + lease);
    }
    if (cancelling && status != Status.RUNNING) {
      throw new IllegalArgumentException(status + " and being cancelled");
    }
  }

  /** The same job in another queue. */
  Job waitingIn(String queue) {
    return new Job(
        id,
        new JobRequest(
            request.type(),
            queue,
            request.priority(),
            request.key(),
            request.uniqueKey(),
            request.input(),
            request.by(),
            request.at()),
        status,
        since,
        due,
        attempt,
        allowed,
        lease,
        cancelling,
        progress,
        failures,
        result,
        begun,
        saved);
  }

  /** The same job, to be changed. */
  Edit edit() {
    return new Edit(this);
  }

  /** A job that is being changed. */
  static final class Edit {
    private final Job from;
    private Status status;
    private Instant since;
    private Instant due;
    private int attempt;
    private int allowed;
    private @Nullable Lease lease;
    private boolean cancelling;
    private Optional<Progress> progress;
    private List<Failure> failures;
    private Optional<String> result;
    private @Nullable Instant begun;
    private Optional<String> saved;

    private Edit(Job from) {
      this.from = from;
      status = from.status;
      since = from.since;
      due = from.due;
      attempt = from.attempt;
      allowed = from.allowed;
      lease = from.lease;
      cancelling = from.cancelling;
      progress = from.progress;
      failures = from.failures;
      result = from.result;
      begun = from.begun;
      saved = from.saved;
    }

    /** It is there from then on, and nobody works on it. */
    Edit is(Status now, Instant from) {
      status = now;
      since = from;
      lease = null;
      cancelling = false;
      return this;
    }

    /** Somebody works on it. */
    Edit under(Lease now) {
      status = Status.RUNNING;
      lease = now;
      return this;
    }

    Edit since(Instant now) {
      since = now;
      return this;
    }

    Edit due(Instant now) {
      due = now;
      return this;
    }

    Edit attempt(int now) {
      attempt = now;
      return this;
    }

    Edit allowed(int now) {
      allowed = now;
      return this;
    }

    Edit cancelling() {
      cancelling = true;
      return this;
    }

    Edit progress(Optional<Progress> now) {
      progress = now;
      return this;
    }

    Edit failed(Failure failure) {
      List<Failure> all = new ArrayList<>(failures);
      all.add(failure);
      failures = all.size() > MOST_FAILURES ? all.subList(1, all.size()) : all;
      return this;
    }

    Edit result(Optional<String> now) {
      result = now;
      return this;
    }

    Edit begun(Instant now) {
      begun = now;
      return this;
    }

    Edit saved(Optional<String> now) {
      saved = now;
      return this;
    }

    Job done() {
      return new Job(
          from.id,
          from.request,
          status,
          since,
          due,
          attempt,
          allowed,
          lease,
          cancelling,
          progress,
          failures,
          result,
          begun,
          saved);
    }
  }
}
