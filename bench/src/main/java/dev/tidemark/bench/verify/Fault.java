package dev.tidemark.bench.verify;

import java.util.Locale;

/** What can be done to the pipeline. */
enum Fault {
  /** Capture is killed, in one of several ways, and started again. */
  CAPTURE,
  /** The broker is killed or restarted. */
  BROKER,
  /** The database is restarted, stopped as in a crash, or killed. */
  POSTGRES,
  /** A second capture stands by, and the one that leads is killed or loses its lock. */
  STANDBY;

  static Fault parse(String text) {
    return valueOf(text.strip().toUpperCase(Locale.ROOT));
  }
}
