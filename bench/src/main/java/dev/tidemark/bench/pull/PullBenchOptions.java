package dev.tidemark.bench.pull;

import picocli.CommandLine.Option;

/** What to measure and how long. */
final class PullBenchOptions {
  @Option(names = "--seconds", defaultValue = "15", description = "of each load; ${DEFAULT-VALUE}")
  int seconds;

  @Option(names = "--warm-up", defaultValue = "120", description = "seconds; ${DEFAULT-VALUE}")
  int warmUp;

  @Option(
      names = "--rate",
      defaultValue = "200",
      description = "commits a second by psql; ${DEFAULT-VALUE}")
  int rate;

  @Option(
      names = "--device-rate",
      defaultValue = "20",
      description = "batches a second by devices; ${DEFAULT-VALUE}")
  int deviceRate;

  @Option(
      names = "--subscribers",
      defaultValue = "100",
      description = "who hear these; ${DEFAULT-VALUE}")
  int subscribers;

  @Option(
      names = "--rows",
      defaultValue = "100000",
      description = "of the first sync; ${DEFAULT-VALUE}")
  int rows;

  @Option(
      names = "--connections",
      defaultValue = "10000",
      description = "open at once; ${DEFAULT-VALUE}")
  int connections;

  @Option(
      names = "--fan-out",
      defaultValue = "1000",
      description = "of them hear of one change; ${DEFAULT-VALUE}")
  int fanOut;

  @Option(names = "--heap", defaultValue = "1024", description = "MB of the node; ${DEFAULT-VALUE}")
  int heap;

  @Option(
      names = "--quick",
      description = "does it work at all: 3 seconds, 10000 rows, 300 connections")
  boolean quick;

  @Option(names = "--jfr", description = "leave a flight recording of connectors and node here")
  String recordings = "";

  @Option(names = "--save", description = "write the table to bench/results")
  boolean save;

  /** What {@code --quick} means. */
  PullBenchOptions settled() {
    if (quick) {
      seconds = 3;
      warmUp = 3;
      rows = 10_000;
      subscribers = 20;
      connections = 300;
      fanOut = 100;
    }
    return this;
  }
}
