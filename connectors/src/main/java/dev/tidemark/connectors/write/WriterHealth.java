package dev.tidemark.connectors.write;

import java.time.Instant;

/**
 * How the writer does.
 *
 * @param state what it is doing
 * @param detail the same in a sentence
 * @param since since when it is in that state
 */
public record WriterHealth(State state, String detail, Instant since) {
  /** What the writer is doing. */
  public enum State {
    STARTING,
    /** It takes what comes and writes it. */
    WRITING,
    /** Other writers have all partitions. */
    STANDBY,
    /** Postgres or Kafka is away; what was taken is kept and tried again. */
    RETRYING,
    /** It should have got on and has not. */
    STALLED,
    STOPPED
  }

  /** Whether writes flow, or are in good hands. */
  public boolean up() {
    return switch (state) {
      case WRITING, STANDBY -> true;
      case STARTING, RETRYING, STALLED, STOPPED -> false;
    };
  }
}
