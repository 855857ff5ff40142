package dev.tidemark.bench.verify.jobs;

import java.util.Locale;

/** What can be killed, stopped, frozen or set wrong. */
enum JobsFault {
  /** One of the workers. */
  WORKER,
  /** One of the two api nodes, and with it its share of the scheduler. */
  NODE,
  BROKER,
  /** Where jobs write what they do. */
  POSTGRES,
  /** The clock of a worker. */
  CLOCK,
  /** Both api nodes, until times of schedules are missed. */
  OUTAGE;

  static JobsFault parse(String text) {
    return valueOf(text.strip().toUpperCase(Locale.ROOT));
  }
}
