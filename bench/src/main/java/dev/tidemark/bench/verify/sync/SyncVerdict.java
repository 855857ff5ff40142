package dev.tidemark.bench.verify.sync;

import dev.tidemark.bench.verify.Findings;
import dev.tidemark.bench.verify.Findings.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * How a run ended.
 *
 * @param said what devices sent and were told, in words
 * @param read what readers did, in words
 * @param recoveries how long after each fault everything that was sent before it was settled
 * @param troubles why the run cannot count, beyond the findings
 */
record SyncVerdict(
    int rounds,
    long seed,
    String said,
    List<String> read,
    Findings findings,
    List<Duration> recoveries,
    List<String> troubles) {
  boolean passed() {
    return findings.none() && troubles.isEmpty();
  }

  List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add("rounds %d  %s".formatted(rounds, said));
    lines.add(
        "lost %d  doubled %d  lost updates %d  misjudged %d  unsettled %d  settled after a fault p50 %s  max %s"
            .formatted(
                findings.count(Kind.LOST),
                findings.count(Kind.DUPLICATED),
                findings.count(Kind.LOST_UPDATE),
                findings.count(Kind.MISJUDGED),
                findings.count(Kind.UNSETTLED),
                recovery(50),
                recovery(100)));
    lines.addAll(read);
    lines.add(
        "           gaps %d  duplicates %d  went back %d  halves %d  wrong rows %d"
            .formatted(
                findings.count(Kind.SKIPPED),
                findings.count(Kind.REPEATED),
                findings.count(Kind.WENT_BACK),
                findings.count(Kind.TORN),
                findings.count(Kind.WRONG_ROW)));
    for (Kind kind : List.of(Kind.ALTERED, Kind.UNEXPECTED, Kind.DEAD_LETTER, Kind.STATE)) {
      if (findings.count(kind) > 0) {
        lines.add(kind.name().toLowerCase(Locale.ROOT) + " " + findings.count(kind));
      }
    }
    findings.examples().forEach(example -> lines.add("  " + example));
    lines.addAll(troubles);
    if (!passed()) {
      lines.add("failed; again with: verify sync --rounds " + rounds + " --seed " + seed);
    }
    return lines;
  }

  private String recovery(int percentile) {
    if (recoveries.isEmpty()) {
      return "-";
    }
    List<Duration> sorted = recoveries.stream().sorted().toList();
    return seconds(sorted.get((sorted.size() - 1) * percentile / 100));
  }

  static String seconds(Duration duration) {
    return String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1000.0);
  }
}
