package dev.tidemark.bench.verify.jobs;

import dev.tidemark.bench.verify.Findings;
import dev.tidemark.bench.verify.Findings.Kind;
import dev.tidemark.bench.verify.Json;
import dev.tidemark.contract.catalog.job.JobType;
import dev.tidemark.contract.job.JobCommand;
import dev.tidemark.contract.job.JobState;
import dev.tidemark.contract.job.JobState.Failure;
import dev.tidemark.contract.job.JobState.Status;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Holds the life of each job against what was asked and said: none is lost, each ends once and
 * stays so unless somebody wants it again, what counts is what the attempt said that was running,
 * and an attempt that is handed back does not count.
 */
final class Lives {
  /** A job that is due so much later is not waited for. */
  static final Duration FAR = Duration.ofMinutes(30);

  private static final String ERROR = "error";
  private static final String FINAL = "final-error";
  private static final String NOT_BEGUN = "not-begun";

  private final Evidence evidence;
  private final Findings findings;

  private Lives(Evidence evidence, Findings findings) {
    this.evidence = evidence;
    this.findings = findings;
  }

  static void check(Evidence evidence, Findings findings) {
    Lives lives = new Lives(evidence, findings);
    evidence.asked().accepted().forEach(lives::accepted);
    Map<String, String> byNonce = new HashMap<>();
    evidence.lives().keySet().forEach(id -> lives.life(id, byNonce));
  }

  private void accepted(Asked.Accepted job) {
    if (evidence.life(job.id()).isEmpty()) {
      findings.add(
          Kind.LOST,
          "it was accepted as %s and nothing was ever told of it: %s"
              .formatted(job.nonce(), evidence.story(job.id())));
    }
  }

  private void life(String id, Map<String, String> byNonce) {
    List<JobState> life = evidence.life(id);
    if (life.isEmpty()) {
      return;
    }
    explained(id, life.getFirst(), byNonce);
    Walk walk = new Walk(id);
    life.forEach(walk::next);
    walk.end();
  }

  /** Nobody has it done but a customer or a schedule, and once for each time it is asked. */
  private void explained(String id, JobState first, Map<String, String> byNonce) {
    String by = first.request().by();
    String nonce = Evidence.nonce(first);
    if (nonce.isEmpty() && by.startsWith("schedule/")) {
      return;
    }
    if (!evidence.asked().isAsked(nonce)) {
      findings.add(Kind.UNEXPECTED, "nobody asked for it: " + evidence.story(id));
    }
    String other = byNonce.putIfAbsent(nonce, id);
    if (other != null && !other.equals(id)) {
      findings.add(
          Kind.DUPLICATED, "asked for once, it is also " + other + ": " + evidence.story(id));
    }
  }

  /** Goes through a life. */
  private final class Walk {
    private final String id;
    private final List<JobCommand> said;
    private @Nullable JobState before;
    private @Nullable JobState running;
    private int attempts;
    private int handedBack;
    private int exits;
    private int cancelled;
    private int firstOfRun = 1;

    private Walk(String id) {
      this.id = id;
      this.said = evidence.said(id);
    }

    private void find(Kind kind, String what) {
      findings.add(kind, what + ": " + evidence.story(id));
    }

    private void next(JobState state) {
      JobState last = before;
      before = state;
      if (last != null && last.status().ended()) {
        if (state.status().ended()) {
          find(Kind.DUPLICATED, "it ends twice, as " + last.status() + " and " + state.status());
          return;
        }
        exits++;
        handedBack = 0;
        firstOfRun = attempts + 1;
      }
      JobState made = running;
      if (made != null && !Attempts.continues(made, state)) {
        running = null;
        over(made, state);
      } else if (made == null) {
        unworked(last, state);
      }
      if (running == null && state.status() == Status.RUNNING) {
        begins(state);
      }
      if (state.status() == Status.CANCELLED) {
        cancelled++;
      }
    }

    private void begins(JobState state) {
      running = state;
      if (state.attempt() != attempts + 1) {
        find(Kind.STALE_ATTEMPT, "after attempt " + attempts + " comes " + state.attempt());
      }
      attempts = state.attempt();
      if (state.begun().filter(state.due()::isAfter).isPresent()) {
        find(Kind.LIMIT, "attempt " + attempts + " began before it was due");
      }
    }

    /** Without an attempt nothing comes of it but its end by time or by wish. */
    private void unworked(@Nullable JobState last, JobState state) {
      if (state.status() == Status.COMPLETED && (last == null || !last.status().ended())) {
        find(Kind.STALE_ATTEMPT, "it is done and nobody worked on it");
      }
      if (state.status() == Status.FAILED && !reason(state).equals(NOT_BEGUN)) {
        find(Kind.STALE_ATTEMPT, "it failed and nobody worked on it");
      }
    }

    private void over(JobState made, JobState state) {
      int attempt = made.attempt();
      String worker = made.worker().orElse("nobody");
      switch (state.status()) {
        case COMPLETED -> completed(state, attempt, worker);
        case CANCELLED -> {
          // Whoever stopped it, somebody wanted that.
        }
        case REFUSED -> find(Kind.STALE_ATTEMPT, "it is refused while it runs");
        case SCHEDULED, READY, RUNNING, FAILED -> notDone(made, state, attempt, worker);
      }
    }

    private void completed(JobState state, int attempt, String worker) {
      var outcome = Json.read(state.result().orElse("{}"));
      boolean own =
          state.attempt() == attempt
              && outcome.path("attempt").asInt() == attempt
              && worker.startsWith(outcome.path("worker").asText() + "-");
      if (!own) {
        find(
            Kind.STALE_ATTEMPT,
            "attempt %d of %s was running and the outcome taken is %s"
                .formatted(attempt, worker, outcome));
      }
      if (!heard(
          one ->
              one instanceof JobCommand.Succeeded done
                  && done.attempt() == attempt
                  && done.worker().equals(worker))) {
        find(Kind.STALE_ATTEMPT, "nobody said that attempt " + attempt + " is done");
      }
      Effect effect = effect(attempt, worker);
      if (effect == null || effect.endedAt().isEmpty() || !evidence.done().contains(id)) {
        find(Kind.LOST, "it counts as done and has no effect of attempt " + attempt);
      }
    }

    private @Nullable Effect effect(int attempt, String worker) {
      for (Effect effect : evidence.effects()) {
        if (effect.job().equals(id) && effect.attempt() == attempt && effect.isOf(worker)) {
          return effect;
        }
      }
      return null;
    }

    private void notDone(JobState made, JobState state, int attempt, String worker) {
      Failure failure = state.failures().isEmpty() ? null : state.failures().getLast();
      if (failure == null || failure.attempt() != attempt) {
        handedBack(made, state, attempt, worker);
        return;
      }
      if (!failure.worker().equals(made.worker())) {
        find(Kind.STALE_ATTEMPT, "attempt " + attempt + " of " + worker + " failed as another's");
      }
      boolean claimed = failure.reason().equals(ERROR) || failure.reason().equals(FINAL);
      if (claimed
          && !heard(
              one ->
                  one instanceof JobCommand.Failed failed
                      && failed.attempt() == attempt
                      && failed.worker().equals(worker))) {
        find(Kind.STALE_ATTEMPT, "nobody said that attempt " + attempt + " failed");
      }
      if (state.status() == Status.FAILED && !reason(state).equals(FINAL)) {
        exhausted(attempt);
      }
    }

    private void handedBack(JobState made, JobState state, int attempt, String worker) {
      handedBack++;
      if (state.status() == Status.FAILED) {
        find(Kind.BURNED, "attempt " + attempt + " did not fail and the job has");
        return;
      }
      if (!heard(
          one ->
              one instanceof JobCommand.HandedBack back
                  && back.attempt() == attempt
                  && back.worker().equals(worker))) {
        find(Kind.STALE_ATTEMPT, "nobody handed attempt " + attempt + " back");
      }
      if (state.allowed() != made.allowed() + 1) {
        find(
            Kind.BURNED,
            "attempt %d was handed back, and after %d attempts %d are allowed"
                .formatted(attempt, made.allowed(), state.allowed()));
      }
    }

    /** All attempts have been made that its type allows, not counting those handed back. */
    private void exhausted(int attempt) {
      JobType type =
          evidence.catalog().type(evidence.life(id).getFirst().request().type()).orElseThrow();
      int counted = attempt - firstOfRun + 1 - handedBack;
      if (counted != type.attempts()) {
        find(
            Kind.BURNED,
            "it failed after %d attempts that count, of %d".formatted(counted, type.attempts()));
      }
    }

    private boolean heard(Predicate<JobCommand> what) {
      return said.stream().anyMatch(what);
    }

    private String reason(JobState state) {
      return state.failures().isEmpty() ? "" : state.failures().getLast().reason();
    }

    private void end() {
      JobState last = before;
      if (last == null) {
        return;
      }
      boolean far =
          last.status() == Status.SCHEDULED && last.due().isAfter(evidence.end().plus(FAR));
      if (!last.status().ended() && !far) {
        find(Kind.UNSETTLED, "it has not ended, it is " + last.status());
      }
      if (last.status() == Status.SCHEDULED && far && attempts > 0 && exits == 0) {
        find(Kind.UNSETTLED, "it is put off although nobody asked for that");
      }
      long retries = said.stream().filter(JobCommand.Retry.class::isInstance).count();
      if (exits > Math.min(retries, evidence.asked().retriesOf(id))) {
        find(
            Kind.UNEXPECTED,
            "it had ended and did not stay so: %d times, of %d retries said and %d asked for"
                .formatted(exits, retries, evidence.asked().retriesOf(id)));
      }
      long cancels = said.stream().filter(JobCommand.Cancel.class::isInstance).count();
      if (cancelled > cancels) {
        find(Kind.UNEXPECTED, "it was cancelled and nobody asked for that");
      }
    }
  }
}
