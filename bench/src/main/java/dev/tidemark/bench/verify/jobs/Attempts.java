package dev.tidemark.bench.verify.jobs;

import dev.tidemark.contract.job.JobState;
import dev.tidemark.contract.job.JobState.Status;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The attempts of a job, as its life tells them. */
final class Attempts {
  private Attempts() {}

  /**
   * An attempt.
   *
   * @param state as it was told first
   * @param next what was told when it was over; empty if it is not
   */
  record Made(JobState state, Optional<JobState> next) {
    int number() {
      return state.attempt();
    }

    String worker() {
      return state.worker().orElse("nobody");
    }

    Instant begun() {
      return state.begun().orElse(state.since());
    }

    /** When another may be begun in its place. */
    Instant over(Instant otherwise) {
      return next.map(JobState::since).orElse(otherwise);
    }
  }

  static List<Made> of(List<JobState> life) {
    List<Made> made = new ArrayList<>();
    JobState running = null;
    for (JobState state : life) {
      if (running != null && !continues(running, state)) {
        made.add(new Made(running, Optional.of(state)));
        running = null;
      }
      if (running == null && state.status() == Status.RUNNING) {
        running = state;
      }
    }
    if (running != null) {
      made.add(new Made(running, Optional.empty()));
    }
    return made;
  }

  /** Whether it is the same attempt still. */
  static boolean continues(JobState running, JobState next) {
    return next.status() == Status.RUNNING
        && next.attempt() == running.attempt()
        && next.worker().equals(running.worker());
  }
}
