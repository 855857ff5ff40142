package dev.tidemark.api.request;

import java.util.Arrays;

/** The header of RFC 9110, 13.1.2: compared weakly, as it demands. */
public final class IfNoneMatch {
  private IfNoneMatch() {}

  public static boolean matches(String header, String etag) {
    return header.strip().equals("*")
        || Arrays.stream(header.split(",", -1))
            .map(String::strip)
            .map(tag -> tag.startsWith("W/") ? tag.substring(2) : tag)
            .anyMatch(etag::equals);
  }
}
