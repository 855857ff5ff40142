package dev.tidemark.connectors.capture.value;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.ZoneOffset;

/**
 * Dates and timestamps as ISO 8601, from what Postgres prints with {@code DateStyle=ISO}.
 *
 * <p>Years before 1 and after 9999 carry a sign and the astronomical number, as ISO 8601 extends
 * it: 1 BC is year 0000, 44 BC is -0043. Infinities keep their words.
 */
final class Timestamps {
  static final String INFINITY = "infinity";
  static final String MINUS_INFINITY = "-infinity";

  private static final String BEFORE_CHRIST = " BC";

  private Timestamps() {}

  static String date(String text) {
    if (isInfinite(text)) {
      return text;
    }
    return text.endsWith(BEFORE_CHRIST) || !fourDigitYear(text) ? isoDate(text) : text;
  }

  static String local(String text) {
    if (isInfinite(text)) {
      return text;
    }
    if (fourDigitYear(text) && !text.endsWith(BEFORE_CHRIST)) {
      return text.substring(0, 10) + "T" + text.substring(11);
    }
    boolean bc = text.endsWith(BEFORE_CHRIST);
    String plain = bc ? text.substring(0, text.length() - BEFORE_CHRIST.length()) : text;
    int space = plain.indexOf(' ');
    return isoDate(plain.substring(0, space) + (bc ? BEFORE_CHRIST : ""))
        + "T"
        + plain.substring(space + 1);
  }

  static String utc(String text) {
    if (isInfinite(text)) {
      return text;
    }
    if (text.endsWith("Z")) {
      // Debezium hands the default of a column over in this form: 1970-01-01T00:00:00Z for now().
      return text;
    }
    if (text.endsWith("+00")) {
      return local(text.substring(0, text.length() - 3)) + "Z";
    }
    if (text.endsWith("+00" + BEFORE_CHRIST)) {
      return local(text.substring(0, text.length() - 6) + BEFORE_CHRIST) + "Z";
    }
    return format(parse(text).toInstant());
  }

  /** An instant as {@link #utc} prints it: seconds always, fraction only as far as it goes. */
  static String format(Instant instant) {
    return format(LocalDateTime.ofInstant(instant, ZoneOffset.UTC)) + "Z";
  }

  static String format(LocalDate date) {
    StringBuilder text = new StringBuilder(10);
    append(text, date);
    return text.toString();
  }

  /** The same moment of the day in UTC: the log does not say more of a time with a zone. */
  static String utcTime(String text) {
    int sign = Math.max(text.lastIndexOf('+'), text.lastIndexOf('-'));
    String time = text.substring(0, sign);
    return format(LocalTime.parse(time).atOffset(ZoneOffset.of(text.substring(sign))));
  }

  static String format(OffsetTime time) {
    StringBuilder text = new StringBuilder(16);
    append(text, time.withOffsetSameInstant(ZoneOffset.UTC).toLocalTime());
    return text.append('Z').toString();
  }

  /** A local timestamp as {@link #local} prints it. */
  static String format(LocalDateTime time) {
    StringBuilder text = new StringBuilder(28);
    append(text, time.toLocalDate());
    append(text.append('T'), time.toLocalTime());
    return text.toString();
  }

  private static void append(StringBuilder text, LocalDate date) {
    text.append(isoYear(date.getYear()));
    two(text.append('-'), date.getMonthValue());
    two(text.append('-'), date.getDayOfMonth());
  }

  private static void append(StringBuilder text, LocalTime time) {
    two(text, time.getHour());
    two(text.append(':'), time.getMinute());
    two(text.append(':'), time.getSecond());
    int micros = time.getNano() / 1000;
    if (micros != 0) {
      String digits = Integer.toString(1_000_000 + micros);
      int end = digits.length();
      while (digits.charAt(end - 1) == '0') {
        end--;
      }
      text.append('.').append(digits, 1, end);
    }
  }

  private static void two(StringBuilder text, int number) {
    if (number < 10) {
      text.append('0');
    }
    text.append(number);
  }

  private static OffsetDateTime parse(String text) {
    boolean bc = text.endsWith(BEFORE_CHRIST);
    String plain = bc ? text.substring(0, text.length() - BEFORE_CHRIST.length()) : text;
    int sign = Math.max(plain.lastIndexOf('+'), plain.lastIndexOf('-'));
    String offset = plain.substring(sign);
    try {
      return LocalDateTime.parse(local(plain.substring(0, sign) + (bc ? BEFORE_CHRIST : "")))
          .atOffset(ZoneOffset.of(offset));
    } catch (DateTimeException e) {
      throw new IllegalArgumentException("'" + text + "' is not a timestamp", e);
    }
  }

  private static boolean isInfinite(String text) {
    return text.endsWith(INFINITY);
  }

  private static boolean fourDigitYear(String text) {
    return text.length() >= 10 && text.charAt(4) == '-';
  }

  private static String isoDate(String text) {
    boolean bc = text.endsWith(BEFORE_CHRIST);
    int dash = text.indexOf('-');
    int year = Integer.parseInt(text.substring(0, dash));
    int end = bc ? text.length() - BEFORE_CHRIST.length() : text.length();
    return isoYear(bc ? 1 - year : year) + text.substring(dash, end);
  }

  static String isoYear(int year) {
    if (year >= 0 && year <= 9999) {
      String digits = Integer.toString(year);
      return "0".repeat(4 - digits.length()) + digits;
    }
    String digits = Integer.toString(Math.abs(year));
    String padded = digits.length() < 4 ? "0".repeat(4 - digits.length()) + digits : digits;
    return (year < 0 ? "-" : "+") + padded;
  }
}
