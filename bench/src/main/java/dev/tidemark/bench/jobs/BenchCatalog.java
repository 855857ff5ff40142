package dev.tidemark.bench.jobs;

import dev.tidemark.contract.catalog.Catalog;
import dev.tidemark.contract.catalog.job.Backoff;
import dev.tidemark.contract.catalog.job.JobCatalog;
import dev.tidemark.contract.catalog.job.JobQueue;
import dev.tidemark.contract.catalog.job.JobType;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** One queue with one type of jobs, which nothing limits. */
final class BenchCatalog {
  static final int PARTITIONS = 4;
  static final JobQueue QUEUE =
      new JobQueue("bench", "Jobs that do nothing.", 1, 8_000, JobQueue.TTL, Optional.empty());
  static final JobType TYPE =
      new JobType(
          "nothing",
          "Does nothing.",
          QUEUE.name(),
          JobType.PRIORITY,
          JobType.SOFT,
          JobType.HARD,
          JobType.ATTEMPTS,
          new Backoff(Duration.ofSeconds(1), 2, Duration.ofMinutes(1), 0),
          Optional.empty(),
          OptionalInt.empty(),
          Optional.empty(),
          JobType.Keeping.DEFAULT,
          List.of());
  static final JobCatalog JOBS = new JobCatalog(List.of(QUEUE), List.of(TYPE), List.of());
  static final Catalog CATALOG = new Catalog(List.of(), List.of(), JOBS);

  private BenchCatalog() {}
}
