package dev.tidemark.bench.jobs;

import static java.util.Objects.requireNonNull;

import java.time.Instant;

/**
 * A job that does nothing.
 *
 * @param number from 0; nobody else has it among those of a contestant
 * @param due not before then; jobs that are not delayed are due before they are submitted
 * @param held whether it stays in the hands of a worker that holds such jobs
 */
record BenchJob(int number, Instant due, boolean held) {
  private static final int BYTES = 200;
  private static final String HELD = "held";
  private static final String FREE = "free";

  BenchJob {
    requireNonNull(due, "due is null");
  }

  /** What it is given. */
  String payload() {
    String head = number + " " + (held ? HELD : FREE) + " ";
    return head + "x".repeat(BYTES - head.length());
  }

  static int number(String payload) {
    return Integer.parseInt(payload, 0, payload.indexOf(' '), 10);
  }

  static boolean isHeld(String payload) {
    return payload.startsWith(HELD, payload.indexOf(' ') + 1);
  }
}
