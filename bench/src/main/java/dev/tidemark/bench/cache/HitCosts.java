package dev.tidemark.bench.cache;

import java.util.Collection;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** What a hit costs, in microseconds. */
record HitCosts(double memory, double redis, double bareGet) {
  /** Measures in a process of its own. */
  static HitCosts measured(String redis, boolean quick) throws RunnerException {
    OptionsBuilder options = new OptionsBuilder();
    options
        .include(Hits.class.getName())
        .jvmArgsAppend("-D" + Hits.REDIS + "=" + redis)
        .verbosity(VerboseMode.SILENT);
    if (quick) {
      options
          .warmupIterations(1)
          .measurementIterations(1)
          .warmupTime(TimeValue.milliseconds(100))
          .measurementTime(TimeValue.milliseconds(200));
    }
    Collection<RunResult> results = new Runner(options.build()).run();
    return new HitCosts(
        micros(results, "memory"), micros(results, "redis"), micros(results, "bareGet"));
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
