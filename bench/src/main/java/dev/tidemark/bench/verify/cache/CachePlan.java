package dev.tidemark.bench.verify.cache;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What to do.
 *
 * @param rounds how many faults; up to twice as many, until there are enough answers
 * @param seed what decides which, and what writers and readers do
 * @param faults which kinds
 * @param calm how long nothing happens at first
 * @param readers how many ask each node
 * @param plant a defect that has to be noticed, if one is to be planted
 * @param leastReads fewer than this prove nothing
 */
record CachePlan(
    int rounds,
    long seed,
    List<CacheFault> faults,
    Duration calm,
    int readers,
    Optional<CachePlant> plant,
    long leastReads) {
  CachePlan {
    faults = List.copyOf(faults);
    if (rounds < 0 || readers < 1 || (rounds > 0 && faults.isEmpty())) {
      throw new IllegalArgumentException("rounds need faults, and answers need readers");
    }
  }
}
