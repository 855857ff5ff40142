package dev.tidemark.standalone.system;

import java.time.Duration;

/** Hears of each part that has started. Called from several threads, one at a time. */
public interface Progress {
  void started(String part, String where, Duration took);
}
