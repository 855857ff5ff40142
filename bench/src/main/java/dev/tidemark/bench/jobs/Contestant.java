package dev.tidemark.bench.jobs;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A scheduler of jobs with its worker, to be measured. One thread. */
interface Contestant extends AutoCloseable {
  /** What it is called in the table. */
  String name();

  /** What has begun where it runs. */
  Ledger ledger();

  /** Starts all that it needs, with one worker; returns when jobs can be submitted. */
  void start() throws Exception;

  /** Submits jobs; returns when they are accepted for good. */
  void submit(List<BenchJob> jobs) throws Exception;

  /**
   * Waits until jobs that have begun are done, and that is written down.
   *
   * @return when that was seen, by the monotonic clock
   */
  long awaitDone(List<BenchJob> jobs, Duration atMost) throws Exception;

  /** Starts another worker, in whose hands jobs stay that are to be held. */
  ContestantProcess startHolding() throws Exception;

  /** How long it takes at least until a dead worker is noticed, by what it is set to. */
  Duration noticesDeath();

  /**
   * Starts anew what schedules.
   *
   * @param killed whether it ends without being asked to
   * @return when it was started, by the monotonic clock
   */
  long restart(boolean killed) throws Exception;

  /** How long each of its parts has kept processors busy. */
  Map<String, Duration> busy();

  /** How many of these jobs are not done by what the contestant has written down. */
  int undone(List<BenchJob> jobs) throws Exception;

  @Override
  void close();
}
