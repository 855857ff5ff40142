package dev.tidemark.bench.verify;

import dev.tidemark.bench.verify.TransactionReader.Committed;
import dev.tidemark.contract.ChangeKind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToIntFunction;

/**
 * Holds all change topics against history. What committed before the first snapshot has to come out
 * as the rows that the snapshot reads, all else as changes. Pure; not thread-safe.
 */
final class Comparison {
  private final int partitions;
  private final ToIntFunction<String> partitionOf;
  private final Map<String, PartitionComparison> byPartition = new TreeMap<>();
  private final List<Committed> beforeSnapshotEnd = new ArrayList<>();

  private long streamFrom = -1;
  private boolean snapshotKnown;
  private long changes;
  private long records;

  /**
   * @param partitions how many each change topic has
   * @param partitionOf the partition that a key belongs into
   */
  Comparison(int partitions, ToIntFunction<String> partitionOf) {
    this.partitions = partitions;
    this.partitionOf = partitionOf;
  }

  /** Transactions that commit from here on are streamed; what was before is in the snapshot. */
  void streamFrom(long lsn) {
    if (streamFrom < 0) {
      streamFrom = lsn;
    }
  }

  /** Takes what history says, in commit order. */
  void committed(List<Committed> transactions) {
    for (Committed transaction : transactions) {
      changes += transaction.changes().size();
      if (snapshotKnown) {
        expect(transaction);
      } else {
        beforeSnapshotEnd.add(transaction);
      }
    }
  }

  /** Takes what stands in a topic, in its partition's order. */
  void observed(int partition, Change change) {
    records++;
    partition(change.type(), partition).observe(change);
  }

  /** Lets go of what agrees. */
  void match() {
    if (!snapshotKnown
        && streamFrom >= 0
        && !beforeSnapshotEnd.isEmpty()
        && beforeSnapshotEnd.getLast().commitLsn() >= streamFrom) {
      expectSnapshot();
    }
    if (snapshotKnown) {
      byPartition.values().forEach(PartitionComparison::match);
    }
  }

  /** No more transactions come: also one that never saw the stream has a snapshot to show. */
  void complete() {
    if (!snapshotKnown && streamFrom >= 0) {
      expectSnapshot();
    }
    match();
  }

  private void expectSnapshot() {
    snapshotKnown = true;
    Map<String, Map<String, Row>> rows = new HashMap<>();
    List<Committed> streamed = new ArrayList<>();
    for (Committed transaction : beforeSnapshotEnd) {
      if (transaction.commitLsn() >= streamFrom) {
        streamed.add(transaction);
      } else {
        transaction.changes().forEach(change -> apply(change, rows));
      }
    }
    beforeSnapshotEnd.clear();
    rows.forEach(
        (type, byKey) ->
            byKey.forEach(
                (key, row) ->
                    partition(type, partitionOf.applyAsInt(key))
                        .expectRead(Change.read(type, key, row))));
    streamed.forEach(this::expect);
  }

  private static void apply(Change change, Map<String, Map<String, Row>> rows) {
    Map<String, Row> byKey = rows.computeIfAbsent(change.type(), _ -> new HashMap<>());
    Row after = change.after();
    if (change.kind() == ChangeKind.TRUNCATE) {
      byKey.clear();
    } else if (after == null) {
      byKey.remove(change.key());
    } else {
      byKey.put(change.key(), after);
    }
  }

  private void expect(Committed transaction) {
    for (Change change : transaction.changes()) {
      if (change.kind() == ChangeKind.TRUNCATE) {
        for (int i = 0; i < partitions; i++) {
          partition(change.type(), i).expect(change);
        }
      } else {
        partition(change.type(), partitionOf.applyAsInt(change.key())).expect(change);
      }
    }
  }

  private PartitionComparison partition(String type, int number) {
    return byPartition.computeIfAbsent(type + "-" + number, _ -> new PartitionComparison());
  }

  /** How many changes history has told of. */
  long changes() {
    return changes;
  }

  /** How many records have been seen in topics. */
  long records() {
    return records;
  }

  /** Whether some partition disagrees already, whatever comes. */
  boolean diverged() {
    return snapshotKnown && byPartition.values().stream().anyMatch(PartitionComparison::diverged);
  }

  /** Whether topics and history agree to the last change. */
  boolean settled() {
    return snapshotKnown && byPartition.values().stream().allMatch(PartitionComparison::settled);
  }

  /** How many changes are in history and not in the topics yet. */
  int outstanding() {
    return beforeSnapshotEnd.size()
        + byPartition.values().stream().mapToInt(PartitionComparison::outstanding).sum();
  }

  void report(Findings findings) {
    byPartition.values().forEach(partition -> partition.report(findings));
  }
}
