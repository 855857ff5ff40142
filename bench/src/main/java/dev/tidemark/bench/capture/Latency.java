package dev.tidemark.bench.capture;

import org.HdrHistogram.Histogram;

/** From commit to seen, in milliseconds. */
record Latency(double p50, double p99, double max) {
  static Latency of(Histogram micros) {
    return new Latency(
        micros.getValueAtPercentile(50) / 1_000.0,
        micros.getValueAtPercentile(99) / 1_000.0,
        micros.getMaxValue() / 1_000.0);
  }
}
