package dev.tidemark.api.cache.source;

import dev.tidemark.contract.EntityKey;
import dev.tidemark.contract.catalog.Catalog;
import dev.tidemark.contract.catalog.view.CacheView;
import dev.tidemark.contract.catalog.view.Dependency;
import dev.tidemark.contract.catalog.view.ParameterType;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The statement that brings an answer: one row with the JSON, the snapshot, the number of rows, and
 * for each way to find entities in it the texts of their keys.
 *
 * @param text the SQL, with a question mark for each of the parameters
 * @param parameters the parameters in the order of the question marks
 * @param finders what the further columns hold
 */
record ViewSql(String text, List<String> parameters, List<Finder> finders) {
  /** An answer with more rows is refused: it is no answer for a cache. */
  static final int MOST_ROWS = 10_000;

  private static final int FIRST_FINDER = 4;

  /** Entities of one type, found by columns that are the parts of a key. */
  record Finder(String type, List<String> columns) {}

  static ViewSql of(CacheView view, Catalog catalog) {
    List<Finder> finders = finders(view, catalog);
    StringBuilder sql =
        new StringBuilder("with tidemark_rows as materialized (select * from (")
            .append(
                view.query()
                    .forJdbc(
                        name ->
                            "?::"
                                + view.parameters().getOrDefault(name, ParameterType.TEXT).text()))
            .append("\n) tidemark_query limit ")
            .append(view.shape() == CacheView.Shape.ONE ? 1 : MOST_ROWS + 1)
            .append(") select ")
            .append(
                switch (view.shape()) {
                  case LIST ->
                      "'[' || coalesce((select string_agg(row_to_json(r)::text, ',')"
                          + " from tidemark_rows r), '') || ']'";
                  case ONE -> "(select row_to_json(r)::text from tidemark_rows r)";
                })
            .append(", pg_current_snapshot()::text, (select count(*) from tidemark_rows)");
    for (Finder finder : finders) {
      String parts =
          finder.columns().stream()
              .map(column -> "r." + quoted(column) + "::text")
              .collect(Collectors.joining(", "));
      String all =
          finder.columns().stream()
              .map(column -> "r." + quoted(column) + " is not null")
              .collect(Collectors.joining(" and "));
      sql.append(", array(select distinct array[")
          .append(parts)
          .append("]::text[] from tidemark_rows r where ")
          .append(all)
          .append(")");
    }
    return new ViewSql(sql.toString(), view.query().parameters(), finders);
  }

  private static List<Finder> finders(CacheView view, Catalog catalog) {
    List<Finder> finders = new ArrayList<>();
    for (Dependency dependency : view.dependencies()) {
      if (dependency.rows().isEmpty()) {
        continue;
      }
      int parts =
          catalog
              .type(dependency.type())
              .orElseThrow(
                  () -> new IllegalArgumentException("no entity type " + dependency.type()))
              .key()
              .size();
      if (parts == 1) {
        dependency
            .rows()
            .forEach(column -> finders.add(new Finder(dependency.type(), List.of(column))));
      } else {
        finders.add(new Finder(dependency.type(), dependency.rows()));
      }
    }
    return finders;
  }

  /** The entities that were found in an answer, as {@code type/id}. */
  List<String> found(ResultSet row) throws SQLException {
    Set<String> found = new LinkedHashSet<>();
    for (int i = 0; i < finders.size(); i++) {
      Array keys = row.getArray(FIRST_FINDER + i);
      for (Object key : (Object[]) keys.getArray()) {
        List<String> parts = key instanceof String[] texts ? List.of(texts) : List.of((String) key);
        found.add(EntityKey.of(finders.get(i).type(), parts).canonical());
      }
    }
    return List.copyOf(found);
  }

  private static String quoted(String identifier) {
    return '"' + identifier.replace("\"", "\"\"") + '"';
  }
}
