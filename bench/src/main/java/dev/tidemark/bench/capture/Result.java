package dev.tidemark.bench.capture;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What a contender has reached.
 *
 * @param drains rows per second of each drain, the first with a cold process
 * @param repeated rows that came more than once
 * @param restart from the start of a process after a kill to the next committed row seen
 * @param big how it took the one large transaction
 */
record Result(
    Contender contender,
    Latency latency,
    List<Long> drains,
    long repeated,
    Memory memory,
    Optional<Duration> restart,
    Optional<Big> big) {

  /** The most memory in use, in bytes. */
  record Memory(long heap, long resident) {}

  /** One large transaction. */
  record Big(int rows, long rowsPerSecond, int heapMegabytes, Memory memory) {}

  Result {
    drains = List.copyOf(drains);
  }
}
