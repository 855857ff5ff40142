package dev.tidemark.connectors.capture.value;

import java.math.BigDecimal;
import java.util.Locale;

/** Intervals as ISO 8601 durations, from what Postgres prints with its own interval style. */
final class Intervals {
  private Intervals() {}

  /** Reads {@code 1 year 2 mons -3 days 04:05:06.789} and writes {@code P1Y2M-3DT4H5M6.789S}. */
  static String iso(String text) {
    if (text.startsWith("P") || text.endsWith("infinity")) {
      return text;
    }
    long years = 0;
    long months = 0;
    long days = 0;
    String clock = "";
    String[] words = text.split(" ");
    for (int i = 0; i < words.length; i++) {
      if (words[i].indexOf(':') >= 0) {
        clock = words[i];
      } else {
        long amount = Long.parseLong(words[i]);
        String unit = words[++i].toLowerCase(Locale.ROOT);
        if (unit.startsWith("year")) {
          years = amount;
        } else if (unit.startsWith("mon")) {
          months = amount;
        } else if (unit.startsWith("day")) {
          days = amount;
        } else {
          throw new IllegalArgumentException("'" + text + "' is not an interval");
        }
      }
    }
    if (clock.isEmpty()) {
      return iso(years, months, days, 0, 0, BigDecimal.ZERO);
    }
    boolean negative = clock.startsWith("-");
    String[] parts = (negative || clock.startsWith("+") ? clock.substring(1) : clock).split(":");
    int sign = negative ? -1 : 1;
    return iso(
        years,
        months,
        days,
        sign * Long.parseLong(parts[0]),
        sign * Long.parseLong(parts[1]),
        new BigDecimal(parts[2]).multiply(BigDecimal.valueOf(sign)));
  }

  static String iso(
      long years, long months, long days, long hours, long minutes, BigDecimal seconds) {
    StringBuilder iso = new StringBuilder("P");
    append(iso, years, 'Y');
    append(iso, months, 'M');
    append(iso, days, 'D');
    if (hours != 0 || minutes != 0 || seconds.signum() != 0) {
      iso.append('T');
      append(iso, hours, 'H');
      append(iso, minutes, 'M');
      if (seconds.signum() != 0) {
        iso.append(seconds.stripTrailingZeros().toPlainString()).append('S');
      }
    }
    return iso.length() == 1 ? "PT0S" : iso.toString();
  }

  private static void append(StringBuilder iso, long amount, char unit) {
    if (amount != 0) {
      iso.append(amount).append(unit);
    }
  }
}
