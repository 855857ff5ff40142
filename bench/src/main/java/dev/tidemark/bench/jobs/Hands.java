package dev.tidemark.bench.jobs;

import java.util.concurrent.CountDownLatch;

/** What all contestants' workers do with a job: say that it began. */
final class Hands {
  private final Report report;
  private final boolean holding;

  /**
   * @param holding whether jobs that are to be held stay here until the process is killed
   */
  Hands(Report report, boolean holding) {
    this.report = report;
    this.holding = holding;
  }

  void work(String payload) throws InterruptedException {
    report.began(BenchJob.number(payload));
    if (holding && BenchJob.isHeld(payload)) {
      new CountDownLatch(1).await();
    }
  }
}
