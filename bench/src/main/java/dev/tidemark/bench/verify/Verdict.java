package dev.tidemark.bench.verify;

import dev.tidemark.bench.verify.Findings.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * How a run ended.
 *
 * @param changes how many changes history has
 * @param restarts how long each restart of a killed capture took
 * @param troubles why the run cannot count, beyond the findings
 */
record Verdict(
    int rounds,
    long seed,
    long changes,
    Findings findings,
    List<Duration> restarts,
    List<String> troubles) {

  boolean passed() {
    return findings.none() && troubles.isEmpty();
  }

  List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(
        "rounds %d  changes %,d  lost %d  duplicated %d  reordered %d  restart p50 %s  max %s"
            .formatted(
                rounds,
                changes,
                findings.count(Kind.LOST),
                findings.count(Kind.DUPLICATED),
                findings.count(Kind.REORDERED),
                restart(50),
                restart(100)));
    for (Kind kind : List.of(Kind.ALTERED, Kind.UNEXPECTED, Kind.DEAD_LETTER, Kind.STATE)) {
      if (findings.count(kind) > 0) {
        lines.add(kind.name().toLowerCase(java.util.Locale.ROOT) + " " + findings.count(kind));
      }
    }
    findings.examples().forEach(example -> lines.add("  " + example));
    lines.addAll(troubles);
    if (!passed()) {
      lines.add("failed; again with: verify capture --rounds " + rounds + " --seed " + seed);
    }
    return lines;
  }

  private String restart(int percentile) {
    if (restarts.isEmpty()) {
      return "-";
    }
    List<Duration> sorted = restarts.stream().sorted().toList();
    return seconds(sorted.get((sorted.size() - 1) * percentile / 100));
  }

  static String seconds(Duration duration) {
    return "%.1f s".formatted(duration.toMillis() / 1000.0);
  }
}
