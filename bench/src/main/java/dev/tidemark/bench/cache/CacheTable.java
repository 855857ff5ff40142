package dev.tidemark.bench.cache;

import dev.tidemark.bench.cache.Trace.Station;
import dev.tidemark.bench.system.Latency;
import dev.tidemark.bench.system.Machine;
import java.util.Map;
import java.util.stream.Collectors;

/** The figures in Markdown, each beside its goal and its limit. */
final class CacheTable {
  private static final double GOAL_GONE_P50 = 20;
  private static final double GOAL_GONE_P99 = 80;
  private static final double GOAL_MEMORY_MICROS = 2;
  private static final double GOAL_REDIS_TIMES = 1.5;
  private static final double GOAL_HTTP_P50 = 1;
  private static final double GOAL_HITS = 95;
  private static final double GOAL_DATABASE = 90;
  private static final double GOAL_TIME = 80;
  private static final double GOAL_INVALIDATIONS = 20_000;

  private final CacheBenchOptions options;
  private final StringBuilder stations = new StringBuilder();
  private final StringBuilder rows = new StringBuilder();
  private final StringBuilder notes = new StringBuilder();
  private final Machine machine;

  CacheTable(Machine machine, CacheBenchOptions options) {
    this.machine = machine;
    this.options = options;
  }

  /** All that has been measured by now. */
  String text() {
    return machine.sentence()
        + "\n\n"
        + ("Two api nodes, -Xmx512m, %d s of each load after %d s of warming up. Clients, nodes,"
                + " connectors, broker, Redis and database share the machine.\n\n")
            .formatted(options.seconds, options.warmUp)
        + stations
        + "| | measured | limit | of the limit | goal | |\n|---|---|---|---|---|---|\n"
        + rows
        + "\n"
        + notes;
  }

  private void stations(Trace trace) {
    line(
        stations,
        "| %d commits a second, ms from the return of the commit | p50 | p99 | max |"
            .formatted(options.rate));
    line(stations, "|---|---|---|---|");
    for (Station station : Station.values()) {
      Latency latency = trace.latency(station);
      line(
          stations,
          "| %s | %.1f | %.1f | %.1f |"
              .formatted(station.text(), latency.p50(), latency.p99(), latency.max()));
    }
    line(
        stations,
        ("\n%,d commits counted; %,d were not seen everywhere. %,d were left out, because their"
                + " answer was not kept everywhere.\n")
            .formatted(trace.counted(), trace.lost(), trace.leftOut()));
  }

  /** When a commit was where. */
  void gone(Trace trace) {
    stations(trace);
    Latency limit = trace.latency(Station.INVALIDATION_TOPIC);
    for (Station station : new Station[] {Station.REDIS, Station.MEMORY_1, Station.MEMORY_2}) {
      Latency latency = trace.latency(station);
      millis(station.text() + ", p50", latency.p50(), limit.p50(), GOAL_GONE_P50);
      millis(station.text() + ", p99", latency.p99(), limit.p99(), GOAL_GONE_P99);
    }
  }

  /**
   * What a hit costs.
   *
   * @param hit over HTTP, out of memory
   * @param health over HTTP, what is always the same
   */
  void hits(HitCosts costs, Latency hit, Latency health) {
    row(
        "hit in memory, in process",
        "%.2f µs".formatted(costs.memory()),
        "",
        "",
        "≤ %.0f µs".formatted(GOAL_MEMORY_MICROS),
        costs.memory() <= GOAL_MEMORY_MICROS);
    row(
        "hit in Redis, beside a bare GET of as many bytes",
        "%.1f µs".formatted(costs.redis()),
        "%.1f µs".formatted(costs.bareGet()),
        "%.2f ×".formatted(costs.redis() / costs.bareGet()),
        "≤ %.1f ×".formatted(GOAL_REDIS_TIMES),
        costs.redis() / costs.bareGet() <= GOAL_REDIS_TIMES);
    millis("hit over HTTP, p50, beside /health/liveness", hit.p50(), health.p50(), GOAL_HTTP_P50);
  }

  /** What the cache saves. */
  void mix(Mix.Result with, Mix.Result without) {
    row(
        "agendas, 95 %% reads: hits among %,d reads".formatted(with.reads()),
        "%.1f %%".formatted(with.hitPercent()),
        "%.1f %%".formatted(with.mostPercent()),
        "%.3f ×".formatted(with.hitPercent() / with.mostPercent()),
        "> %.0f %%".formatted(GOAL_HITS),
        with.hitPercent() > GOAL_HITS);
    less(
        "Postgres' processor time for each read, beside the same without the cache",
        with.database(),
        without.database(),
        "µs",
        GOAL_DATABASE);
    less(
        "response time p50, beside the same without the cache",
        with.latency().p50() * 1_000,
        without.latency().p50() * 1_000,
        "µs",
        GOAL_TIME);
  }

  private void less(String what, double with, double without, String unit, double goal) {
    double saved = 100 * (1 - with / without);
    row(
        what,
        "%.0f %s".formatted(with, unit),
        "%.0f %s".formatted(without, unit),
        "−%.0f %%".formatted(saved),
        "−%.0f %%".formatted(goal),
        saved >= goal);
  }

  /** How many invalidations a second come through. */
  void flood(Flood.Result flood) {
    row(
        "%,d changes at once, invalidations told to Redis".formatted(flood.changes()),
        "%,.0f/s".formatted(flood.redis()),
        "%,.0f/s in their topic".formatted(flood.topology()),
        "%.0f %%".formatted(100 * flood.redis() / flood.topology()),
        "≥ %,.0f/s".formatted(GOAL_INVALIDATIONS),
        flood.redis() >= GOAL_INVALIDATIONS);
    line(
        notes,
        "During the flood cores were kept busy by: "
            + flood.cores().entrySet().stream()
                .sorted(Map.Entry.<String, Double>comparingByValue().reversed())
                .map(part -> "%s %.2f".formatted(part.getKey(), part.getValue()))
                .collect(Collectors.joining(", "))
            + ".");
  }

  private void millis(String what, double measured, double limit, double goal) {
    row(
        what,
        "%.1f ms".formatted(measured),
        "%.1f ms".formatted(limit),
        limit == 0 ? "" : "%.1f ×".formatted(measured / limit),
        "≤ %.0f ms".formatted(goal),
        measured <= goal);
  }

  private void row(
      String what, String measured, String limit, String ratio, String goal, boolean reached) {
    line(
        rows,
        "| "
            + String.join(" | ", what, measured, limit, ratio, goal, reached ? "reached" : "MISSED")
            + " |");
  }

  private static void line(StringBuilder text, String line) {
    text.append(line).append('\n');
  }
}
