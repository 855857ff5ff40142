package dev.tidemark.pipeline.jobs.core;

import dev.tidemark.contract.catalog.job.JobQueue;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Whose turn it is among queues that have jobs: each gets turns in proportion to its weight, and
 * one that had none for a while has not saved any up.
 *
 * @param time how far turns have come
 * @param passes of queues that were served, how far that has brought them
 */
public record Turns(long time, Map<String, Long> passes) {
  /** What a turn costs a queue of weight one; weights divide it. */
  private static final long COST = 1_000_000;

  /** A queue that has its turn, and what is known after it. */
  public record Turn(JobQueue queue, Turns after) {}

  public Turns {
    passes = Map.copyOf(passes);
  }

  /** Nobody has had a turn. */
  public static Turns first() {
    return new Turns(0, Map.of());
  }

  /** Gives a turn to one of these; empty if there is none. */
  public Optional<Turn> next(Collection<JobQueue> ready) {
    Optional<JobQueue> chosen =
        ready.stream()
            .min(
                Comparator.<JobQueue>comparingLong(this::pass)
                    .thenComparing(JobQueue::weight, Comparator.reverseOrder())
                    .thenComparing(JobQueue::name));
    return chosen.map(
        queue -> {
          long now = pass(queue);
          Map<String, Long> left = new HashMap<>(passes);
          // Who is not ahead of the others is as one who never had a turn.
          left.values().removeIf(pass -> pass <= now);
          left.put(queue.name(), now + COST / queue.weight());
          return new Turn(queue, new Turns(now, left));
        });
  }

  private long pass(JobQueue queue) {
    return Math.max(time, passes.getOrDefault(queue.name(), time));
  }
}
