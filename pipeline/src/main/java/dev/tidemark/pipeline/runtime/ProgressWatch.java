package dev.tidemark.pipeline.runtime;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Notices partitions that stand still with records in front of them. A Streams client can be
 * RUNNING and do nothing: a task that waits for a topic that is not there, or that sends one record
 * again and again, changes no state that it reports.
 *
 * <p>Not thread-safe.
 */
final class ProgressWatch {
  private final Duration patience;
  private final Map<String, Stand> stands = new HashMap<>();

  /** Where a partition's reader is. */
  record Position(String partition, long committed, long end) {
    long lag() {
      return end - committed;
    }
  }

  /** Since when a partition with records in front of it has stood where it stands. */
  private record Stand(long committed, Instant since) {}

  ProgressWatch(Duration patience) {
    this.patience = patience;
  }

  /** Takes note of where the partitions are now, and tells which have stood still for too long. */
  List<String> stalled(List<Position> positions, Instant now) {
    Map<String, Stand> seen = new HashMap<>();
    List<String> stalled = new ArrayList<>();
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
        stalled.add(
            position.partition()
                + " stands at "
                + position.committed()
                + ", "
                + position.lag()
                + " behind");
      }
    }
    stands.clear();
    stands.putAll(seen);
    return stalled;
  }
}
