package dev.tidemark.api.workers;

import static java.util.Objects.requireNonNull;

import dev.tidemark.contract.job.JobCommand;
import dev.tidemark.contract.job.Place;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.IntUnaryOperator;

/**
 * What a worker says of itself.
 *
 * @param types of jobs that it does
 * @param slots how many it does at a time
 * @param lease without another word for so long it counts as dead
 * @param running the attempts that it makes
 */
record Shift(
    String worker, Set<String> types, int slots, Duration lease, Map<String, Integer> running) {
  Shift {
    requireNonNull(worker, "worker is null");
    types = Set.copyOf(types);
    requireNonNull(lease, "lease is null");
    running = Map.copyOf(running);
  }

  /** How many more it could begin. */
  int free() {
    return slots - running.size();
  }

  /**
   * Whether the scheduler may give it more than it has slots: each partition gives one at least,
   * and none knows of what others give.
   */
  boolean isNarrow(int partitions) {
    return slots < partitions;
  }

  /** The slots of which no partition hears: it is to be given nothing. */
  static IntUnaryOperator none() {
    return _ -> 0;
  }

  /** All partitions hear of its slots. */
  IntUnaryOperator all() {
    return _ -> slots;
  }

  /**
   * As many partitions hear of its slots as it could begin jobs: those of which it does none first,
   * from a turn on.
   */
  IntUnaryOperator few(int partitions, int turn) {
    Set<Integer> busy = new HashSet<>();
    running.keySet().forEach(id -> busy.add(partition(id, partitions)));
    Set<Integer> chosen = new HashSet<>();
    for (int i = 0; i < partitions && chosen.size() < free(); i++) {
      int partition = Math.floorMod(turn + i, partitions);
      if (!busy.contains(partition)) {
        chosen.add(partition);
      }
    }
    return partition -> chosen.contains(partition) ? slots : 0;
  }

  /**
   * What each partition is to hear.
   *
   * @param more attempts that it is given and may not know of yet
   */
  Map<Integer, JobCommand.Alive> alive(
      int partitions, IntUnaryOperator slotsOf, Map<String, Integer> more) {
    Map<String, Integer> all = new HashMap<>(running);
    all.putAll(more);
    Map<Integer, Map<String, Integer>> byPartition = new HashMap<>();
    all.forEach(
        (id, attempt) ->
            byPartition
                .computeIfAbsent(partition(id, partitions), _ -> new HashMap<>())
                .put(id, attempt));
    Map<Integer, JobCommand.Alive> alive = new HashMap<>();
    for (int partition = 0; partition < partitions; partition++) {
      alive.put(
          partition,
          new JobCommand.Alive(
              worker,
              types,
              slotsOf.applyAsInt(partition),
              byPartition.getOrDefault(partition, Map.of()),
              lease));
    }
    return alive;
  }

  private static int partition(String id, int partitions) {
    return Place.ofId(id).orElseThrow().partition(partitions);
  }
}
