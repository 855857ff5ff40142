package dev.tidemark.contract.catalog;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;

/**
 * A table as the database has it.
 *
 * @param columns all columns, in the table's order
 * @param primaryKey the columns of the primary key, in its order; empty if there is none
 * @param uniqueKeys the columns of each other unique constraint or complete unique index
 */
public record TableShape(
    List<Column> columns, List<String> primaryKey, List<List<String>> uniqueKeys) {

  /**
   * A column.
   *
   * @param type the type as Postgres' {@code format_type} prints it: {@code numeric(12,2)}, {@code
   *     text[]}
   * @param base what values of the type print as: {@code enum} for an enumeration, for a domain the
   *     type that it narrows, else the type itself
   */
  public record Column(String name, String type, boolean nullable, String base) {
    /** What the base of an enumeration is. */
    public static final String ENUM = "enum";

    public Column {
      requireNonNull(name, "name is null");
      requireNonNull(type, "type is null");
      requireNonNull(base, "base is null");
    }

    /** A column of a type that is neither an enumeration nor a domain. */
    public Column(String name, String type, boolean nullable) {
      this(name, type, nullable, type);
    }
  }

  public TableShape {
    columns = List.copyOf(columns);
    primaryKey = List.copyOf(primaryKey);
    uniqueKeys = uniqueKeys.stream().map(List::copyOf).toList();
  }

  /** A table without other unique constraints than its primary key. */
  public TableShape(List<Column> columns, List<String> primaryKey) {
    this(columns, primaryKey, List.of());
  }

  public Optional<Column> column(String name) {
    return columns.stream().filter(column -> column.name().equals(name)).findFirst();
  }

  public List<String> columnNames() {
    return columns.stream().map(Column::name).toList();
  }
}
