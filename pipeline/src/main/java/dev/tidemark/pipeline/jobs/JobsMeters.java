package dev.tidemark.pipeline.jobs;

import dev.tidemark.contract.job.JobCommand;
import dev.tidemark.pipeline.jobs.core.Job;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Counts what the scheduler is told and what becomes of jobs. */
final class JobsMeters {
  private final MeterRegistry registry;
  private final Map<String, Counter> commands = new ConcurrentHashMap<>();
  private final Map<String, Counter> changes = new ConcurrentHashMap<>();
  private final Map<String, Timer> waits = new ConcurrentHashMap<>();
  private final Counter refused;
  private final Counter indexed;

  JobsMeters(MeterRegistry registry) {
    this.registry = registry;
    refused =
        Counter.builder("tidemark.jobs.refused")
            .description("What was asked of jobs, or said of attempts, and did not fit.")
            .register(registry);
    indexed =
        Counter.builder("tidemark.jobs.indexed")
            .description("Partitions whose index was made again, since it did not fit their jobs.")
            .register(registry);
  }

  void taken(JobCommand command) {
    commands
        .computeIfAbsent(
            command.getClass().getSimpleName().toLowerCase(Locale.ROOT),
            kind ->
                Counter.builder("tidemark.jobs.commands")
                    .description("What the scheduler was told.")
                    .tag("kind", kind)
                    .register(registry))
        .increment();
  }

  void changed(Job job) {
    String queue = job.request().queue();
    String status = job.status().name().toLowerCase(Locale.ROOT);
    changes
        .computeIfAbsent(
            queue + " " + status,
            _ ->
                Counter.builder("tidemark.jobs.changes")
                    .description("Jobs that became something, by queue.")
                    .tag("queue", queue)
                    .tag("status", status)
                    .register(registry))
        .increment();
  }

  void begun(Job job, Instant now) {
    Duration waited = Duration.between(job.due(), now);
    waits
        .computeIfAbsent(
            job.request().queue(),
            queue ->
                Timer.builder("tidemark.jobs.wait")
                    .description("From when a job was due until it was given to a worker.")
                    .tag("queue", queue)
                    .publishPercentileHistogram()
                    .register(registry))
        .record(waited.isNegative() ? Duration.ZERO : waited);
  }

  void refused() {
    refused.increment();
  }

  void indexed() {
    indexed.increment();
  }
}
