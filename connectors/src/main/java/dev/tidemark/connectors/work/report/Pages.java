package dev.tidemark.connectors.work.report;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.format.TextStyle;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What the reports look like. */
final class Pages {
  private static final List<String> COLUMNS =
      List.of("Day", "No", "Kind", "Title", "Status", "Visits", "Files", "Finished (UTC)");

  private Pages() {}

  /** Every activity with its evidence. */
  static byte[] evidence(String place, LocalDate from, LocalDate before, Activities activities) {
    Html page = new Html("EVD01: evidence, " + place);
    page.paragraph(period(from, before)).paragraph(sums(activities));
    List<List<String>> rows = new ArrayList<>();
    for (Activities.Line line : activities.lines()) {
      rows.add(
          List.of(
              line.day().toString(),
              Integer.toString(line.id()),
              line.kind(),
              line.title(),
              line.status(),
              number(line.visits()),
              number(line.files()),
              line.finished() == null ? "" : line.finished()));
    }
    page.table(COLUMNS, rows);
    if (activities.total("activities") > rows.size()) {
      page.paragraph("Only the first %,d activities are listed.".formatted(rows.size()));
    }
    return page.bytes();
  }

  /** A week in numbers. */
  static byte[] week(String place, LocalDate from, LocalDate before, Activities activities) {
    Html page = new Html("Week in " + place);
    page.paragraph(period(from, before)).paragraph(sums(activities));
    page.heading("By weekday");
    List<List<String>> days = new ArrayList<>();
    Integer[] counts = activities.byWeekday();
    for (DayOfWeek day : DayOfWeek.values()) {
      days.add(
          List.of(
              day.getDisplayName(TextStyle.FULL, Locale.ENGLISH),
              number(counts[day.getValue() - 1])));
    }
    page.table(List.of("Day", "Activities"), days).heading("By kind");
    page.table(
        List.of("Kind", "Activities"),
        activities.byKind().entrySet().stream()
            .map(kind -> List.of(kind.getKey(), number(kind.getValue())))
            .toList());
    return page.bytes();
  }

  private static String period(LocalDate from, LocalDate before) {
    return "From " + from + " to " + before.minusDays(1);
  }

  private static String sums(Activities activities) {
    return "%s activities, %s done, %s cancelled; %s visits; %s files of %s bytes"
        .formatted(
            number(activities.total("activities")),
            number(activities.total("done")),
            number(activities.total("cancelled")),
            number(activities.total("visits")),
            number(activities.total("files")),
            number(activities.total("bytes")));
  }

  private static String number(long number) {
    return String.format(Locale.ENGLISH, "%,d", number);
  }
}
