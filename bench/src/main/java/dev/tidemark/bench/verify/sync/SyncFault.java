package dev.tidemark.bench.verify.sync;

import java.util.Locale;

/** What can be killed, stopped or frozen. */
enum SyncFault {
  /** Capture and writer, which live in one process. */
  CONNECTORS,
  /** One of the two api nodes, and with it its share of the resolver. */
  NODE,
  BROKER,
  POSTGRES,
  REDIS;

  static SyncFault parse(String text) {
    return valueOf(text.strip().toUpperCase(Locale.ROOT));
  }

  String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
