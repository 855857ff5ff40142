package dev.tidemark.bench.decide;

import java.util.Locale;
import org.openjdk.jmh.runner.RunnerException;

/** {@code ./tidemark bench decide}: what the pure decision costs, without anything around it. */
public final class BenchDecide {
  private BenchDecide() {}

  public static void main(String[] arguments) throws RunnerException {
    DecisionCosts costs = DecisionCosts.measured();
    System.out.printf(
        Locale.ROOT,
        "merge of a row of 20 fields, 10 of them contested: %.2f µs (goal: at most %.0f)%n"
            + "update of 3 fields that nobody else changed:      %.2f µs%n",
        costs.mergeMicros(),
        DecisionCosts.GOAL_MICROS,
        costs.plainMicros());
  }
}
