package dev.tidemark.contract.catalog;

import static java.util.Objects.requireNonNull;

/**
 * One way in which a catalog and a database do not fit together.
 *
 * @param type the entity type, or {@code view} and the name of the view
 * @param sentence what is wrong and what to do
 */
public record CatalogFinding(Severity severity, String type, String sentence) {
  /** What follows from a finding. */
  public enum Severity {
    /** It cannot work, or not without going stale. */
    ERROR,
    /** It works, with a weakness that the sentence names. */
    WARNING
  }

  public CatalogFinding {
    requireNonNull(severity, "severity is null");
    requireNonNull(type, "type is null");
    requireNonNull(sentence, "sentence is null");
  }

  /** What findings about a view name as their type. */
  public static String ofView(String view) {
    return "view " + view;
  }

  @Override
  public String toString() {
    return type + ": " + sentence;
  }
}
