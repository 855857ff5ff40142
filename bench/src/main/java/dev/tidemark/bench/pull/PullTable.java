package dev.tidemark.bench.pull;

import dev.tidemark.bench.pull.PullResults.Connections;
import dev.tidemark.bench.pull.PullResults.First;
import dev.tidemark.bench.pull.PullResults.Live;
import dev.tidemark.bench.system.Latency;
import dev.tidemark.bench.system.Machine;

/** The figures in Markdown, each beside its goal and its limit. */
final class PullTable {
  private static final double GOAL_LIVE_P50 = 10;
  private static final double GOAL_LIVE_P99 = 40;
  private static final double GOAL_DEVICE_P50 = 35;
  private static final double GOAL_DEVICE_P99 = 80;
  private static final int GOAL_ROWS = 30_000;
  private static final double GOAL_DELTA_P50 = 5;
  private static final double GOAL_KIB = 30;
  private static final double GOAL_FAN_OUT = 200;

  private final StringBuilder text = new StringBuilder();

  private PullTable() {}

  static String of(Machine machine, PullBenchOptions options, PullResults results) {
    return new PullTable().write(machine, options, results);
  }

  private String write(Machine machine, PullBenchOptions options, PullResults results) {
    line(machine.sentence() + "\n");
    line(
        ("One api node, -Xmx%dm, %d s of each load after %d s of warming up. Listeners, writers,"
                + " node, connectors, broker and database share the machine.\n")
            .formatted(options.heap, options.seconds, options.warmUp));
    latencies(results);
    line("\n| | measured | limit | of the limit | goal | |");
    line("|---|---|---|---|---|---|");
    for (Live live : results.live()) {
      goal(
          live.what() + ", p50",
          live.sinceCommit().p50(),
          live.limitSinceCommit().p50(),
          GOAL_LIVE_P50);
      goal(
          live.what() + ", p99",
          live.sinceCommit().p99(),
          live.limitSinceCommit().p99(),
          GOAL_LIVE_P99);
    }
    Live devices = results.devices();
    goal(
        devices.what() + ", p50",
        devices.sinceSent().p50(),
        devices.limitSinceSent().p50(),
        GOAL_DEVICE_P50);
    goal(
        devices.what() + ", p99",
        devices.sinceSent().p99(),
        devices.limitSinceSent().p99(),
        GOAL_DEVICE_P99);
    first(results.first());
    goal(
        "pull of %d changes, p50".formatted(results.delta().changes()),
        results.delta().pull().p50(),
        results.delta().server().p50(),
        GOAL_DELTA_P50);
    connections(results.connections());
    line("\nFor orientation, measured elsewhere and with one subscriber: Zero 1.9, commit to");
    line(
        "subscriber 6 ms p50 and 19 to 29 ms p99, device to device 26 to 28 ms p50 and 41 ms p99.");
    return text.toString();
  }

  private void latencies(PullResults results) {
    line(
        "| ms: p50, p99, max | from the commit | bare consumer | from the sending | bare consumer | received |");
    line("|---|---|---|---|---|---|");
    results
        .live()
        .forEach(live -> latency(live, all(live.sinceCommit()), all(live.limitSinceCommit())));
    // Who sends over HTTP does not see the commit, but what comes of it later.
    latency(results.devices(), "–", "–");
  }

  private void latency(Live live, String sinceCommit, String limitSinceCommit) {
    line(
        "| %s | %s | %s | %s | %s | %,d of %,d |"
            .formatted(
                live.what(),
                sinceCommit,
                limitSinceCommit,
                all(live.sinceSent()),
                all(live.limitSinceSent()),
                live.received(),
                live.expected()));
  }

  private static String all(Latency latency) {
    return "%.1f, %.1f, %.1f".formatted(latency.p50(), latency.p99(), latency.max());
  }

  private void first(First first) {
    String what = "first sync of %,d rows, %.1f MB".formatted(first.rows(), first.bytes() / 1e6);
    rows(what + ", log alone as the limit", first.plain(), first.scan());
    rows(what + ", plain server as the limit", first.plain(), first.server());
    rows(
        "the same with gzip, %.1f MB".formatted(first.compressedBytes() / 1e6),
        first.gzip(),
        first.server());
  }

  private void rows(String what, double measured, double limit) {
    row(
        what,
        "%,.0f rows/s".formatted(measured),
        "%,.0f rows/s".formatted(limit),
        "%.0f %%".formatted(100 * measured / limit),
        "≥ %,d rows/s".formatted(GOAL_ROWS),
        measured >= GOAL_ROWS);
  }

  private void connections(Connections open) {
    double kib = (open.heapEach() + open.restEach()) / 1024;
    row(
        "a live connection, of %,d".formatted(open.count()),
        "%.1f KiB: heap %.1f, other %.1f"
            .formatted(kib, open.heapEach() / 1024, open.restEach() / 1024),
        "",
        "",
        "≤ %.0f KiB".formatted(GOAL_KIB),
        kib <= GOAL_KIB);
    fanOut(open, "commit to the last", open.sinceCommit());
    fanOut(open, "first to the last", open.sinceFirst());
    line(
        "\nWith %,d silent connections the node kept %.2f cores busy."
            .formatted(open.count(), open.idleCores()));
  }

  private void fanOut(Connections open, String what, Latency latency) {
    row(
        "one change to %,d of %,d, %s, worst".formatted(open.hearers(), open.count(), what),
        "%.1f ms (p50 %.1f)".formatted(latency.max(), latency.p50()),
        "",
        "",
        "≤ %.0f ms".formatted(GOAL_FAN_OUT),
        latency.max() <= GOAL_FAN_OUT);
  }

  private void goal(String what, double measured, double limit, double goal) {
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
        "| "
            + String.join(" | ", what, measured, limit, ratio, goal, reached ? "reached" : "MISSED")
            + " |");
  }

  private void line(String line) {
    text.append(line).append('\n');
  }
}
