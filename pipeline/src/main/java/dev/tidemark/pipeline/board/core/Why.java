package dev.tidemark.pipeline.board.core;

import static java.util.Objects.requireNonNull;

import dev.tidemark.contract.catalog.job.JobQueue;
import dev.tidemark.contract.catalog.job.JobType;
import dev.tidemark.contract.catalog.job.Pace;
import dev.tidemark.contract.job.JobState;
import dev.tidemark.contract.job.JobState.Hold;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Why a job does not run: everything that holds it, what holds it most first. */
public final class Why {
  /** What may hold a job. */
  public enum Code {
    ENDED,
    RUNNING,
    NOT_DUE,
    QUEUE_PAUSED,
    NO_WORKER,
    WORKERS_BUSY,
    KEY_LIMIT,
    TYPE_RATE,
    QUEUE_LIMIT,
    QUEUE_RATE,
    BEHIND_OTHERS,
    NEXT,
    UNKNOWN_TYPE;

    /** The word for it. */
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * Something that holds it.
   *
   * @param text in words, with the figures
   */
  public record Reason(Code code, String text) {
    public Reason {
      requireNonNull(code, "code is null");
      requireNonNull(text, "text is null");
    }
  }

  /**
   * What is known around a job.
   *
   * @param paused who paused its queue, if somebody did
   * @param runningInQueue how many jobs of its queue run
   * @param runningOfKey how many jobs of its type with its key run
   * @param workers how many workers do its type
   * @param slots how many jobs those do at a time
   * @param busy how many they do right now
   * @param ahead how many jobs of its queue are begun before it
   * @param aheadAtLeast whether more may be
   */
  public record Facts(
      Optional<String> paused,
      long runningInQueue,
      long runningOfKey,
      int workers,
      long slots,
      long busy,
      long ahead,
      boolean aheadAtLeast) {
    public Facts {
      requireNonNull(paused, "paused is null");
    }
  }

  private Why() {}

  /**
   * The reasons.
   *
   * @param type null if the catalog does not name it any more
   * @param queue null if the catalog does not name it any more
   */
  public static List<Reason> of(
      JobState job, @Nullable JobType type, @Nullable JobQueue queue, Facts facts, Instant now) {
    if (job.status().ended()) {
      return List.of(new Reason(Code.ENDED, ended(job)));
    }
    if (job.status() == JobState.Status.RUNNING) {
      return List.of(
          new Reason(
              Code.RUNNING,
              "It runs: attempt %d of %d, on %s, since %s%s."
                  .formatted(
                      job.attempt(),
                      job.allowed(),
                      job.worker().orElse("a worker"),
                      job.since(),
                      job.cancelling() ? "; it was asked to stop" : "")));
    }
    List<Reason> reasons = new ArrayList<>();
    if (type == null || queue == null) {
      reasons.add(
          new Reason(
              Code.UNKNOWN_TYPE,
              "The catalog names %s no more: it stays as it is until it does."
                  .formatted(
                      type == null
                          ? "the job type " + job.request().type()
                          : "the queue " + job.request().queue())));
      return reasons;
    }
    if (job.status() == JobState.Status.SCHEDULED && job.due().isAfter(now)) {
      reasons.add(new Reason(Code.NOT_DUE, notDue(job, now)));
    }
    facts
        .paused()
        .ifPresent(
            by ->
                reasons.add(
                    new Reason(
                        Code.QUEUE_PAUSED,
                        "The queue %s is paused by %s.".formatted(queue.name(), by))));
    workers(job, type, facts, reasons);
    limits(job, type, queue, facts, reasons);
    if (job.status() == JobState.Status.READY) {
      standing(job, queue, facts, reasons);
    }
    return List.copyOf(reasons);
  }

  private static String ended(JobState job) {
    return switch (job.status()) {
      case COMPLETED -> "It is done since %s.".formatted(job.since());
      case CANCELLED -> "It was cancelled at %s.".formatted(job.since());
      case REFUSED ->
          "It was never taken: %s counts as the same.".formatted(job.sameAs().orElse("another"));
      default ->
          "It failed for good at %s%s. Retry it if the cause is gone."
              .formatted(
                  job.since(),
                  job.failures().isEmpty()
                      ? ""
                      : ": " + job.failures().getLast().error().lines().findFirst().orElse(""));
    };
  }

  private static String notDue(JobState job, Instant now) {
    String when = "%s, in %s".formatted(job.due(), inWords(Duration.between(now, job.due())));
    return job.failures().isEmpty()
        ? "It is due at %s.".formatted(when)
        : "Attempt %d of %d failed; the next is due at %s."
            .formatted(job.attempt(), job.allowed(), when);
  }

  private static void workers(JobState job, JobType type, Facts facts, List<Reason> reasons) {
    if (facts.workers() == 0) {
      reasons.add(
          new Reason(
              Code.NO_WORKER, "No worker that is there does %s.".formatted(job.request().type())));
    } else if (job.hold().filter(hold -> hold == Hold.WORKER).isPresent()
        || facts.busy() >= facts.slots()) {
      reasons.add(
          new Reason(
              Code.WORKERS_BUSY,
              "All that do %s are busy: %d of %d slots of %d %s are taken."
                  .formatted(
                      type.name(),
                      facts.busy(),
                      facts.slots(),
                      facts.workers(),
                      facts.workers() == 1 ? "worker" : "workers")));
    }
  }

  private static void limits(
      JobState job, JobType type, JobQueue queue, Facts facts, List<Reason> reasons) {
    boolean keyed = type.perKey().isPresent() && job.request().key().isPresent();
    if (job.hold().filter(hold -> hold == Hold.KEY).isPresent()
        || (keyed && facts.runningOfKey() >= type.perKey().getAsInt())) {
      reasons.add(
          new Reason(
              Code.KEY_LIMIT,
              "%d of at most %d jobs with the key '%s' run."
                  .formatted(
                      facts.runningOfKey(),
                      type.perKey().orElse(1),
                      job.request().key().orElse(""))));
    }
    if (job.hold().filter(hold -> hold == Hold.PACE).isPresent()) {
      reasons.add(
          new Reason(
              Code.TYPE_RATE,
              "As many %s were begun as may be: at most %s."
                  .formatted(type.name(), type.pace().map(Why::inWords).orElse("so many"))));
    }
    if (facts.runningInQueue() >= queue.concurrency()) {
      reasons.add(
          new Reason(
              Code.QUEUE_LIMIT,
              "%d of at most %d jobs of the queue %s run."
                  .formatted(facts.runningInQueue(), queue.concurrency(), queue.name())));
    }
  }

  private static void standing(JobState job, JobQueue queue, Facts facts, List<Reason> reasons) {
    if (facts.ahead() > 0) {
      reasons.add(
          new Reason(
              Code.BEHIND_OTHERS,
              "It stands behind %s%,d others in the queue %s."
                  .formatted(
                      facts.aheadAtLeast() ? "at least " : "", facts.ahead(), queue.name())));
    }
    queue
        .pace()
        .ifPresent(
            pace ->
                reasons.add(
                    new Reason(
                        Code.QUEUE_RATE,
                        "Of the queue %s at most %s are begun."
                            .formatted(queue.name(), inWords(pace)))));
    if (reasons.isEmpty()) {
      reasons.add(
          new Reason(
              Code.NEXT,
              "Nothing holds it: it is ready since %s and begun next.".formatted(job.since())));
    }
  }

  private static String inWords(Pace pace) {
    return "%,d in %s".formatted(pace.count(), inWords(pace.per()));
  }

  private static String inWords(Duration duration) {
    if (duration.toMillis() < 1_000) {
      return Math.max(0, duration.toMillis()) + " ms";
    }
    StringBuilder words = new StringBuilder();
    if (duration.toDays() > 0) {
      words.append(duration.toDays()).append(" d ");
    }
    if (duration.toHoursPart() > 0) {
      words.append(duration.toHoursPart()).append(" h ");
    }
    if (duration.toMinutesPart() > 0) {
      words.append(duration.toMinutesPart()).append(" min ");
    }
    if (duration.toSecondsPart() > 0 && duration.toHours() == 0) {
      words.append(duration.toSecondsPart()).append(" s");
    }
    return words.toString().strip();
  }
}
