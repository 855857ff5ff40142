package dev.tidemark.bench.capture;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Who takes part. */
enum Contender {
  RAW("raw pgoutput over JDBC (limit)", Seen.IN_PROCESS),
  ENGINE_RECORDS("Debezium engine, records only, poll 5 ms", Seen.IN_PROCESS),
  ENGINE_JSON("Debezium engine → Kafka, JSON, tuned, poll 1 ms", Seen.IN_DEBEZIUM_TOPIC),
  ENGINE_JSON_DEFAULTS("Debezium engine → Kafka, JSON, default settings", Seen.IN_DEBEZIUM_TOPIC),
  TIDEMARK("Tidemark capture, exactly once, as shipped", Seen.IN_CHANGE_TOPIC);

  /** Where a row has arrived when it counts. */
  enum Seen {
    IN_PROCESS,
    IN_DEBEZIUM_TOPIC,
    IN_CHANGE_TOPIC
  }

  private final String title;
  private final Seen seen;

  Contender(String title, Seen seen) {
    this.title = title;
    this.seen = seen;
  }

  String title() {
    return title;
  }

  Seen seen() {
    return seen;
  }

  /** What its table, slot and publication are called. */
  String place() {
    return "bench_" + name().toLowerCase(Locale.ROOT);
  }

  static List<String> names() {
    return Arrays.stream(values())
        .map(contender -> contender.name().toLowerCase(Locale.ROOT).replace('_', '-'))
        .toList();
  }
}
