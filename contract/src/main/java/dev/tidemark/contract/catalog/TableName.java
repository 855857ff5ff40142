package dev.tidemark.contract.catalog;

import static java.util.Objects.requireNonNull;

/** A table of the source database, by schema and name, exactly as Postgres stores them. */
public record TableName(String schema, String name) {
  public TableName {
    requireNonNull(schema, "schema is null");
    requireNonNull(name, "name is null");
  }

  /** Reads {@code name} (of schema public) or {@code schema.name}. */
  public static TableName parse(String text) {
    int dot = text.indexOf('.');
    return dot < 0
        ? new TableName("public", text)
        : new TableName(text.substring(0, dot), text.substring(dot + 1));
  }

  /** The name with both parts quoted, safe inside SQL. */
  public String quoted() {
    return quote(schema) + "." + quote(name);
  }

  private static String quote(String identifier) {
    return '"' + identifier.replace("\"", "\"\"") + '"';
  }

  @Override
  public String toString() {
    return schema + "." + name;
  }
}
