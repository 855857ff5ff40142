package dev.tidemark.bench.sync;

import dev.tidemark.bench.decide.DecisionCosts;
import dev.tidemark.bench.sync.Load.Figures;
import dev.tidemark.bench.system.Machine;
import java.util.List;
import java.util.Locale;

/** The figures in Markdown, each beside its limit. */
final class SyncTable {
  /** What others do, as it was measured on another day: given, not measured here. */
  private record Rival(String title, List<Integer> perSecond, List<Double> p50) {}

  private static final List<Rival> RIVALS =
      List.of(
          new Rival("Zero 1.9", List.of(34, 51, 80), List.of(28.0, 77.0, 187.0)),
          new Rival("PouchDB server", List.of(376, 496, 659), List.of(2.1, 7.0, 22.5)));

  private static final double GOAL_P50 = 30;
  private static final double GOAL_P99 = 100;
  private static final int GOAL_BATCHES = 500;

  /** That goal beside the limit of the machine that it was set on. */
  private static final double GOAL_OF_LIMIT = GOAL_BATCHES / 5_568.0;

  private static final int GOAL_BACKLOG_SECONDS = 5;
  private static final double GOAL_OF_MANY_ROWS = 0.8;

  private final StringBuilder text = new StringBuilder();

  private SyncTable() {}

  static String of(Machine machine, SyncBenchOptions options, SyncResults results) {
    return new SyncTable().write(machine, options, results);
  }

  private String write(Machine machine, SyncBenchOptions options, SyncResults results) {
    line(machine.sentence() + "\n");
    line(
        ("Batches of 10 updates over HTTP, counted when settled; %d rows, %d api node%s, -Xmx%dm,"
                + " %d s each. Clients, nodes, connectors, broker and database share the"
                + " machine.\n")
            .formatted(
                options.rows,
                options.nodes,
                options.nodes == 1 ? "" : "s",
                options.heap,
                options.seconds));
    throughput(results);
    line("\n| | measured | goal | |");
    line("|---|---|---|---|");
    Figures open = results.open();
    goal(
        "one batch, %d batches/s open loop, p50".formatted(options.rate),
        "%.1f ms".formatted(open.latency().p50()),
        "≤ %.0f ms".formatted(GOAL_P50),
        open.latency().p50() <= GOAL_P50);
    goal(
        "the same, p99",
        "%.1f ms".formatted(open.latency().p99()),
        "≤ %.0f ms".formatted(GOAL_P99),
        open.latency().p99() <= GOAL_P99);
    Figures most = results.closed().getLast();
    goal(
        "throughput, %d devices".formatted(most.clients()),
        "%.0f batches/s".formatted(most.perSecond()),
        "≥ %d batches/s".formatted(GOAL_BATCHES),
        most.perSecond() >= GOAL_BATCHES);
    double share = most.perSecond() / results.limit().getLast().perSecond();
    goal(
        "the same, of the limit",
        "%.1f %%".formatted(100 * share),
        "≥ %.1f %%".formatted(100 * GOAL_OF_LIMIT),
        share >= GOAL_OF_LIMIT);
    Backlog backlog = results.backlog();
    double seconds = backlog.took().toMillis() / 1_000.0;
    goal(
        "backlog of %,d operations, %,d of them in conflict"
            .formatted(backlog.operations(), backlog.conflicts()),
        "%.1f s".formatted(seconds),
        "≤ %d s".formatted(GOAL_BACKLOG_SECONDS),
        seconds <= GOAL_BACKLOG_SECONDS);
    results
        .million()
        .ifPresent(
            million ->
                goal(
                    "%d devices on a million rows".formatted(million.clients()),
                    "%.0f batches/s, %.0f %%"
                        .formatted(
                            million.perSecond(), 100 * million.perSecond() / most.perSecond()),
                    "≥ %.0f %%".formatted(100 * GOAL_OF_MANY_ROWS),
                    million.perSecond() >= GOAL_OF_MANY_ROWS * most.perSecond()));
    goal(
        "one decision: merge of 20 fields, 10 contested",
        "%.2f µs".formatted(results.decision().mergeMicros()),
        "≤ %.0f µs".formatted(DecisionCosts.GOAL_MICROS),
        results.decision().mergeMicros() <= DecisionCosts.GOAL_MICROS);
    return text.toString();
  }

  private void throughput(SyncResults results) {
    line("| batches/s (p50, p99 in ms) | 1 client | 4 clients | 16 clients |");
    line("|---|---|---|---|");
    row("limit: plain transactions", results.limit());
    row("Tidemark", results.closed());
    StringBuilder share = new StringBuilder("| Tidemark of the limit |");
    for (int i = 0; i < results.closed().size(); i++) {
      share.append(
          String.format(
              Locale.ROOT,
              " %.0f %% |",
              100 * results.closed().get(i).perSecond() / results.limit().get(i).perSecond()));
    }
    line(share.toString());
    for (Rival rival : RIVALS) {
      StringBuilder row = new StringBuilder("| " + rival.title + " (given, not measured here) |");
      for (int i = 0; i < rival.perSecond.size(); i++) {
        row.append(
            String.format(
                Locale.ROOT,
                " %d (%.1f, –); Tidemark does %.1f × |",
                rival.perSecond.get(i),
                rival.p50.get(i),
                results.closed().get(i).perSecond() / rival.perSecond.get(i)));
      }
      line(row.toString());
    }
  }

  private void row(String title, List<Figures> figures) {
    StringBuilder row = new StringBuilder("| " + title + " |");
    for (Figures one : figures) {
      row.append(
          String.format(
              Locale.ROOT,
              " %.0f (%.1f, %.1f) |",
              one.perSecond(),
              one.latency().p50(),
              one.latency().p99()));
    }
    line(row.toString());
  }

  private void goal(String what, String measured, String goal, boolean reached) {
    line(
        "| "
            + what
            + " | "
            + measured
            + " | "
            + goal
            + " | "
            + (reached ? "reached |" : "MISSED |"));
  }

  private void line(String line) {
    text.append(line).append('\n');
  }
}
