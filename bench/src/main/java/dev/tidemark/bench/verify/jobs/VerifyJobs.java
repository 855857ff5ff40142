package dev.tidemark.bench.verify.jobs;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Kills and pauses every part while customers ask for jobs, and compares what was told of jobs with
 * what was asked and what was done. Exit code 0 where all agree, 1 where they do not, 2 where a
 * planted defect went unnoticed.
 */
@Command(
    name = "verify jobs",
    mixinStandardHelpOptions = true,
    description =
        "Proves that jobs are neither lost nor done by halves nor decided by stale attempts, and that"
            + " limits, uniqueness and schedules hold.")
public final class VerifyJobs implements Callable<Integer> {
  private static final int PASSED = 0;
  private static final int FAILED = 1;
  private static final int BLIND = 2;
  private static final long LEAST_JOBS_PER_ROUND = 10;

  @Option(names = "--rounds", defaultValue = "20", description = "faults; ${DEFAULT-VALUE}")
  private int rounds;

  @Option(names = "--seed", description = "repeats the same wishes and faults; random if not given")
  private @Nullable Long seed;

  @Option(
      names = "--faults",
      split = ",",
      defaultValue = "worker,node,broker,postgres,clock",
      description = "kinds of faults; ${DEFAULT-VALUE}; and outage, of minutes")
  private List<String> faults = List.of();

  @Option(names = "--workers", defaultValue = "3", description = "how many; ${DEFAULT-VALUE}")
  private int workers;

  @Option(
      names = "--plant",
      description =
          "plants a defect that has to be noticed: swallow, rise, invent, twice, stale, lazy,"
              + " eager, burn, fire-twice, miss, lax, twins")
  private @Nullable String plant;

  @Option(names = "--min-jobs", description = "fewer prove nothing; 10 for each round")
  private @Nullable Long leastJobs;

  @Option(names = "--logs", description = "where logs and state go; a temporary directory")
  private @Nullable Path logs;

  VerifyJobs() {}

  public static void main(String[] arguments) {
    System.exit(run(arguments));
  }

  /** As {@link #main}, for a caller that lives on; returns the exit code. */
  public static int run(String... arguments) {
    return new CommandLine(new VerifyJobs()).execute(arguments);
  }

  @Override
  public Integer call() throws Exception {
    Optional<JobsPlant> planted = Optional.ofNullable(plant).map(JobsPlant::parse);
    JobsPlan plan =
        new JobsPlan(
            rounds,
            seed == null ? System.nanoTime() % 1_000_000 : seed,
            faults.stream().map(JobsFault::parse).toList(),
            workers,
            planted,
            leastJobs == null ? rounds * LEAST_JOBS_PER_ROUND : leastJobs);
    Path directory =
        logs == null
            ? Files.createTempDirectory("tidemark-verify-jobs-")
            : Files.createDirectories(logs).toAbsolutePath();
    System.out.printf(
        Locale.ROOT, "seed %d, logs in %s, starting everything%n", plan.seed(), directory);
    long begun = System.nanoTime();
    JobsRun run = new JobsRun(plan, directory, System.out::println);
    try {
      run.happen();
      JobsVerdict verdict = run.judge(Optional.empty());
      verdict.lines().forEach(System.out::println);
      boolean caught = planted.isPresent() && run.notices(planted.get());
      System.out.printf(Locale.ROOT, "took %d s%n", (System.nanoTime() - begun) / 1_000_000_000L);
      if (planted.isEmpty()) {
        return verdict.passed() ? PASSED : FAILED;
      }
      System.out.println(
          "the planted defect "
              + planted.get().text()
              + (caught ? " was caught" : " went UNNOTICED"));
      return caught ? FAILED : BLIND;
    } finally {
      run.close();
    }
  }
}
