package dev.tidemark.connectors.write;

/**
 * A column as a statement needs it.
 *
 * @param type as {@code format_type} prints it, fit for SQL
 * @param generated whether its value is computed and cannot be written
 */
record WritableColumn(
    String name, String type, Reading reading, Equality equality, boolean generated) {
  /** What has to be done to a value of the contract before Postgres can read it. */
  enum Reading {
    AS_IT_IS,
    BASE64,
    DATE
  }

  /**
   * How it is told that a column still has a value. Two values are the same if the contract shows
   * them alike: Postgres' own equality is too loose for some types, too strict for others, and
   * absent for the rest.
   */
  enum Equality {
    ORDINARY,
    /** A SQL null and a JSON null look alike. */
    JSON,
    /** The first index is not shown. */
    ARRAY,
    /** The zone is not shown. */
    TIME_WITH_ZONE,
    ARRAY_OF_TIMES_WITH_ZONE,
    /** As printed: a month is not thirty days, and a box is more than its area. */
    TEXT;

    String sql(String one, String other) {
      return side(one) + " IS NOT DISTINCT FROM " + side(other);
    }

    private String side(String value) {
      return switch (this) {
        case ORDINARY -> value;
        case JSON -> "coalesce(to_jsonb(" + value + "), 'null'::jsonb)";
        case ARRAY -> "to_jsonb(" + value + ")";
        case TIME_WITH_ZONE -> "(" + value + " AT TIME ZONE 'UTC')";
        case ARRAY_OF_TIMES_WITH_ZONE ->
            "CASE WHEN "
                + value
                + " IS NOT NULL THEN ARRAY(SELECT x AT TIME ZONE 'UTC' FROM unnest("
                + value
                + ") AS x) END";
        case TEXT -> "(" + value + "::text COLLATE \"C\")";
      };
    }
  }

  String quoted() {
    return quote(name);
  }

  static String quote(String identifier) {
    return '"' + identifier.replace("\"", "\"\"") + '"';
  }
}
