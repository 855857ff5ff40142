package dev.tidemark.bench.capture;

import dev.tidemark.bench.system.Machine;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The figures in Markdown, which reads well on a terminal too. */
final class ResultTable {
  private ResultTable() {}

  static String of(Machine machine, BenchOptions options, List<Result> results) {
    StringBuilder text = new StringBuilder();
    text.append(machine.sentence()).append("\n\n");
    text.append(
        "Every contender in a process of its own with -Xmx%dm, one after the other; servers,"
            .formatted(options.heapMegabytes()));
    text.append(" writer and consumer on the same machine.\n");
    text.append(
        "Latency: %d single-row commits/s for %d s. Drain: %,d rows in transactions of 1,000."
            .formatted(options.rate(), options.latency().toSeconds(), options.rows()));
    text.append("\n\n");
    text.append(
        "| | commit → seen p50 / p99 / max (ms) | drain, rows/s (cold first) | first row after (s) | seen twice |"
            + " heap / resident (MB) |\n");
    text.append("|---|---|---|---|---|---|\n");
    for (Result result : results) {
      text.append(
          String.format(
              Locale.ROOT,
              "| %s | %.2f / %.2f / %.1f | %s | %s | %d | %d / %d |\n",
              result.contender().title(),
              result.latency().p50(),
              result.latency().p99(),
              result.latency().max(),
              result.drains().stream()
                  .map(drain -> String.format(Locale.ROOT, "%,d", drain.rowsPerSecond()))
                  .collect(Collectors.joining(" · ")),
              result.drains().stream()
                  .map(drain -> String.format(Locale.ROOT, "%.1f", seconds(drain.first())))
                  .collect(Collectors.joining(" · ")),
              result.repeated(),
              result.memory().heap() >> 20,
              result.memory().resident() >> 20));
    }
    for (Result result : results) {
      result
          .big()
          .ifPresent(
              big ->
                  text.append(
                      String.format(
                          Locale.ROOT,
                          "\nOne transaction of %,d rows, -Xmx%dm: %,d rows/s, at most %d MB of"
                              + " heap in use, %d MB resident.\n",
                          big.rows(),
                          big.heapMegabytes(),
                          big.rowsPerSecond(),
                          big.memory().heap() >> 20,
                          big.memory().resident() >> 20)));
      result
          .restart()
          .ifPresent(
              restart ->
                  text.append(
                      String.format(
                          Locale.ROOT,
                          "\nAfter kill -9: %.2f s from the start of the process to the next"
                              + " committed row readable.\n",
                          seconds(restart))));
    }
    rate(results, Contender.TIDEMARK)
        .ifPresent(
            ours ->
                rate(results, Contender.ENGINE_JSON)
                    .ifPresent(
                        theirs ->
                            text.append(
                                String.format(
                                    Locale.ROOT,
                                    "\nTidemark drains %.2f × what Debezium's engine with JSON,"
                                        + " tuned alike, does.\n",
                                    (double) ours / theirs))));
    return text.toString();
  }

  private static java.util.Optional<Long> rate(List<Result> results, Contender contender) {
    return results.stream()
        .filter(result -> result.contender() == contender)
        .map(result -> result.drains().getLast().rowsPerSecond())
        .findFirst();
  }

  private static double seconds(Duration duration) {
    return duration.toMillis() / 1_000.0;
  }
}
