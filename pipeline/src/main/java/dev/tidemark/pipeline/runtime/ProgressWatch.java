package dev.tidemark.pipeline.runtime;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/**
 * Notices partitions that stand still with records in front of them. A Streams client can be
 * RUNNING and do nothing: a task that waits for a topic that is not there, or that sends one record
 * again and again, changes no state that it reports.
 *
 * <p>Not thread-safe.
 */
final class ProgressWatch {
  private final Duration patience;
  private final Map<TopicPartition, Stand> stands = new HashMap<>();

  /** Where a partition's reader is. */
  record Position(TopicPartition partition, long committed, long end) {
    long lag() {
      return end - committed;
    }

    @Override
    public String toString() {
      return partition + " stands at " + committed + ", " + lag() + " behind";
    }
  }

  /** Since when a partition with records in front of it has stood where it stands. */
  private record Stand(long committed, Instant since) {}

  ProgressWatch(Duration patience) {
    this.patience = patience;
  }

  /**
   * Takes note of where the partitions are now, and tells which have stood still for too long. What
   * is in front of them may be nothing but markers and aborted records: only a look can tell.
   */
  List<Position> stalled(List<Position> positions, Instant now) {
    Map<TopicPartition, Stand> seen = new HashMap<>();
    List<Position> stalled = new ArrayList<>();
    for (Position position : positions) {
      if (position.lag() <= 0) {
        continue;
      }
      Stand before = stands.get(position.partition());
      if (before == null || before.committed() != position.committed()) {
        seen.put(position.partition(), new Stand(position.committed(), now));
        continue;
      }
      seen.put(position.partition(), before);
      if (Duration.between(before.since(), now).compareTo(patience) >= 0) {
        stalled.add(position);
      }
    }
    stands.clear();
    stands.putAll(seen);
    return stalled;
  }
}
