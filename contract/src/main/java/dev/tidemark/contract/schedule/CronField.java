package dev.tidemark.contract.schedule;

import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One of the five fields of a crontab line: which values it may have, and how they are written. */
@SuppressWarnings("ImmutableEnumChecker") // its lists are those of List.of
enum CronField {
  MINUTE("minute", 0, 59, List.of()),
  HOUR("hour", 0, 23, List.of()),
  DAY("day of the month", 1, 31, List.of()),
  MONTH(
      "month",
      1,
      12,
      List.of("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")),
  /** From Sunday to Saturday; 7 is Sunday as well. */
  WEEKDAY("day of the week", 0, 7, List.of("sun", "mon", "tue", "wed", "thu", "fri", "sat"));

  private static final Pattern PART =
      Pattern.compile("(\\*|([0-9a-z]{1,9})(?:-([0-9a-z]{1,9}))?)(?:/([0-9]{1,4}))?");

  private final String title;
  private final int least;
  private final int most;
  private final List<String> names;

  CronField(String title, int least, int most, List<String> names) {
    this.title = title;
    this.least = least;
    this.most = most;
    this.names = names;
  }

  /**
   * Reads the values of a field.
   *
   * @return a bit for each value that matches
   * @throws IllegalArgumentException if it is not written as one; says why
   */
  long parse(String text) {
    long values = 0;
    for (String part : text.toLowerCase(Locale.ROOT).split(",", -1)) {
      values |= parsePart(part);
    }
    // Sunday has two numbers.
    return this == WEEKDAY && (values & 1L << 7) != 0 ? (values & ~(1L << 7)) | 1 : values;
  }

  private long parsePart(String part) {
    Matcher matcher = PART.matcher(part);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "'%s' is no %s: write *, a value, a range such as %d-%d, or any of them with a step such as */2; several with commas"
              .formatted(part, title, least, least + 2));
    }
    boolean all = matcher.group(1).equals("*");
    int step = matcher.group(4) == null ? 1 : Integer.parseInt(matcher.group(4));
    if (step < 1 || step > most) {
      throw new IllegalArgumentException(
          "'%s': the step of a %s is from 1 to %d".formatted(part, title, most));
    }
    int first = all ? least : value(matcher.group(2), part);
    int last;
    if (matcher.group(3) != null) {
      last = value(matcher.group(3), part);
    } else if (all || matcher.group(4) != null) {
      last = this == WEEKDAY ? Math.max(first, most - 1) : most;
    } else {
      last = first;
    }
    if (last < first) {
      throw new IllegalArgumentException(
          "'%s': the range of a %s begins after its end".formatted(part, title));
    }
    long values = 0;
    for (int value = first; value <= last; value += step) {
      values |= 1L << value;
    }
    return values;
  }

  private int value(String text, String part) {
    int named = names.indexOf(text);
    if (named >= 0) {
      return named + (this == MONTH ? 1 : 0);
    }
    if (!text.chars().allMatch(Character::isDigit)) {
      throw new IllegalArgumentException(
          "'%s': '%s' is no %s".formatted(part, text, title)
              + (names.isEmpty() ? "" : "; the names are " + String.join(", ", names)));
    }
    int value = Integer.parseInt(text);
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          "'%s': the %s is from %d to %d".formatted(part, title, least, most));
    }
    return value;
  }
}
