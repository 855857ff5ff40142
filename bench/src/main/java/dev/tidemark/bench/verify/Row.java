package dev.tidemark.bench.verify;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A row, one text per column of its table. A long value is kept as its beginning, its length and
 * its SHA-256, so that hundreds of thousands of rows fit into memory and still compare exactly.
 */
record Row(List<String> values) {
  static final String NULL = "∅";

  /** What stands for a column that a change does not mention, which is never right. */
  static final String ABSENT = "absent";

  private static final int KEPT = 100;
  private static final int SHOWN = 24;

  Row {
    values = List.copyOf(values);
  }

  /** A value's text, told apart from {@link #NULL} and {@link #ABSENT}, which are not values. */
  static String value(@Nullable String text) {
    if (text == null) {
      return NULL;
    }
    return text.length() <= KEPT
        ? "=" + text
        : "=" + text.substring(0, KEPT) + "…" + text.length() + "#" + sha256(text);
  }

  private static String sha256(String text) {
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** The columns that differ. */
  List<String> changed(Row after, List<String> columns) {
    List<String> changed = new ArrayList<>();
    for (int i = 0; i < values.size(); i++) {
      if (!values.get(i).equals(after.values.get(i))) {
        changed.add(columns.get(i));
      }
    }
    return changed;
  }

  @Override
  public String toString() {
    List<String> shown = new ArrayList<>();
    for (String value : values) {
      shown.add(value.length() <= SHOWN ? value : value.substring(0, SHOWN) + "…");
    }
    return String.join(" ", shown);
  }
}
