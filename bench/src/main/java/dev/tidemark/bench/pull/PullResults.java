package dev.tidemark.bench.pull;

import dev.tidemark.bench.system.Latency;
import java.util.List;

/**
 * All that was measured.
 *
 * @param live changes by psql, by who hears them
 * @param devices changes by devices
 * @param first first syncs over HTTP
 * @param delta pulls of a hundred changes
 */
record PullResults(
    List<Live> live, Live devices, First first, Delta delta, Connections connections) {
  PullResults {
    live = List.copyOf(live);
  }

  /**
   * How long changes took to those who hear them, and to a bare consumer of the topic.
   *
   * @param sinceCommit from the return of the commit; of a device's write, from its answer
   * @param sinceSent from the sending of the statement or the request
   * @param limitSinceCommit the same, to the bare consumer
   * @param received of so many that were expected
   */
  record Live(
      String what,
      int changes,
      Latency sinceCommit,
      Latency sinceSent,
      Latency limitSinceCommit,
      Latency limitSinceSent,
      long received,
      long expected) {}

  /**
   * First syncs, in rows a second.
   *
   * @param bytes of all pages
   * @param compressedBytes of the same, as they went over the connection with gzip
   * @param scan the log alone
   * @param server the same bytes from a plain server
   */
  record First(
      int rows,
      long bytes,
      long compressedBytes,
      double plain,
      double gzip,
      double scan,
      double server) {}

  /** Pulls of so many changes; and the same bytes from a plain server. */
  record Delta(int changes, Latency pull, Latency server) {}

  /**
   * Very many connections at once.
   *
   * @param heapEach bytes of heap for each
   * @param restEach bytes of other memory for each
   * @param hearers how many of them hear one change
   * @param sinceCommit until the last one has it, from the commit
   * @param sinceFirst until the last one has it, from when the first had
   */
  record Connections(
      int count,
      double heapEach,
      double restEach,
      int hearers,
      Latency sinceCommit,
      Latency sinceFirst,
      double idleCores) {}
}
