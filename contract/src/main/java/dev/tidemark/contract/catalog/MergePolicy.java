package dev.tidemark.contract.catalog;

import java.util.Locale;
import java.util.Optional;

/** How two concurrent values of one field become one. */
public enum MergePolicy {
  /** The value that was written last wins; the rule where the catalog says nothing. */
  LATEST,
  /** The value of the server always wins. */
  SERVER,
  /** The value of the client always wins. */
  CLIENT,
  /** A number: the client's difference to its base is added to the server's value. */
  COUNTER,
  /** The greater of both. */
  MAX,
  /** The lesser of both. */
  MIN,
  /** An array as a set: the union of both, without duplicates. */
  UNION,
  /** An array of objects: united by the element's key. */
  KEYED_LIST;

  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether the merged value depends on the one that the client had before. */
  public boolean countsFromBase() {
    return this == COUNTER || this == UNION || this == KEYED_LIST;
  }

  public static Optional<MergePolicy> of(String text) {
    for (MergePolicy policy : values()) {
      if (policy.text().equals(text)) {
        return Optional.of(policy);
      }
    }
    return Optional.empty();
  }
}
