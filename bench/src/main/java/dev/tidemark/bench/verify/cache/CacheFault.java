package dev.tidemark.bench.verify.cache;

import java.util.Locale;

/** What can go wrong. */
enum CacheFault {
  /** It dies, stands still, forgets, is another one, is too small, or is as it was a while ago. */
  REDIS,
  BROKER,
  NODE,
  CONNECTORS,
  POSTGRES,
  /** Commits are in the log, and no snapshot shows them yet. */
  GAP;

  static CacheFault parse(String text) {
    return valueOf(text.strip().toUpperCase(Locale.ROOT));
  }
}
