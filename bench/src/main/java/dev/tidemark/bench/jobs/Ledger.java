package dev.tidemark.bench.jobs;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Which jobs a contestant was given, and which began when. Thread-safe. */
final class Ledger {
  private final List<BenchJob> jobs = new ArrayList<>();
  private int[] runs = new int[1024];
  private long[] began = new long[1024];

  /** Jobs that may begin at once. */
  List<BenchJob> next(int count) {
    List<BenchJob> more = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      more.add(next(Instant.EPOCH, false));
    }
    return more;
  }

  synchronized BenchJob next(Instant due, boolean held) {
    BenchJob job = new BenchJob(jobs.size(), due, held);
    jobs.add(job);
    if (jobs.size() > runs.length) {
      runs = Arrays.copyOf(runs, 2 * runs.length);
      began = Arrays.copyOf(began, 2 * began.length);
    }
    return job;
  }

  synchronized List<BenchJob> jobs() {
    return List.copyOf(jobs);
  }

  synchronized void began(int number, long nanos) {
    runs[number]++;
    began[number] = nanos;
    notifyAll();
  }

  synchronized int runs(BenchJob job) {
    return runs[job.number()];
  }

  /** When it began last. */
  synchronized long beganAt(BenchJob job) {
    return began[job.number()];
  }

  /**
   * Waits until these have begun at least so often.
   *
   * @return whether they have
   */
  synchronized boolean awaitBegan(List<BenchJob> some, int times, Duration atMost)
      throws InterruptedException {
    long deadline = System.nanoTime() + atMost.toNanos();
    // From the last one: as a rule it is the one that is missing.
    for (BenchJob job : some.reversed()) {
      while (runs[job.number()] < times) {
        long left = (deadline - System.nanoTime()) / 1_000_000;
        if (left <= 0) {
          return false;
        }
        wait(left);
      }
    }
    return true;
  }
}
