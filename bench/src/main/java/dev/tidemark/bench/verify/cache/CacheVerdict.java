package dev.tidemark.bench.verify.cache;

import dev.tidemark.bench.verify.Findings;
import dev.tidemark.bench.verify.Findings.Kind;
import dev.tidemark.bench.verify.cache.wire.Tier;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * How a run ended.
 *
 * @param deeds how many transactions were tried
 * @param settled how long after each fault hits came again
 * @param troubles why the run cannot count, beyond the findings
 */
record CacheVerdict(
    int rounds,
    long seed,
    Judge judge,
    Tallies tallies,
    long deeds,
    Delays delays,
    Findings findings,
    List<Duration> settled,
    List<String> troubles) {
  boolean passed() {
    return findings.none() && troubles.isEmpty();
  }

  List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(
        String.format(
            Locale.ROOT,
            "rounds %d  reads %,d  hit share %.1f %% (memory %,d  redis %,d  stale by leave %,d "
                + " postgres %,d  bypass %,d)  failed %,d  deeds %,d",
            rounds,
            judge.reads(),
            100 * tallies.all().share(),
            tallies.of(Tier.MEMORY),
            tallies.of(Tier.REDIS),
            tallies.of(Tier.STALE),
            tallies.of(Tier.POSTGRES),
            tallies.of(Tier.BYPASS),
            tallies.failures(),
            deeds));
    lines.add(
        String.format(
            Locale.ROOT,
            "stale %d  never so %d  unsettled %d  hits again after a fault p50 %s  max %s",
            findings.count(Kind.STALE),
            findings.count(Kind.UNEXPECTED),
            findings.count(Kind.UNSETTLED),
            percentile(50),
            percentile(100)));
    lines.add(
        String.format(
            Locale.ROOT,
            "%s; %,d answers were behind when they were asked for",
            delays.sentence(),
            judge.behind()));
    if (findings.count(Kind.STATE) > 0) {
      lines.add("violations that the cache itself found " + findings.count(Kind.STATE));
    }
    findings.examples().forEach(example -> lines.add("  " + example));
    lines.addAll(troubles);
    if (!passed()) {
      lines.add("failed; again with: verify cache --rounds " + rounds + " --seed " + seed);
    }
    return lines;
  }

  private String percentile(int percentile) {
    if (settled.isEmpty()) {
      return "-";
    }
    List<Duration> sorted = settled.stream().sorted().toList();
    return seconds(sorted.get((sorted.size() - 1) * percentile / 100));
  }

  static String seconds(Duration duration) {
    return String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1000.0);
  }
}
