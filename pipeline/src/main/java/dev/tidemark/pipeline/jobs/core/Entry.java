package dev.tidemark.pipeline.jobs.core;

import static java.util.Objects.requireNonNull;

/**
 * A job, and where it stands while it waits for a worker.
 *
 * @param line the line in which it stands; empty if it does not wait
 * @param order its place in there: the smaller the earlier
 */
record Entry(Job job, String line, long order) {
  static final String NO_LINE = "";

  Entry {
    requireNonNull(job, "job is null");
    requireNonNull(line, "line is null");
  }

  static Entry standingNowhere(Job job) {
    return new Entry(job, NO_LINE, 0);
  }

  boolean waits() {
    return !line.isEmpty();
  }
}
