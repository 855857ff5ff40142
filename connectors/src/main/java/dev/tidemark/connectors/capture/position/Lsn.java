package dev.tidemark.connectors.capture.position;

import java.util.Locale;

/** WAL positions as numbers and as Postgres prints them. */
public final class Lsn {
  private Lsn() {}

  /** Reads {@code 16/B374D848}. */
  public static long parse(String text) {
    int slash = text.indexOf('/');
    if (slash < 1) {
      throw new IllegalArgumentException("'" + text + "' is not a WAL position");
    }
    return Long.parseLong(text, 0, slash, 16) << 32
        | Long.parseLong(text, slash + 1, text.length(), 16);
  }

  public static String text(long lsn) {
    return String.format(Locale.ROOT, "%X/%08X", lsn >>> 32, lsn & 0xFFFFFFFFL);
  }
}
