package dev.tidemark.bench.verify;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;

/**
 * What to do.
 *
 * @param rounds how many faults
 * @param seed what decides which, and what the writers write
 * @param faults which kinds; capture's own come most often
 * @param plant a fault that has to be noticed, if one is to be planted
 * @param leastChanges fewer changes than this prove nothing
 */
record VerifyPlan(
    int rounds, long seed, List<Fault> faults, Optional<Plant> plant, long leastChanges) {
  VerifyPlan {
    requireNonNull(plant, "plant is null");
    faults = List.copyOf(faults);
    if (rounds < 1) {
      throw new IllegalArgumentException("at least one round is needed");
    }
    if (faults.isEmpty()) {
      throw new IllegalArgumentException("at least one kind of fault is needed");
    }
  }
}
