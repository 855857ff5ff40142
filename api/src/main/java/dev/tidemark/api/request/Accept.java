package dev.tidemark.api.request;

import java.util.List;
import java.util.Locale;

/** The header of RFC 9110, 12.5.1. */
public final class Accept {
  private Accept() {}

  /**
   * Whether a caller would rather have a page than JSON: a browser, and not one that takes
   * anything.
   *
   * @param headers each as it came
   */
  public static boolean prefersPage(List<String> headers) {
    return quality(headers, "text", "html") > quality(headers, "application", "json");
  }

  /** The quality of a type, by the entry that names it most closely; 0 if none does. */
  private static double quality(List<String> headers, String type, String subtype) {
    double quality = 0;
    int closest = -1;
    for (String header : headers) {
      for (String entry : header.toLowerCase(Locale.ROOT).split(",", -1)) {
        String[] parts = entry.split(";", -1);
        int closeness = closeness(parts[0].strip(), type, subtype);
        if (closeness > closest) {
          closest = closeness;
          quality = quality(parts);
        }
      }
    }
    return quality;
  }

  private static int closeness(String range, String type, String subtype) {
    if (range.equals(type + "/" + subtype)) {
      return 2;
    }
    if (range.equals(type + "/*")) {
      return 1;
    }
    return range.equals("*/*") ? 0 : -1;
  }

  private static double quality(String[] parts) {
    for (int i = 1; i < parts.length; i++) {
      String parameter = parts[i].strip();
      if (parameter.matches("q=[01](\\.[0-9]{0,3})?")) {
        return Double.parseDouble(parameter.substring(2));
      }
    }
    return 1;
  }
}
