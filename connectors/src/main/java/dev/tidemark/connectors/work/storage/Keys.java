package dev.tidemark.connectors.work.storage;

import java.util.regex.Pattern;

/** Which keys there may be: such that a directory and an object storage mean the same by them. */
final class Keys {
  private static final Pattern KEY =
      Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]*(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*");
  private static final int LONGEST = 500;

  private Keys() {}

  static String check(String key) {
    if (key.length() > LONGEST || !KEY.matcher(key).matches()) {
      throw new IllegalArgumentException("'" + key + "' is no key of a file");
    }
    return key;
  }

  static String checkPrefix(String prefix) {
    check(prefix.endsWith("/") ? prefix.substring(0, prefix.length() - 1) : prefix);
    return prefix;
  }
}
