package dev.tidemark.contract;

import java.time.Instant;
import java.time.LocalDate;

/**
 * Times as they stand in records, {@code 2026-01-15T14:30:05.25Z}: the same text as {@link Instant}
 * has, read without building a formatter's state. Every record has several.
 */
public final class Times {
  private static final int LENGTH_TO_SECONDS = 19;
  private static final int MOST_DIGITS = 9;
  private static final long SECONDS_OF_DAY = 86_400;

  private Times() {}

  /**
   * Reads one.
   *
   * @throws java.time.DateTimeException if it is none
   */
  public static Instant parse(String text) {
    int length = text.length();
    if (!isPlain(text, length)) {
      return Instant.parse(text);
    }
    int hour = number(text, 11, 13);
    int minute = number(text, 14, 16);
    int second = number(text, 17, 19);
    int nanos = 0;
    int digits = Math.max(0, length - 2 - LENGTH_TO_SECONDS);
    if (digits > 0) {
      nanos = number(text, LENGTH_TO_SECONDS + 1, length - 1);
    }
    if ((hour | minute | second | nanos) < 0 || hour > 23 || minute > 59 || second > 59) {
      return Instant.parse(text);
    }
    for (int i = digits; i < MOST_DIGITS; i++) {
      nanos *= 10;
    }
    int year = number(text, 0, 4);
    int month = number(text, 5, 7);
    int day = number(text, 8, 10);
    if ((year | month | day) < 0) {
      return Instant.parse(text);
    }
    long seconds = hour * 3_600L + minute * 60L + second;
    return Instant.ofEpochSecond(
        LocalDate.of(year, month, day).toEpochDay() * SECONDS_OF_DAY + seconds, nanos);
  }

  /** Whether its signs stand where they mostly do. */
  private static boolean isPlain(String text, int length) {
    return length > LENGTH_TO_SECONDS
        && length <= LENGTH_TO_SECONDS + 2 + MOST_DIGITS
        && text.charAt(4) == '-'
        && text.charAt(7) == '-'
        && text.charAt(10) == 'T'
        && text.charAt(13) == ':'
        && text.charAt(16) == ':'
        && text.charAt(length - 1) == 'Z'
        && (length == LENGTH_TO_SECONDS + 1
            || (text.charAt(LENGTH_TO_SECONDS) == '.' && length > LENGTH_TO_SECONDS + 2));
  }

  /** A number of digits alone; negative if there is anything else. */
  private static int number(String text, int from, int to) {
    int number = 0;
    for (int i = from; i < to; i++) {
      int digit = text.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      number = number * 10 + digit;
    }
    return number;
  }
}
