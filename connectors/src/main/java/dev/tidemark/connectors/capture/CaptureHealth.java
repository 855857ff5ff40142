package dev.tidemark.connectors.capture;

import java.time.Instant;

/**
 * How capture does.
 *
 * @param state what it is doing
 * @param detail the same in a sentence, with what to do where a person must do something
 * @param since since when it is in that state
 * @param heartbeat when the latest heartbeat that came back through the log had been sent
 */
public record CaptureHealth(State state, String detail, Instant since, Instant heartbeat) {
  /** What capture is doing. */
  public enum State {
    STARTING,
    /** Another capture of the same slot leads. */
    STANDBY,
    SNAPSHOT,
    STREAMING,
    /** Changes flow, but not of every table. */
    DEGRADED,
    /** The log moves and the stream does not. */
    STALLED,
    /** Something failed; it tries again by itself. */
    RETRYING,
    /** It will not go on before a person has done something. */
    REFUSED,
    STOPPED
  }

  /** Whether changes flow, or are in good hands. */
  public boolean up() {
    return switch (state) {
      case STANDBY, SNAPSHOT, STREAMING, DEGRADED -> true;
      case STARTING, STALLED, RETRYING, REFUSED, STOPPED -> false;
    };
  }
}
