package dev.tidemark.api.sync;

import java.util.regex.Pattern;

/** Names places in a JSON document, as RFC 6901 does. */
final class JsonPlace {
  private static final int LONGEST_NAME = 40;
  private static final Pattern HARMFUL = Pattern.compile("\\p{Cntrl}|[\\x{D800}-\\x{DFFF}]");

  private JsonPlace() {}

  static String in(String parent, String member) {
    return parent + "/" + shown(member).replace("~", "~0").replace("/", "~1");
  }

  static String in(String parent, int index) {
    return parent + "/" + index;
  }

  /** A name out of a request, fit to be shown: shortened, and nothing in it that does harm. */
  static String shown(String name) {
    String harmless = HARMFUL.matcher(name).replaceAll("\uFFFD");
    return harmless.length() <= LONGEST_NAME ? harmless : harmless.substring(0, LONGEST_NAME) + "…";
  }
}
