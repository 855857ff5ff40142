package dev.tidemark.bench.verify.sync;

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
 * Kills and pauses every part while devices and psql sessions write to the same rows, and compares
 * ledger, rows, topics and answers. Exit code 0 where all agree, 1 where they do not, 2 where a
 * planted defect went unnoticed.
 */
@Command(
    name = "verify sync",
    mixinStandardHelpOptions = true,
    description =
        "Proves that operations of devices are neither lost nor doubled nor misjudged, and that"
            + " devices are told of every change once.")
public final class VerifySync implements Callable<Integer> {
  private static final int PASSED = 0;
  private static final int FAILED = 1;
  private static final int BLIND = 2;
  private static final long LEAST_BATCHES_PER_ROUND = 10;

  @Option(names = "--rounds", defaultValue = "20", description = "faults; ${DEFAULT-VALUE}")
  private int rounds;

  @Option(names = "--seed", description = "repeats the same deeds and faults; random if not given")
  private @Nullable Long seed;

  @Option(
      names = "--faults",
      split = ",",
      defaultValue = "connectors,node,broker,postgres,redis",
      description = "kinds of faults; ${DEFAULT-VALUE}")
  private List<String> faults = List.of();

  @Option(names = "--devices", defaultValue = "6", description = "how many; ${DEFAULT-VALUE}")
  private int devices;

  @Option(
      names = "--plant",
      description =
          "plants a defect that has to be noticed: lose-update, twice, forget, misjudge, meddle,"
              + " strand, diverge, skip-change, repeat-change, ignore-removal")
  private @Nullable String plant;

  @Option(names = "--min-batches", description = "fewer prove nothing; 10 for each round")
  private @Nullable Long leastBatches;

  @Option(names = "--logs", description = "where logs and state go; a temporary directory")
  private @Nullable Path logs;

  VerifySync() {}

  public static void main(String[] arguments) {
    System.exit(run(arguments));
  }

  /** As {@link #main}, for a caller that lives on; returns the exit code. */
  public static int run(String... arguments) {
    return new CommandLine(new VerifySync()).execute(arguments);
  }

  @Override
  public Integer call() throws Exception {
    Optional<SyncPlant> planted = Optional.ofNullable(plant).map(SyncPlant::parse);
    SyncPlan plan =
        new SyncPlan(
            rounds,
            seed == null ? System.nanoTime() % 1_000_000 : seed,
            faults.stream().map(SyncFault::parse).toList(),
            devices,
            planted,
            leastBatches == null ? rounds * LEAST_BATCHES_PER_ROUND : leastBatches);
    Path directory =
        logs == null
            ? Files.createTempDirectory("tidemark-verify-sync-")
            : Files.createDirectories(logs).toAbsolutePath();
    System.out.printf(
        Locale.ROOT, "seed %d, logs in %s, starting everything%n", plan.seed(), directory);
    long begun = System.nanoTime();
    SyncRun run = new SyncRun(plan, directory, System.out::println);
    try {
      SyncVerdict verdict = run.run();
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
