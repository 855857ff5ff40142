package dev.tidemark.bench.jobs;

import dev.tidemark.bench.system.Latency;
import java.util.Map;
import java.util.Optional;

/**
 * What was measured of a contestant.
 *
 * @param few with nothing else in the store
 * @param many with the jobs of another day in it
 * @param preload how many of these were taken a second
 * @param restart seconds from the start of what schedules until a job begins
 * @param restartKilled the same after it was killed
 * @param death seconds from a worker's death until its last job has begun again
 * @param accounts what became of the jobs
 */
record Figures(
    Load few,
    Load many,
    double preload,
    double restart,
    double restartKilled,
    Optional<Double> death,
    Accounts accounts) {

  /**
   * What jobs were done under.
   *
   * @param perSecond jobs a second of many at once, until they are done
   * @param started milliseconds from the call that submits until a job begins
   * @param late milliseconds between when a delayed job is due and when it begins
   * @param cost microseconds of a processor that each part spent on one of many at once
   */
  record Load(double perSecond, Latency started, Latency late, Map<String, Double> cost) {
    Load {
      cost = Map.copyOf(cost);
    }
  }

  /**
   * What became of the jobs.
   *
   * @param submitted how many there were, without those of another day
   * @param lost that did not begin, or are not done by the contestant's own account
   * @param twice that began more than once, without those whose worker was killed
   */
  record Accounts(int submitted, int lost, int twice) {}
}
