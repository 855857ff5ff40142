package dev.tidemark.bench.verify.jobs;

import java.util.List;
import java.util.Optional;

/**
 * What to do.
 *
 * @param rounds how many faults
 * @param seed what decides which, and what is asked
 * @param faults which kinds
 * @param workers how many
 * @param plant a defect that has to be noticed, if one is to be planted
 * @param leastJobs fewer than this prove nothing
 */
record JobsPlan(
    int rounds,
    long seed,
    List<JobsFault> faults,
    int workers,
    Optional<JobsPlant> plant,
    long leastJobs) {
  JobsPlan {
    faults = List.copyOf(faults);
    if (rounds < 0 || workers < 2 || (rounds > 0 && faults.isEmpty())) {
      throw new IllegalArgumentException("rounds need faults, and jobs two workers at least");
    }
  }
}
