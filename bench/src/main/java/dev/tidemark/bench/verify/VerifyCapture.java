package dev.tidemark.bench.verify;

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
 * Kills capture, broker and database while writers write, and compares what Kafka holds with what
 * Postgres says was committed. Exit code 0 where both agree, 1 where they do not, 2 where a planted
 * fault went unnoticed.
 */
@Command(
    name = "verify capture",
    mixinStandardHelpOptions = true,
    description = "Proves that capture loses nothing and sends nothing twice, whatever happens.")
public final class VerifyCapture implements Callable<Integer> {
  private static final int PASSED = 0;
  private static final int FAILED = 1;
  private static final int BLIND = 2;
  private static final long LEAST_CHANGES_PER_ROUND = 300;

  @Option(names = "--rounds", defaultValue = "20", description = "faults; ${DEFAULT-VALUE}")
  private int rounds;

  @Option(names = "--seed", description = "repeats the same writes and faults; random if not given")
  private @Nullable Long seed;

  @Option(
      names = "--faults",
      split = ",",
      defaultValue = "capture,broker,postgres,standby",
      description = "kinds of faults; ${DEFAULT-VALUE}")
  private List<String> faults = List.of();

  @Option(
      names = "--plant",
      description =
          "plants a fault that has to be noticed: skip-position, lose-position, advance-slot")
  private @Nullable String plant;

  @Option(names = "--min-changes", description = "fewer prove nothing; 300 for each round")
  private @Nullable Long leastChanges;

  @Option(names = "--logs", description = "where the captures' logs go; a temporary directory")
  private @Nullable Path logs;

  VerifyCapture() {}

  public static void main(String[] arguments) {
    System.exit(run(arguments));
  }

  /** As {@link #main}, for a caller that lives on; returns the exit code. */
  public static int run(String... arguments) {
    return new CommandLine(new VerifyCapture()).execute(arguments);
  }

  @Override
  public Integer call() throws Exception {
    Optional<Plant> planted = Optional.ofNullable(plant).map(Plant::parse);
    VerifyPlan plan =
        new VerifyPlan(
            rounds,
            seed == null ? System.nanoTime() % 1_000_000 : seed,
            faults.stream().map(Fault::parse).toList(),
            planted,
            leastChanges == null ? rounds * LEAST_CHANGES_PER_ROUND : leastChanges);
    Path directory =
        logs == null
            ? Files.createTempDirectory("tidemark-verify-")
            : Files.createDirectories(logs).toAbsolutePath();
    System.out.printf(
        Locale.ROOT, "seed %d, logs in %s, starting Postgres and Kafka%n", plan.seed(), directory);
    long begun = System.nanoTime();
    VerifyRun run = new VerifyRun(plan, directory, System.out::println);
    try {
      Verdict verdict = run.run();
      verdict.lines().forEach(System.out::println);
      System.out.printf(Locale.ROOT, "took %d s%n", (System.nanoTime() - begun) / 1_000_000_000L);
      if (planted.isEmpty()) {
        return verdict.passed() ? PASSED : FAILED;
      }
      boolean caught = run.caught(planted.get());
      System.out.println(
          "the planted fault "
              + planted.get().text()
              + (caught ? " was caught" : " went UNNOTICED"));
      return caught ? FAILED : BLIND;
    } finally {
      run.end();
    }
  }
}
