package dev.tidemark.contract.catalog;

import java.util.Set;

/** What the catalog must know of Postgres' types, by the names that {@code format_type} prints. */
final class PostgresTypes {
  private static final Set<String> INTEGERS = Set.of("smallint", "integer", "bigint");
  private static final Set<String> FRACTIONS =
      Set.of("numeric", "real", "double precision", "money");
  private static final Set<String> TEXTS =
      Set.of("text", "character varying", "character", "citext");
  private static final Set<String> TIMES =
      Set.of(
          "date",
          "time without time zone",
          "time with time zone",
          "timestamp without time zone",
          "timestamp with time zone",
          "interval");
  private static final Set<String> JSON = Set.of("json", "jsonb");

  private PostgresTypes() {}

  static boolean isNumber(String type) {
    String base = base(type);
    return INTEGERS.contains(base) || FRACTIONS.contains(base);
  }

  static boolean isOrdered(String type) {
    String base = base(type);
    return isNumber(type) || TEXTS.contains(base) || TIMES.contains(base);
  }

  static boolean isListOrJson(String type) {
    return type.endsWith("[]") || JSON.contains(type);
  }

  static boolean isJsonOrArrayOfIt(String type) {
    return JSON.contains(type) || JSON.contains(type.replace("[]", ""));
  }

  /** Whether equal values of both types print alike, so that one can be the key of the other. */
  static boolean sameText(String one, String other) {
    String base = base(one);
    String otherBase = base(other);
    return base.equals(otherBase)
        || (INTEGERS.contains(base) && INTEGERS.contains(otherBase))
        || (TEXTS.contains(base) && TEXTS.contains(otherBase));
  }

  /**
   * The type without its measures: {@code numeric(12,2)} is numeric, {@code timestamp(3) …} too.
   */
  private static String base(String type) {
    return type.replaceAll("\\([^)]*\\)", "");
  }
}
