package dev.tidemark.bench.decide;

import java.util.Collection;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * What a decision costs on this machine.
 *
 * @param mergeMicros of twenty fields, half of them contested
 * @param plainMicros of three fields that nobody else has changed
 */
public record DecisionCosts(double mergeMicros, double plainMicros) {
  /** What a merge may cost. */
  public static final double GOAL_MICROS = 5;

  /** Measures in a process of its own. */
  public static DecisionCosts measured() throws RunnerException {
    Collection<RunResult> results =
        new Runner(
                new OptionsBuilder()
                    .include(Decisions.class.getName())
                    .verbosity(VerboseMode.SILENT)
                    .build())
            .run();
    return new DecisionCosts(micros(results, "merge"), micros(results, "plain"));
  }

  private static double micros(Collection<RunResult> results, String name) {
    return results.stream()
            .filter(result -> result.getParams().getBenchmark().endsWith("." + name))
            .mapToDouble(result -> result.getPrimaryResult().getScore())
            .findFirst()
            .orElseThrow()
        / 1_000;
  }
}
