package dev.tidemark.api.node;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.TaskMetadata;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides whether a store that knows nothing of an entity may be believed.
 *
 * <p>First, capture must have read the table whole and follow it. And a store that is active and
 * restored can still be behind its topics: at the first start, after a pause, and for the moment
 * after a takeover, when changes that the former owner had taken in but not committed are read
 * again. So an absence counts once everything that was in the topics at one moment has been
 * committed, and that moment is renewed every second. What the task itself has committed decides;
 * the group's offsets only where it has not committed yet, so that a node which was paused and
 * replaced cannot borrow its successor's progress.
 */
final class AbsenceProof {
  private static final Logger LOG = LoggerFactory.getLogger(AbsenceProof.class);
  private static final Duration FRESH = Duration.ofSeconds(1);
  private static final Duration PATIENCE = Duration.ofMillis(500);
  private static final Duration PAUSE = Duration.ofMillis(5);

  private final KafkaStreams streams;
  private final CapturedTables tables;
  private final TopicEnds ends;
  private final Map<Integer, Proof> proofs = new ConcurrentHashMap<>();

  /** One at a time per partition; the others wait and share what it found. */
  private static final class Proof {
    private final ReentrantLock lock = new ReentrantLock();
    private long provenNanos = System.nanoTime() - FRESH.toNanos();
  }

  AbsenceProof(KafkaStreams streams, CapturedTables tables, TopicEnds ends) {
    this.streams = streams;
    this.tables = tables;
    this.ends = ends;
  }

  boolean isCurrent(String type, int partition) {
    OptionalLong followed = tables.followedSince(type);
    return followed.isPresent() && isCurrent(partition, followed.getAsLong());
  }

  /** A proof from before the table was read whole proves nothing. */
  private boolean isCurrent(int partition, long notBefore) {
    Proof proof = proofs.computeIfAbsent(partition, _ -> new Proof());
    proof.lock.lock();
    try {
      if (System.nanoTime() - proof.provenNanos < FRESH.toNanos()
          && proof.provenNanos - notBefore > 0) {
        return true;
      }
      long asked = System.nanoTime();
      if (!catchesUp(ends.ends(partition), asked)) {
        return false;
      }
      proof.provenNanos = asked;
      return true;
    } catch (ExecutionException | TimeoutException e) {
      LOG.debug("The brokers do not say where partition {} ends", partition, e);
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      proof.lock.unlock();
    }
  }

  private boolean catchesUp(Map<TopicPartition, Long> targets, long asked)
      throws ExecutionException, InterruptedException, TimeoutException {
    while (true) {
      Map<TopicPartition, Long> missing = missing(targets);
      if (missing.isEmpty()) {
        return true;
      }
      if (System.nanoTime() - asked > PATIENCE.toNanos() || Thread.interrupted()) {
        return false;
      }
      LockSupport.parkNanos(PAUSE.toNanos());
    }
  }

  private Map<TopicPartition, Long> missing(Map<TopicPartition, Long> targets)
      throws ExecutionException, InterruptedException, TimeoutException {
    Map<TopicPartition, Long> missing = new HashMap<>(targets);
    missing.values().removeIf(end -> end == 0);
    Map<TopicPartition, Long> mine = committedHere();
    missing
        .entrySet()
        .removeIf(target -> mine.getOrDefault(target.getKey(), -1L) >= target.getValue());
    if (missing.keySet().stream().anyMatch(partition -> mine.getOrDefault(partition, -1L) < 0)) {
      Map<TopicPartition, Long> group = ends.committed(missing.keySet());
      missing
          .entrySet()
          .removeIf(
              target ->
                  mine.getOrDefault(target.getKey(), -1L) < 0
                      && group.getOrDefault(target.getKey(), -1L) >= target.getValue());
    }
    return missing;
  }

  private Map<TopicPartition, Long> committedHere() {
    Map<TopicPartition, Long> committed = new HashMap<>();
    streams.metadataForLocalThreads().stream()
        .flatMap(thread -> thread.activeTasks().stream())
        .map(TaskMetadata::committedOffsets)
        .forEach(committed::putAll);
    return committed;
  }
}
