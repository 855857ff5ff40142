package dev.tidemark.bench.system;

import org.HdrHistogram.Histogram;

/** How long something took, in milliseconds. */
public record Latency(double p50, double p99, double max) {
  public static Latency of(Histogram micros) {
    return new Latency(
        micros.getValueAtPercentile(50) / 1_000.0,
        micros.getValueAtPercentile(99) / 1_000.0,
        micros.getMaxValue() / 1_000.0);
  }
}
