package dev.tidemark.contract.sync;

import java.util.Locale;

/** How a device wants a conflict to be resolved. */
public enum Strategy {
  /** What the device set stands. */
  CLIENT_WINS,
  /** What the server has stands. */
  SERVER_WINS,
  /** What was written last stands, by corrected clocks. */
  LAST_WRITE_WINS,
  /** Each field by the catalog's policy. */
  MERGE,
  /** A person decides; until then the server's row stands. */
  MANUAL;

  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
