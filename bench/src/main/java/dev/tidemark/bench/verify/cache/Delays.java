package dev.tidemark.bench.verify.cache;

import java.util.Locale;
import org.HdrHistogram.Histogram;

/** For how long commits that had returned were not shown to somebody who asked. Thread-safe. */
final class Delays {
  private static final long MOST_MICROS = 600_000_000;

  private final Histogram micros = new Histogram(MOST_MICROS, 3);
  private long commits;

  synchronized void add(long nanos) {
    commits++;
    if (nanos > 0) {
      micros.recordValue(Math.min(MOST_MICROS, nanos / 1_000));
    }
  }

  synchronized String sentence() {
    return String.format(
        Locale.ROOT,
        "bound p50 %.0f ms p99 %.0f ms max %.0f ms, of %,d changes of answers of which %,d were"
            + " asked for too soon",
        micros.getValueAtPercentile(50) / 1e3,
        micros.getValueAtPercentile(99) / 1e3,
        micros.getMaxValue() / 1e3,
        commits,
        micros.getTotalCount());
  }
}
