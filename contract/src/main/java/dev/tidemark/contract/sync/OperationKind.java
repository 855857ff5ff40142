package dev.tidemark.contract.sync;

import java.util.Locale;

/** What an operation does to its entity. */
public enum OperationKind {
  CREATE,
  UPDATE,
  DELETE;

  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
