package dev.tidemark.api.request;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The header of RFC 9110, 12.5.3. */
public final class AcceptEncoding {
  private AcceptEncoding() {}

  /** Whether a caller understands gzip; one that says nothing need not. */
  public static boolean takesGzip(@Nullable String header) {
    if (header == null) {
      return false;
    }
    boolean takes = false;
    for (String coding : header.toLowerCase(Locale.ROOT).split(",", -1)) {
      String[] parts = coding.split(";", -1);
      String name = parts[0].strip();
      if (name.equals("gzip") || name.equals("x-gzip")) {
        return !isRefused(parts);
      }
      takes |= name.equals("*") && !isRefused(parts);
    }
    return takes;
  }

  private static boolean isRefused(String[] parts) {
    for (int i = 1; i < parts.length; i++) {
      if (parts[i].strip().matches("q\\s*=\\s*0(\\.0*)?")) {
        return true;
      }
    }
    return false;
  }
}
