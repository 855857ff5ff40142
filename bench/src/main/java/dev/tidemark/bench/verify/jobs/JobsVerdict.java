package dev.tidemark.bench.verify.jobs;

import dev.tidemark.bench.verify.Findings;
import dev.tidemark.bench.verify.Findings.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * How a run ended.
 *
 * @param jobs how many jobs were accepted
 * @param said what happened, in words
 * @param recoveries how long after each fault every job that was accepted before had ended once
 * @param rescues how long after a worker was killed its jobs were given up and ran elsewhere
 * @param troubles why the run cannot count, beyond the findings
 */
record JobsVerdict(
    int rounds,
    long seed,
    int jobs,
    String said,
    Findings findings,
    List<Duration> recoveries,
    List<Rescues.Rescue> rescues,
    List<String> troubles) {
  boolean passed() {
    return findings.none() && troubles.isEmpty();
  }

  List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add("rounds %d  jobs %,d  %s".formatted(rounds, jobs, said));
    lines.add(
        "lost %d  doubled %d  stale %d  limits %d  twins %d  schedules %d  burned %d  unsettled %d"
            .formatted(
                findings.count(Kind.LOST),
                findings.count(Kind.DUPLICATED),
                findings.count(Kind.STALE_ATTEMPT),
                findings.count(Kind.LIMIT),
                findings.count(Kind.TWIN),
                findings.count(Kind.CALENDAR),
                findings.count(Kind.BURNED),
                findings.count(Kind.UNSETTLED)));
    lines.add(
        "settled after a fault p50 %s  max %s; of a killed worker %d jobs were given up after p50 %s  max %s and ran elsewhere after p50 %s  max %s"
            .formatted(
                part(recoveries, 50),
                part(recoveries, 100),
                rescues.size(),
                part(rescues.stream().map(Rescues.Rescue::givenUp).toList(), 50),
                part(rescues.stream().map(Rescues.Rescue::givenUp).toList(), 100),
                part(rescues.stream().map(Rescues.Rescue::again).toList(), 50),
                part(rescues.stream().map(Rescues.Rescue::again).toList(), 100)));
    for (Kind kind : List.of(Kind.UNEXPECTED, Kind.DEAD_LETTER, Kind.STATE)) {
      if (findings.count(kind) > 0) {
        lines.add(kind.name().toLowerCase(Locale.ROOT) + " " + findings.count(kind));
      }
    }
    findings.examples().forEach(example -> lines.add("  " + example));
    lines.addAll(troubles);
    if (!passed()) {
      lines.add("failed; again with: verify jobs --rounds " + rounds + " --seed " + seed);
    }
    return lines;
  }

  private static String part(List<Duration> durations, int percentile) {
    if (durations.isEmpty()) {
      return "-";
    }
    List<Duration> sorted = durations.stream().sorted().toList();
    return seconds(sorted.get((sorted.size() - 1) * percentile / 100));
  }

  static String seconds(Duration duration) {
    return String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1000.0);
  }
}
