package dev.tidemark.api.jobs;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The shapes of what is said of jobs, for the OpenAPI document. */
final class JobBodies {
  private JobBodies() {}

  @Schema(name = "NewJob", description = "A job that is to be done.")
  record NewJob(
      @Nullable String type,
      @Nullable Object input,
      @Nullable String sync_type,
      @Nullable Object integration_id,
      @Nullable Map<String, Object> options,
      @Nullable Object priority,
      @Nullable String key,
      @Nullable String unique_key,
      @Nullable String run_at,
      @Nullable Object delay) {}

  @Schema(name = "NewJobs", description = "Many jobs that are to be done.")
  record NewJobs(List<NewJob> jobs) {}

  @Schema(name = "QuickSync", description = "A sync at once.")
  record Quick(
      @Nullable Object integration_id,
      @Nullable String sync_type,
      @Nullable Map<String, Object> options) {}

  @Schema(name = "When", description = "Not before then.")
  record When(@Nullable String run_at, @Nullable Object delay) {}

  @Schema(name = "Job", description = "What is known of a job.")
  record Job(
      String id,
      String type,
      String queue,
      String status,
      String phase,
      int priority,
      @Nullable String key,
      @Nullable String unique_key,
      @Nullable String sync_type,
      @Nullable Object integration_id,
      String created_at,
      String created_by,
      String due_at,
      @Nullable String started_at,
      @Nullable String finished_at,
      int attempt,
      int max_attempts,
      @Nullable String worker,
      @Nullable Boolean cancel_requested,
      @Nullable Progress progress,
      @Nullable String error,
      @Nullable String same_as,
      @Nullable Object input,
      @Nullable Object result,
      @Nullable List<Attempt> attempts,
      @Nullable List<Event> timeline) {}

  @Schema(name = "JobProgress", description = "How far a job is.")
  record Progress(int percent, String text) {}

  @Schema(name = "JobAttempt", description = "An attempt that failed.")
  record Attempt(
      int number,
      @Nullable String started_at,
      String ended_at,
      @Nullable String worker,
      String reason,
      String error) {}

  @Schema(name = "JobEvent", description = "What happened to a job when.")
  record Event(String at, String event, @Nullable Integer attempt) {}

  @Schema(name = "JobAccepted", description = "A job that is on its way.")
  record Accepted(String id, String status) {}

  @Schema(name = "JobsAccepted", description = "Jobs that are on their way.")
  record AcceptedAll(int accepted, List<String> ids) {}

  @Schema(name = "JobList", description = "A part of a list of jobs.")
  record JobList(List<Job> jobs, @Nullable String next_cursor) {}

  @Schema(name = "JobLines", description = "Lines of a job's log.")
  record Lines(List<Line> lines) {}

  @Schema(name = "JobLine", description = "A line of a job's log.")
  record Line(long number, String at, int attempt, String worker, String line) {}

  @Schema(name = "JobWhy", description = "Why a job does not run.")
  record WhyAnswer(String id, String status, String phase, List<Reason> reasons) {}

  @Schema(name = "JobReason", description = "Something that holds a job.")
  record Reason(String code, String text) {}

  @Schema(name = "QueueStats", description = "How queues do.")
  record QueueStats(List<Map<String, Object>> queues, List<Map<String, Object>> workers) {}

  @Schema(name = "QueuePaused", description = "Whether a queue is paused.")
  record Paused(String queue, boolean paused) {}

  @Schema(name = "DeadLetters", description = "What has failed for good, by how.")
  record DeadLetters(List<DeadLetter> groups) {}

  @Schema(name = "DeadLetterGroup", description = "Jobs that failed alike.")
  record DeadLetter(
      String fingerprint,
      String queue,
      String type,
      long count,
      String last_job,
      @Nullable String reason,
      @Nullable String error) {}

  @Schema(name = "JobAction", description = "What is to be done with many jobs.")
  record Action(
      String action,
      @Nullable Map<String, String> filter,
      @Nullable List<String> ids,
      @Nullable Integer rate,
      @Nullable Boolean dry_run,
      @Nullable String run_at,
      @Nullable Object delay) {}

  @Schema(name = "JobActed", description = "What is done with many jobs.")
  record Acted(
      String action,
      long matched,
      boolean complete,
      List<String> sample,
      @Nullable Boolean dry_run,
      @Nullable Integer asked) {}

  @Schema(name = "Schedules", description = "All schedules.")
  record Schedules(List<Schedule> schedules) {}

  @Schema(name = "Schedule", description = "When jobs are due by themselves.")
  record Schedule(
      String name,
      String job,
      String cron,
      String zone,
      String missed,
      Map<String, Object> input,
      String origin,
      boolean paused,
      String changed_by,
      String changed_at,
      @Nullable String next_at,
      @Nullable String last_at,
      @Nullable String last_job,
      int missed_times,
      @Nullable String fault,
      List<Next> next) {}

  @Schema(name = "ScheduleTime", description = "A time at which a schedule is due.")
  record Next(String at, String local, @Nullable String warning) {}

  @Schema(name = "NewSchedule", description = "When jobs are to be due by themselves.")
  record NewSchedule(
      String job,
      String cron,
      @Nullable String zone,
      @Nullable String missed,
      @Nullable Map<String, Object> input) {}

  @Schema(name = "ScheduleDropped", description = "A schedule that was dropped.")
  record Dropped(String name, boolean restored) {}

  @Schema(name = "NewBackfill", description = "Times to be made up for.")
  record Backfill(String after, @Nullable String until) {}

  @Schema(name = "Backfilled", description = "Times that are made up for.")
  record Backfilled(String name, int times) {}
}
