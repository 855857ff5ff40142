package dev.tidemark.contract.sync;

import java.util.Locale;

/** What became of an operation. */
public enum Result {
  /** The row was made, changed or removed as the operation, or its merge, wants it. */
  APPLIED,
  /** Nothing had to be done, or the conflict was decided for what the server had. */
  UNCHANGED,
  /** A conflict that waits for a person; the row is as it was. */
  OPEN,
  /** It cannot be done: no such row, not allowed, a key that would change. */
  REFUSED,
  /** The database would not take it: a constraint, or a value that its column cannot hold. */
  REJECTED;

  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
