package dev.tidemark.bench.jobs;

import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What to measure and how long. */
final class JobsBenchOptions {
  @Option(names = "--jobs", defaultValue = "20000", description = "at once; ${DEFAULT-VALUE}")
  int jobs;

  @Option(
      names = "--rounds",
      defaultValue = "3",
      description = "of jobs at once, the middle one counts; ${DEFAULT-VALUE}")
  int rounds;

  @Option(
      names = "--rate",
      defaultValue = "50",
      description = "jobs a second while it is measured when they begin; ${DEFAULT-VALUE}")
  int rate;

  @Option(names = "--seconds", defaultValue = "20", description = "of that; ${DEFAULT-VALUE}")
  int seconds;

  @Option(
      names = "--warm-up",
      defaultValue = "60",
      description = "seconds for each contestant; ${DEFAULT-VALUE}")
  int warmUp;

  @Option(
      names = "--scheduled",
      defaultValue = "1000000",
      description = "jobs of another day in the store; ${DEFAULT-VALUE}")
  int scheduled;

  @Option(
      names = "--patience",
      defaultValue = "60",
      description = "seconds for a dead worker's jobs to begin again; ${DEFAULT-VALUE}")
  int patience;

  @Option(
      names = "--only",
      split = ",",
      description = "of: ${COMPLETION-CANDIDATES}; all of them otherwise")
  Set<Entrant> only = EnumSet.allOf(Entrant.class);

  @Option(names = "--jfr", description = "a directory for flight recordings of Tidemark's parts")
  @Nullable Path recordings;

  @Option(
      names = "--quick",
      description = "does it work at all: 500 jobs, 1 second, 500 scheduled, two contestants")
  boolean quick;

  @Option(names = "--save", description = "write the table to bench/results")
  boolean save;

  /** Who can take part. */
  enum Entrant {
    tidemark("Tidemark"),
    plain("db-scheduler"),
    tuned("db-scheduler, tuned"),
    jobrunr("JobRunr");

    private final String title;

    Entrant(String title) {
      this.title = title;
    }

    String title() {
      return title;
    }
  }

  /** What {@code --quick} means. */
  JobsBenchOptions settled() {
    if (quick) {
      jobs = 500;
      rounds = 1;
      seconds = 1;
      warmUp = 0;
      scheduled = 500;
      patience = 30;
      only = EnumSet.of(Entrant.tidemark, Entrant.tuned);
    }
    return this;
  }

  Optional<Path> jfr() {
    return Optional.ofNullable(recordings);
  }

  Duration patienceOfDeath() {
    return Duration.ofSeconds(patience);
  }
}
