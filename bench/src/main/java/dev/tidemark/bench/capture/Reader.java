package dev.tidemark.bench.capture;

/** A contender's way of reading the log, as its process runs it. */
interface Reader {
  /** Begins, or begins anew after a stop; reports when it streams. */
  void start() throws Exception;

  /** Ends, so that what was read is confirmed. */
  void stop() throws Exception;
}
