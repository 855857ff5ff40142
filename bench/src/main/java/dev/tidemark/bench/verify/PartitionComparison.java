package dev.tidemark.bench.verify;

import dev.tidemark.bench.verify.Findings.Kind;
import dev.tidemark.contract.ChangeKind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Compares one partition of a change topic with what history says belongs into it, in this order:
 * the rows that the snapshot reads, then each change in commit order. As long as both agree nothing
 * is kept but a fingerprint of each change. Pure; not thread-safe.
 */
final class PartitionComparison {
  private final Map<String, Change> reads = new HashMap<>();
  private final Set<Long> matched = new HashSet<>();
  private final Deque<Change> expected = new ArrayDeque<>();
  private final Deque<Change> observed = new ArrayDeque<>();

  void expectRead(Change read) {
    reads.put(read.key(), read);
  }

  void expect(Change change) {
    expected.add(change);
  }

  void observe(Change change) {
    observed.add(change);
  }

  /** Lets go of what agrees. Only after all reads are known. */
  void match() {
    while (!observed.isEmpty()) {
      Change first = observed.getFirst();
      if (!agrees(first)) {
        return;
      }
      matched.add(first.id().fingerprint());
      observed.removeFirst();
    }
  }

  private boolean agrees(Change first) {
    if (first.kind() == ChangeKind.READ) {
      return reads.remove(first.key(), first);
    }
    if (reads.isEmpty() && first.equals(expected.peekFirst())) {
      expected.removeFirst();
      return true;
    }
    return false;
  }

  /** Whether the two disagree already, whatever comes. */
  boolean diverged() {
    return !observed.isEmpty()
        && (!expected.isEmpty() || matched.contains(observed.getFirst().id().fingerprint()));
  }

  /** Whether nothing is outstanding. */
  boolean settled() {
    return reads.isEmpty() && expected.isEmpty() && observed.isEmpty();
  }

  int outstanding() {
    return reads.size() + expected.size();
  }

  /** Says what is wrong with all that does not agree. */
  void report(Findings findings) {
    Map<Change.Id, Integer> places = new HashMap<>();
    List<Change> missing = new ArrayList<>(reads.values());
    missing.addAll(expected);
    for (int i = 0; i < missing.size(); i++) {
      places.put(missing.get(i).id(), i);
    }
    Set<Change.Id> paired = new HashSet<>();
    List<Integer> order = new ArrayList<>();
    List<Change> ordered = new ArrayList<>();
    for (Change change : observed) {
      Integer place = places.get(change.id());
      if (matched.contains(change.id().fingerprint()) || !paired.add(change.id())) {
        findings.add(Kind.DUPLICATED, change.toString());
      } else if (place == null) {
        findings.add(Kind.UNEXPECTED, change.toString());
      } else {
        Change wanted = missing.get(place);
        if (!wanted.equals(change)) {
          findings.add(Kind.ALTERED, change + "\n    instead of " + wanted);
        }
        // Rows that a snapshot reads have no order among themselves.
        order.add(Math.max(place, reads.size() - 1));
        ordered.add(change);
      }
    }
    for (Change change : missing) {
      if (!paired.contains(change.id())) {
        findings.add(Kind.LOST, change.toString());
      }
    }
    Set<Integer> inOrder = LongestRun.of(order);
    for (int i = 0; i < order.size(); i++) {
      if (!inOrder.contains(i)) {
        findings.add(Kind.REORDERED, ordered.get(i).toString());
      }
    }
  }
}
