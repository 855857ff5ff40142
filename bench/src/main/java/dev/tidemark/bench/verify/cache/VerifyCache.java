package dev.tidemark.bench.verify.cache;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Reads views while rows change and every part is killed, paused and emptied, and holds each answer
 * against what was committed. Exit code 0 where none is older than promised, 1 where one is, 2
 * where a planted defect went unnoticed.
 */
@Command(
    name = "verify cache",
    mixinStandardHelpOptions = true,
    description = "Proves that no answer of a view is older than promised, or was never true.")
public final class VerifyCache implements Callable<Integer> {
  private static final int PASSED = 0;
  private static final int FAILED = 1;
  private static final int BLIND = 2;
  private static final long LEAST_READS_PER_ROUND = 2_000;

  @Option(names = "--rounds", defaultValue = "20", description = "faults; ${DEFAULT-VALUE}")
  private int rounds;

  @Option(names = "--seed", description = "repeats the same deeds and faults; random if not given")
  private @Nullable Long seed;

  @Option(
      names = "--faults",
      split = ",",
      defaultValue = "redis,broker,node,connectors,postgres,gap",
      description = "kinds of faults; ${DEFAULT-VALUE}")
  private List<String> faults = List.of();

  @Option(names = "--calm", defaultValue = "10", description = "seconds at first; ${DEFAULT-VALUE}")
  private int calm;

  @Option(names = "--readers", defaultValue = "2", description = "per node; ${DEFAULT-VALUE}")
  private int readers;

  @Option(names = "--plant", description = "plants a defect that has to be noticed: deaf, forge")
  private @Nullable String plant;

  @Option(names = "--min-reads", description = "fewer prove nothing; 2,000 for each round")
  private @Nullable Long leastReads;

  @Option(names = "--logs", description = "where logs and state go; a temporary directory")
  private @Nullable Path logs;

  VerifyCache() {}

  public static void main(String[] arguments) {
    System.exit(run(arguments));
  }

  /** As {@link #main}, for a caller that lives on; returns the exit code. */
  public static int run(String... arguments) {
    return new CommandLine(new VerifyCache()).execute(arguments);
  }

  @Override
  public Integer call() throws Exception {
    Optional<CachePlant> planted = Optional.ofNullable(plant).map(CachePlant::parse);
    CachePlan plan =
        new CachePlan(
            rounds,
            seed == null ? System.nanoTime() % 1_000_000 : seed,
            faults.stream().map(CacheFault::parse).toList(),
            Duration.ofSeconds(calm),
            readers,
            planted,
            leastReads == null ? rounds * LEAST_READS_PER_ROUND : leastReads);
    Path directory =
        logs == null
            ? Files.createTempDirectory("tidemark-verify-cache-")
            : Files.createDirectories(logs).toAbsolutePath();
    System.out.printf(
        Locale.ROOT, "seed %d, logs in %s, starting everything%n", plan.seed(), directory);
    long begun = System.nanoTime();
    CacheRun run = new CacheRun(plan, directory, System.out::println);
    try {
      CacheVerdict verdict = run.run();
      verdict.lines().forEach(System.out::println);
      System.out.printf(Locale.ROOT, "took %d s%n", (System.nanoTime() - begun) / 1_000_000_000L);
      if (planted.isEmpty()) {
        return verdict.passed() ? PASSED : FAILED;
      }
      boolean caught = run.caught(planted.get());
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
