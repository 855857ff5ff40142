package dev.tidemark.bench.jobs;

import dev.tidemark.bench.jobs.Figures.Load;
import dev.tidemark.bench.jobs.JobsBenchOptions.Entrant;
import dev.tidemark.bench.system.Machine;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The figures in Markdown: each beside its aim, and beside the best of the peers. */
final class JobsTable {
  private static final double AIM_PER_SECOND = 5_000;
  private static final double AIM_P50 = 30;
  private static final double AIM_P99 = 100;
  private static final double AIM_LATE = 100;
  private static final double AIM_CHANGE = 20;
  private static final double AIM_READY = 10;
  private static final double AIM_DEATH = 5;
  private static final String NONE = "-";

  private final Machine machine;
  private final JobsBenchOptions options;
  private final Map<Entrant, Figures> figures = new EnumMap<>(Entrant.class);
  private final Map<Entrant, String> why = new EnumMap<>(Entrant.class);
  private final StringBuilder rows = new StringBuilder();

  JobsTable(Machine machine, JobsBenchOptions options) {
    this.machine = machine;
    this.options = options;
  }

  void add(Entrant entrant, Figures measured) {
    figures.put(entrant, measured);
  }

  /** Says what cannot be measured of one. */
  void because(Entrant entrant, String reason) {
    why.put(entrant, reason);
  }

  /** A figure: how it is read, written and judged. */
  private record Figure(
      String what, String unit, double aim, boolean isMore, ToDoubleFunction<Load> of) {
    String text(double value) {
      return (unit.equals("/s") ? "%,.0f%s" : "%.1f%s").formatted(value, unit);
    }

    boolean reached(double value) {
      return isMore ? value >= aim : value <= aim;
    }
  }

  String text() {
    rows.setLength(0);
    Figure[] loads = {
      new Figure(
          "%,d jobs at once, from submitted to done".formatted(options.jobs),
          "/s",
          AIM_PER_SECOND,
          true,
          Load::perSecond),
      new Figure(
          "%d jobs a second, from submitted to begun, p50".formatted(options.rate),
          " ms",
          AIM_P50,
          false,
          load -> load.started().p50()),
      new Figure("the same, p99", " ms", AIM_P99, false, load -> load.started().p99()),
      new Figure(
          "delayed jobs, between due and begun, p99",
          " ms",
          AIM_LATE,
          false,
          load -> load.late().p99())
    };
    for (Figure figure : loads) {
      row(figure, figure.what(), one -> figure.of().applyAsDouble(one.few()));
    }
    for (Figure figure : loads) {
      many(figure);
    }
    Figure ready = new Figure("", " s", AIM_READY, false, _ -> 0);
    row(
        ready,
        "with %,d scheduled: from its start until a job begins".formatted(options.scheduled),
        Figures::restart);
    row(ready, "the same, started after kill -9", Figures::restartKilled);
    row(
        new Figure("", " s", AIM_DEATH, false, _ -> 0),
        "kill -9 of a worker: its jobs have begun again",
        one -> one.death().orElse(Double.NaN));
    return machine.sentence() + "\n\n" + head() + rows + "\n" + notes();
  }

  private String head() {
    return "| | aim | "
        + Stream.of(Entrant.values()).map(Entrant::title).collect(Collectors.joining(" | "))
        + " | beside the best peer | |\n|---|---|"
        + "---|".repeat(Entrant.values().length)
        + "---|---|\n";
  }

  private void row(Figure figure, String what, ToDoubleFunction<Figures> of) {
    Map<Entrant, String> cells = new LinkedHashMap<>();
    figures.forEach(
        (entrant, measured) -> {
          double value = of.applyAsDouble(measured);
          cells.put(entrant, Double.isNaN(value) ? NONE : figure.text(value));
        });
    Figures ours = figures.get(Entrant.tidemark);
    double value = ours == null ? Double.NaN : of.applyAsDouble(ours);
    line(
        what,
        (figure.isMore() ? "≥ " : "≤ ") + figure.text(figure.aim()),
        cells,
        besideBest(figure, value, of),
        Double.isNaN(value) ? "" : figure.reached(value) ? "reached" : "MISSED");
  }

  private String besideBest(Figure figure, double ours, ToDoubleFunction<Figures> of) {
    var peers =
        figures.entrySet().stream()
            .filter(one -> one.getKey() != Entrant.tidemark)
            .mapToDouble(one -> of.applyAsDouble(one.getValue()))
            .filter(value -> !Double.isNaN(value));
    double best = (figure.isMore() ? peers.max() : peers.min()).orElse(Double.NaN);
    return Double.isNaN(best) || Double.isNaN(ours) || best == 0
        ? ""
        : "%.2f ×".formatted(ours / best);
  }

  /** The same with many in the store, and by how much it is another. */
  private void many(Figure figure) {
    Map<Entrant, String> cells = new LinkedHashMap<>();
    figures.forEach(
        (entrant, one) ->
            cells.put(
                entrant,
                "%s (%+.0f %%)"
                    .formatted(
                        figure.text(figure.of().applyAsDouble(one.many())), change(figure, one))));
    Figures ours = figures.get(Entrant.tidemark);
    boolean reached =
        ours != null
            && (figure.isMore()
                ? change(figure, ours) >= -AIM_CHANGE
                : change(figure, ours) <= AIM_CHANGE);
    line(
        "with %,d scheduled: %s".formatted(options.scheduled, figure.what()),
        (figure.isMore() ? "≥ −" : "≤ +") + "%.0f %%".formatted(AIM_CHANGE),
        cells,
        ours == null
            ? ""
            : besideBest(
                figure,
                figure.of().applyAsDouble(ours.many()),
                one -> figure.of().applyAsDouble(one.many())),
        ours == null ? "" : reached ? "reached" : "MISSED");
  }

  private static double change(Figure figure, Figures one) {
    double few = figure.of().applyAsDouble(one.few());
    return 100 * (figure.of().applyAsDouble(one.many()) / few - 1);
  }

  private void line(
      String what, String aim, Map<Entrant, String> cells, String ratio, String verdict) {
    rows.append("| ")
        .append(what)
        .append(" | ")
        .append(aim)
        .append(" | ")
        .append(
            Stream.of(Entrant.values())
                .map(entrant -> cells.getOrDefault(entrant, NONE))
                .collect(Collectors.joining(" | ")))
        .append(" | ")
        .append(ratio)
        .append(" | ")
        .append(verdict)
        .append(" |\n");
  }

  private String notes() {
    StringBuilder notes = new StringBuilder();
    for (Entrant entrant : Entrant.values()) {
      Figures one = figures.get(entrant);
      String reason = Optional.ofNullable(why.get(entrant)).map(text -> " " + text).orElse("");
      if (one == null) {
        notes.append("- %s did not take part.%n".formatted(entrant.title()));
        continue;
      }
      notes.append(
          ("- %s: %,d jobs, %d lost, %d begun twice besides those of the killed worker; took %,.0f"
                  + " scheduled jobs a second. Processor time for each of many at once: %s.%s%n")
              .formatted(
                  entrant.title(),
                  one.accounts().submitted(),
                  one.accounts().lost(),
                  one.accounts().twice(),
                  one.preload(),
                  one.few().cost().entrySet().stream()
                      .sorted(Map.Entry.<String, Double>comparingByValue().reversed())
                      .map(part -> "%s %.0f µs".formatted(part.getKey(), part.getValue()))
                      .collect(Collectors.joining(", ")),
                  reason));
    }
    return notes.toString();
  }
}
