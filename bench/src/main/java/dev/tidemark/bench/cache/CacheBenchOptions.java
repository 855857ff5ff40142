package dev.tidemark.bench.cache;

import java.util.EnumSet;
import java.util.Set;
import picocli.CommandLine.Option;

/** What to measure and how long. */
final class CacheBenchOptions {
  @Option(names = "--seconds", defaultValue = "20", description = "of each load; ${DEFAULT-VALUE}")
  int seconds;

  @Option(names = "--warm-up", defaultValue = "180", description = "seconds; ${DEFAULT-VALUE}")
  int warmUp;

  @Option(
      names = "--rate",
      defaultValue = "200",
      description = "commits a second; ${DEFAULT-VALUE}")
  int rate;

  @Option(
      names = "--mix-rate",
      defaultValue = "200",
      description = "reads and writes a second of the mix; ${DEFAULT-VALUE}")
  int mixRate;

  @Option(
      names = "--providers",
      defaultValue = "500",
      description = "with an agenda of 7 days; ${DEFAULT-VALUE}")
  int providers;

  @Option(
      names = "--changes",
      defaultValue = "200000",
      description = "put into a change topic at once; ${DEFAULT-VALUE}")
  int changes;

  @Option(
      names = "--only",
      split = ",",
      description = "of: ${COMPLETION-CANDIDATES}; all of them otherwise")
  Set<Part> only = EnumSet.allOf(Part.class);

  @Option(names = "--quick", description = "does it work at all: 3 seconds, 5000 changes")
  boolean quick;

  @Option(names = "--save", description = "write the table to bench/results")
  boolean save;

  /** What can be measured alone. */
  enum Part {
    gone,
    hits,
    agendas,
    flood
  }

  /** What {@code --quick} means. */
  CacheBenchOptions settled() {
    if (quick) {
      seconds = 3;
      warmUp = 1;
      rate = 50;
      mixRate = 50;
      providers = 20;
      changes = 5_000;
    }
    return this;
  }
}
