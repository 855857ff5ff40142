package dev.tidemark.api.live;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** The way to one listener. None of these waits, nor fails because the other side is gone. */
public interface Line {
  /** Whether it takes more right now. */
  boolean isReady();

  /** Whether the other side answers heartbeats, so that its silence means something. */
  boolean answers();

  /**
   * Sends changes.
   *
   * @param changes a JSON array
   */
  void changes(byte[] changes, String cursor);

  /** Says that everything there was has been told. */
  void caughtUp(String cursor);

  void outcome(ObjectNode outcome);

  /** Says that the connection is alive. */
  void heartbeat(String cursor);

  /** Asks the other side to say that it is alive. */
  void ask();

  /** Says why, and closes. */
  void end(Ending ending);
}
