package dev.tidemark.bench.verify.sync;

import java.util.List;
import java.util.Optional;

/**
 * What to do.
 *
 * @param rounds how many faults
 * @param seed what decides which, and what devices and sessions do
 * @param faults which kinds
 * @param plant a defect that has to be noticed, if one is to be planted
 * @param leastBatches fewer than this prove nothing
 */
record SyncPlan(
    int rounds,
    long seed,
    List<SyncFault> faults,
    int devices,
    Optional<SyncPlant> plant,
    long leastBatches) {
  SyncPlan {
    faults = List.copyOf(faults);
    if (rounds < 0 || devices < 1 || (rounds > 0 && faults.isEmpty())) {
      throw new IllegalArgumentException("rounds need faults, and batches need devices");
    }
  }
}
