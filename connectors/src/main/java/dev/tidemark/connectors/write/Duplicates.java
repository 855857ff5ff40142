package dev.tidemark.connectors.write;

import java.util.Set;

/** The ledger has some of the operations already, so their writes must not be carried out. */
final class Duplicates extends Exception {
  private static final long serialVersionUID = 1;

  private final transient Set<String> fresh;

  /**
   * @param fresh the operations that it did not have
   */
  Duplicates(Set<String> fresh) {
    this.fresh = Set.copyOf(fresh);
  }

  Set<String> fresh() {
    return fresh;
  }
}
