package dev.tidemark.api.sync;

import dev.tidemark.contract.sync.Outcome;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Brings outcomes to those who wait for them. An outcome that nobody waits for is dropped. */
public final class Waiters {
  private final Map<String, List<Waiting>> waiting = new ConcurrentHashMap<>();

  /** Waits for these operations from now on, until it is closed. */
  public Waiting waitFor(Collection<String> operations) {
    Waiting mine = new Waiting(List.copyOf(operations));
    for (String operation : mine.operations) {
      waiting.merge(
          operation,
          List.of(mine),
          (before, added) -> Stream.concat(before.stream(), added.stream()).toList());
    }
    return mine;
  }

  /** Takes an outcome to all who wait for it. */
  public void bring(Outcome outcome) {
    List<Waiting> interested = waiting.get(outcome.operation());
    if (interested != null) {
      interested.forEach(one -> one.take(outcome));
    }
  }

  /** How many operations are waited for. */
  public int size() {
    return waiting.size();
  }

  /** One request that waits for its operations. */
  public final class Waiting implements AutoCloseable {
    private final List<String> operations;
    private final Map<String, Outcome> outcomes = new ConcurrentHashMap<>();
    private final CountDownLatch missing;

    private Waiting(List<String> operations) {
      this.operations = operations;
      this.missing = new CountDownLatch(operations.size());
    }

    /** Takes an outcome that was found in another way, too. */
    void take(Outcome outcome) {
      if (outcomes.putIfAbsent(outcome.operation(), outcome) == null) {
        missing.countDown();
      }
    }

    Optional<Outcome> outcome(String operation) {
      return Optional.ofNullable(outcomes.get(operation));
    }

    List<String> stillMissing() {
      return operations.stream().filter(operation -> !outcomes.containsKey(operation)).toList();
    }

    /** Whether all have come before the time is over. */
    boolean await(long nanos) throws InterruptedException {
      return missing.await(nanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public void close() {
      for (String operation : operations) {
        waiting.computeIfPresent(
            operation,
            (_, all) -> {
              List<Waiting> others = all.stream().filter(one -> one != this).toList();
              return others.isEmpty() ? null : others;
            });
      }
    }
  }
}
