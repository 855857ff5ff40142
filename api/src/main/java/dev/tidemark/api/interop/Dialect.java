package dev.tidemark.api.interop;

import java.util.Set;

/** Which package speaks. */
enum Dialect {
  /** WatermelonDB: its columns hold text, numbers and booleans. */
  WATERMELON("wm", "_status", "_changed"),
  /** RxDB: its documents are JSON. */
  RXDB("rx", "_deleted", "_rev", "_meta", "_attachments", "tidemark_edit");

  static final String ID = "id";
  static final String VERSION = "tidemark_version";
  static final String UPDATED_AT = "updated_at";
  static final String DELETED = "_deleted";

  private final String prefix;

  @SuppressWarnings("ImmutableEnumChecker") // a set that cannot be changed
  private final Set<String> reserved;

  Dialect(String prefix, String... reserved) {
    this.prefix = prefix;
    this.reserved = Set.of(reserved);
  }

  /** What its idempotency keys and batches begin with. */
  String prefix() {
    return prefix;
  }

  /** Whether the package keeps something of its own under this name: a row does not have it. */
  boolean isReserved(String column) {
    return column.equals(VERSION) || reserved.contains(column);
  }

  /** Whether what the package has under this name is a column that it may write. */
  boolean isWritten(String column) {
    return !column.equals(ID)
        && !isReserved(column)
        && !(this == WATERMELON && column.equals(UPDATED_AT));
  }
}
