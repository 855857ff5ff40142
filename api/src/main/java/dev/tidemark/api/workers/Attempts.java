package dev.tidemark.api.workers;

import dev.tidemark.api.jobs.JobAnswers;
import dev.tidemark.api.jobs.JobDesk;
import dev.tidemark.api.jobs.JobJson;
import dev.tidemark.api.jobs.JobWaits;
import dev.tidemark.api.problem.AwayException;
import dev.tidemark.api.problem.ProblemException;
import dev.tidemark.api.problem.ProblemType;
import dev.tidemark.contract.job.JobCommand;
import dev.tidemark.contract.job.JobLog;
import dev.tidemark.contract.job.JobState;
import dev.tidemark.contract.job.Place;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Predicate;

/** Says what workers say of their attempts, and waits until it is known whether it counts. */
@Singleton
final class Attempts {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final JobDesk jobs;
  private final WorkerDesk desk;
  private final Orders orders;
  private final InstantSource clock;
  private final LineBudget budget = new LineBudget();

  Attempts(JobDesk jobs, WorkerDesk desk, Orders orders, InstantSource clock) {
    this.jobs = jobs;
    this.desk = desk;
    this.orders = orders;
    this.clock = clock;
  }

  /**
   * Ends an attempt.
   *
   * @param counts whether that is what ended it
   * @return the job as it is then
   * @throws ProblemException if the attempt has ended otherwise, or never was the worker's
   */
  JobState end(JobCommand.OfAttempt command, Predicate<JobState> counts) {
    JobState job = known(command.id());
    Standing standing = standing(job, command);
    if (standing == Standing.NOT_YET || standing == Standing.RUNS) {
      jobs.say(List.of(command));
      job = over(command);
    }
    orders.drop(command.worker(), command.id(), command.attempt());
    if (standing(job, command) == Standing.OVER && counts.test(job)) {
      return job;
    }
    throw refused(job, command);
  }

  private JobState over(JobCommand.OfAttempt command) {
    Predicate<JobState> isOver =
        job -> {
          Standing standing = standing(job, command);
          return standing == Standing.OVER || standing == Standing.ANOTHERS;
        };
    return JobWaits.job(jobs.board(), command.id(), isOver, PATIENCE)
        .orElseGet(
            () -> {
              JobState job = known(command.id());
              if (standing(job, command) == Standing.NOT_YET) {
                throw refused(job, command);
              }
              throw new AwayException("the scheduler has not said what came of it", null);
            });
  }

  /** Says something of an attempt that goes on. */
  JobState say(JobCommand.OfAttempt command) {
    JobState job = running(command);
    jobs.say(List.of(command));
    return job;
  }

  /**
   * Writes lines down for an attempt that goes on; the first thousand are kept.
   *
   * @param of of which attempt
   */
  JobState log(JobCommand.HandedBack of, List<String> lines) {
    JobState job = running(of);
    int kept = budget.take(of.id(), of.attempt(), lines.size());
    desk.log(
        lines.stream()
            .limit(kept)
            .map(line -> new JobLog(of.id(), of.attempt(), of.worker(), clock.instant(), line))
            .toList());
    return job;
  }

  private JobState running(JobCommand.OfAttempt command) {
    JobState job = known(command.id());
    if (standing(job, command) == Standing.NOT_YET) {
      desk.present();
      job = known(command.id());
    }
    if (standing(job, command) != Standing.RUNS) {
      throw refused(job, command);
    }
    return job;
  }

  private static Standing standing(JobState job, JobCommand.OfAttempt command) {
    return Standing.of(job, command.attempt(), command.worker());
  }

  private JobState known(String id) {
    if (Place.ofId(id).isEmpty()) {
      throw JobAnswers.problem(ProblemType.UNKNOWN_JOB);
    }
    return jobs.board()
        .job(id)
        .orElseGet(
            () -> {
              // It may have been told to another node only.
              desk.present();
              return jobs.board()
                  .job(id)
                  .orElseThrow(() -> JobAnswers.problem(ProblemType.UNKNOWN_JOB));
            });
  }

  private static ProblemException refused(JobState job, JobCommand.OfAttempt command) {
    String what =
        switch (standing(job, command)) {
          case NOT_YET -> "There was no attempt " + command.attempt() + " of it yet";
          case RUNS -> "It runs";
          case ANOTHERS -> "Attempt " + command.attempt() + " of it is another worker's";
          case OVER -> "Attempt " + command.attempt() + " of it is over, and this was not its end";
        };
    return JobAnswers.problem(
        ProblemType.JOB_NOT_IN_STATE,
        "%s: what is said of it does not count. The job is %s, its last attempt is %d."
            .formatted(what, JobJson.status(job), job.attempt()));
  }
}
