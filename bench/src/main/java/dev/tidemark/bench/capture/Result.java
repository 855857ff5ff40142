package dev.tidemark.bench.capture;

import dev.tidemark.bench.system.Latency;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What a contender has reached.
 *
 * @param drains each drain, the first with a cold process
 * @param repeated rows that came more than once
 * @param restart from the start of a process after a kill to the next committed row seen
 * @param big how it took the one large transaction
 */
record Result(
    Contender contender,
    Latency latency,
    List<Drain> drains,
    long repeated,
    Memory memory,
    Optional<Duration> restart,
    Optional<Big> big) {

  /**
   * One drain.
   *
   * @param rowsPerSecond from the first row seen to the last
   * @param first from the word that it streams to the first row seen
   */
  record Drain(long rowsPerSecond, Duration first) {}

  /** The most memory in use, in bytes. */
  record Memory(long heap, long resident) {}

  /** One large transaction. */
  record Big(int rows, long rowsPerSecond, int heapMegabytes, Memory memory) {}

  Result {
    drains = List.copyOf(drains);
  }
}
