package dev.tidemark.contract;

import java.util.Locale;

/** What happened to the row. */
public enum ChangeKind {
  /** A snapshot read the row as it is; nobody changed it just now. */
  READ,
  INSERT,
  UPDATE,
  DELETE,
  /**
   * The table was emptied at once. The record has no key: every partition of the topic gets one,
   * and it ends all entities of the type that live in that partition.
   */
  TRUNCATE;

  private final String text = name().toLowerCase(Locale.ROOT);

  /** The word on the wire. */
  public String text() {
    return text;
  }

  public static ChangeKind parse(String text) {
    for (ChangeKind kind : values()) {
      if (kind.text.equals(text)) {
        return kind;
      }
    }
    throw new IllegalArgumentException("'" + text + "' is not a kind of change");
  }
}
