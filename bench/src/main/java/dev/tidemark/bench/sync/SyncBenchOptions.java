package dev.tidemark.bench.sync;

import picocli.CommandLine.Option;

/** What to measure and how long. */
final class SyncBenchOptions {
  @Option(names = "--seconds", defaultValue = "15", description = "of each load; ${DEFAULT-VALUE}")
  int seconds;

  @Option(names = "--warm-up", defaultValue = "180", description = "seconds; ${DEFAULT-VALUE}")
  int warmUp;

  @Option(names = "--rate", defaultValue = "20", description = "batches a second; ${DEFAULT-VALUE}")
  int rate;

  @Option(names = "--rows", defaultValue = "10000", description = "of the table; ${DEFAULT-VALUE}")
  int rows;

  @Option(
      names = "--backlog",
      defaultValue = "10000",
      description = "operations of the backlog; ${DEFAULT-VALUE}")
  int backlog;

  @Option(names = "--million", description = "once more with a million rows")
  boolean million;

  @Option(names = "--nodes", defaultValue = "1", description = "api nodes; ${DEFAULT-VALUE}")
  int nodes;

  @Option(names = "--heap", defaultValue = "512", description = "MB for each; ${DEFAULT-VALUE}")
  int heap;

  @Option(names = "--quick", description = "does it work at all: 3 seconds, 1000 operations")
  boolean quick;

  @Option(names = "--jfr", description = "leave a flight recording of connectors and nodes here")
  String recordings = "";

  @Option(names = "--save", description = "write the table to bench/results")
  boolean save;

  /** What {@code --quick} means. */
  SyncBenchOptions settled() {
    if (quick) {
      seconds = 3;
      warmUp = 3;
      backlog = 1_000;
    }
    return this;
  }
}
