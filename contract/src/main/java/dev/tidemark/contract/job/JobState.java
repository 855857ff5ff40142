package dev.tidemark.contract.job;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A job as everybody may know it.
 *
 * @param id its id
 * @param request what somebody wants done
 * @param status where it is in its life
 * @param since since when it is there
 * @param due when it may be begun; of a job that has begun, when it might have been
 * @param attempt the number of the attempt that is or was made last; 0 before the first
 * @param allowed the number of the last attempt that is made without being asked for
 * @param begun when the attempt that is or was made last began
 * @param worker who works on it
 * @param cancelling whether who works on it has been asked to stop for good
 * @param hold what holds it although it is ready, if something of its own does
 * @param progress how far it is
 * @param failures how the latest attempts failed, the last one last
 * @param result what it came to, as JSON
 * @param sameAs the job that counts as the same, of one that was refused for that
 */
public record JobState(
    String id,
    JobRequest request,
    Status status,
    Instant since,
    Instant due,
    int attempt,
    int allowed,
    Optional<Instant> begun,
    Optional<String> worker,
    boolean cancelling,
    Optional<Hold> hold,
    Optional<Progress> progress,
    List<Failure> failures,
    Optional<String> result,
    Optional<String> sameAs) {

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
    CANCELLED,
    /** It was never taken: another counts as the same. */
    REFUSED;

    /** Whether nothing happens any more unless somebody asks for it. */
    public boolean ended() {
      return this == COMPLETED || this == FAILED || this == CANCELLED || this == REFUSED;
    }
  }

  /** What holds a job that is ready. */
  public enum Hold {
    /** As many of its key run as may. */
    KEY,
    /** As many of its type began of late as may. */
    PACE,
    /** No worker that does its type has room. */
    WORKER
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
    }
  }

  /**
   * How an attempt failed.
   *
   * @param attempt its number
   * @param reason the kind of failure
   * @param error what was said of it
   * @param at when
   * @param begun when the attempt began, if there was one
   * @param worker who made it, if there was one
   */
  public record Failure(
      int attempt,
      String reason,
      String error,
      Instant at,
      Optional<Instant> begun,
      Optional<String> worker) {
    public Failure {
      requireNonNull(reason, "reason is null");
      requireNonNull(error, "error is null");
      requireNonNull(at, "at is null");
      requireNonNull(begun, "begun is null");
      requireNonNull(worker, "worker is null");
    }
  }

  public JobState {
    requireNonNull(id, "id is null");
    requireNonNull(request, "request is null");
    requireNonNull(status, "status is null");
    requireNonNull(since, "since is null");
    requireNonNull(due, "due is null");
    requireNonNull(begun, "begun is null");
    requireNonNull(worker, "worker is null");
    requireNonNull(hold, "hold is null");
    requireNonNull(progress, "progress is null");
    requireNonNull(result, "result is null");
    requireNonNull(sameAs, "sameAs is null");
    failures = List.copyOf(failures);
  }
}
