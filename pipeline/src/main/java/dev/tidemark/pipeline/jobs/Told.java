package dev.tidemark.pipeline.jobs;

import dev.tidemark.contract.job.JobRequest;
import dev.tidemark.contract.job.JobState;
import dev.tidemark.contract.job.WorkOrder;
import dev.tidemark.pipeline.jobs.core.Job;
import dev.tidemark.pipeline.jobs.core.SchedulerListener.Hold;
import dev.tidemark.pipeline.jobs.core.Step;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What the scheduler knows, in the words of the topics. */
final class Told {
  private Told() {}

  static JobState state(Job job, Optional<Hold> hold) {
    Job.Lease lease = job.lease();
    return new JobState(
        job.id(),
        job.request(),
        JobState.Status.valueOf(job.status().name()),
        job.since(),
        job.due(),
        job.attempt(),
        job.allowed(),
        Optional.ofNullable(job.begun()),
        lease == null ? Optional.empty() : Optional.of(lease.worker()),
        job.cancelling(),
        hold.map(one -> JobState.Hold.valueOf(one.name())),
        job.progress().map(at -> new JobState.Progress(at.percent(), at.text())),
        job.failures().stream()
            .map(
                one ->
                    new JobState.Failure(
                        one.attempt(),
                        one.reason().text(),
                        one.error(),
                        one.at(),
                        Optional.ofNullable(one.begun()),
                        Optional.ofNullable(one.worker())))
            .toList(),
        job.result(),
        Optional.empty());
  }

  /** A job that was not made, since another counts as the same. */
  static JobState refused(JobRequest request, String id, Instant due, String of, Instant now) {
    return new JobState(
        id,
        request,
        JobState.Status.REFUSED,
        now,
        due,
        0,
        0,
        Optional.empty(),
        Optional.empty(),
        false,
        Optional.empty(),
        Optional.empty(),
        List.of(),
        Optional.empty(),
        Optional.of(of));
  }

  static WorkOrder begin(Job job) {
    Job.Lease lease = job.lease();
    if (lease == null) {
      throw new IllegalArgumentException("nobody works on " + job.id());
    }
    return new WorkOrder.Begin(
        job.id(),
        job.attempt(),
        lease.worker(),
        job.request().type(),
        job.request().input(),
        lease.soft(),
        lease.hard(),
        job.saved());
  }

  static WorkOrder end(String id, Step.Signal signal) {
    WorkOrder.Why why =
        switch (signal.what()) {
          case END -> WorkOrder.Why.LIMIT;
          case CANCEL -> WorkOrder.Why.CANCELLED;
          case ABANDON -> WorkOrder.Why.ABANDONED;
        };
    return new WorkOrder.End(id, signal.attempt(), signal.worker(), why);
  }
}
