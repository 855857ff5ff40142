package dev.tidemark.bench.pull;

import java.util.function.LongConsumer;

/** A number that a row carries, found in whatever carries the row without reading the rest. */
final class Marks {
  private static final byte SIGN = '@';

  private Marks() {}

  static String text(long number) {
    return "@" + number + "@";
  }

  /** Finds all of them. No other text of a bench has that sign. */
  static void find(byte[] bytes, int from, int to, LongConsumer found) {
    for (int at = from; at < to; at++) {
      if (bytes[at] != SIGN) {
        continue;
      }
      long number = 0;
      int digit = at + 1;
      while (digit < to && bytes[digit] >= '0' && bytes[digit] <= '9') {
        number = 10 * number + bytes[digit++] - '0';
      }
      if (digit > at + 1 && digit < to && bytes[digit] == SIGN) {
        found.accept(number);
        at = digit;
      }
    }
  }
}
