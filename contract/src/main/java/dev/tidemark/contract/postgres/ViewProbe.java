package dev.tidemark.contract.postgres;

import dev.tidemark.contract.catalog.Catalog;
import dev.tidemark.contract.catalog.CatalogFinding;
import dev.tidemark.contract.catalog.CatalogFinding.Severity;
import dev.tidemark.contract.catalog.EntityType;
import dev.tidemark.contract.catalog.TableName;
import dev.tidemark.contract.catalog.view.CacheView;
import dev.tidemark.contract.catalog.view.CacheView.Shape;
import dev.tidemark.contract.catalog.view.Dependency;
import dev.tidemark.contract.catalog.view.NamedQuery;
import dev.tidemark.contract.catalog.view.ParameterType;
import dev.tidemark.contract.catalog.view.Rendering;
import dev.tidemark.contract.postgres.ProbedQuery.Column;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Holds the queries of a catalog's views against the database: whether Postgres accepts them, and
 * whether the view depends on all that they read. Each query becomes a temporary view for a moment,
 * of which Postgres itself says what it reads; the transaction is rolled back.
 */
public final class ViewProbe {
  private static final String BASE_OF_COLUMN =
      """
      select case when t.typtype = 'e' or b.typtype = 'e' then 'enum'
                  when t.typtype = 'd' then format_type(t.typbasetype, t.typtypmod)
                  else format_type(a.atttypid, a.atttypmod) end,
             c.collname, not coalesce(c.collisdeterministic, true)
      from pg_attribute a
      join pg_type t on t.oid = a.atttypid
      left join pg_type b on b.oid = t.typbasetype
      left join pg_collation c on c.oid = a.attcollation
      where a.attrelid = to_regclass(?) and a.attname = ? and a.attnum > 0
      """;

  private final Connection connection;
  private final Catalog catalog;
  private final List<CatalogFinding> findings = new ArrayList<>();

  private ViewProbe(Connection connection, Catalog catalog) {
    this.connection = connection;
    this.catalog = catalog;
  }

  /**
   * Probes every view.
   *
   * @param connection without a transaction of its own: what is open in it is rolled back
   * @return what is wrong, in the catalog's order; empty if nothing is
   * @throws SQLException if the database cannot be asked, as opposed to a query that it refuses
   */
  public static List<CatalogFinding> of(Connection connection, Catalog catalog)
      throws SQLException {
    if (catalog.views().isEmpty()) {
      return List.of();
    }
    boolean autoCommit = connection.getAutoCommit();
    connection.setAutoCommit(false);
    try {
      try (Statement statement = connection.createStatement()) {
        statement.execute("set local statement_timeout = '30s'");
      }
      ViewProbe probe = new ViewProbe(connection, catalog);
      for (CacheView view : catalog.views()) {
        probe.new OfView(view).probe();
      }
      return List.copyOf(probe.findings);
    } finally {
      connection.rollback();
      connection.setAutoCommit(autoCommit);
    }
  }

  /** The probe of one view. */
  private final class OfView {
    private final CacheView view;

    OfView(CacheView view) {
      this.view = view;
    }

    void probe() throws SQLException {
      checkCollations();
      Optional<ProbedQuery.Accepted> query =
          accepted(
              "the query",
              view.query()
                  .with(
                      name -> {
                        ParameterType type =
                            view.parameters().getOrDefault(name, ParameterType.TEXT);
                        return "(null::" + type.text() + ")";
                      }));
      if (query.isPresent()) {
        checkResult(query.get().columns());
        checkRows(query.get().columns());
        if (query.get().reads().isPresent()) {
          checkReads(query.get().reads().get());
        } else {
          warning(
              "what the query reads cannot be told, so nothing proves that 'depends' is complete; give the user of this check the right to make temporary views ("
                  + query.get().obstacle()
                  + ")");
        }
      }
      if (view.warming().isPresent()) {
        NamedQuery warm = view.warming().get().query();
        accepted("the query of 'warm'", warm.with(_ -> "null"))
            .ifPresent(found -> checkWarming(found.columns()));
      }
    }

    private Optional<ProbedQuery.Accepted> accepted(String what, String sql) throws SQLException {
      return switch (ProbedQuery.of(connection, sql)) {
        case ProbedQuery.Refused refused -> {
          error("Postgres refuses %s: %s".formatted(what, refused.reason()));
          yield Optional.empty();
        }
        case ProbedQuery.Accepted accepted -> Optional.of(accepted);
      };
    }

    private void checkResult(List<Column> columns) {
      Set<String> names = new HashSet<>();
      Set<String> twice = new LinkedHashSet<>();
      for (Column column : columns) {
        if (!names.add(column.name())) {
          twice.add(column.name());
        }
      }
      for (String name : twice) {
        error(
            "the result has two columns called %s; give one of them another name with 'as'"
                .formatted(name));
      }
      if (view.rendering().isPresent()) {
        Rendering rendering = view.rendering().get();
        rendering.texts().forEach(name -> requireResult(names, name, "'render.texts' names it"));
        rendering
            .variant()
            .ifPresent(name -> requireResult(names, name, "'render.variant' names it"));
      }
    }

    private void requireResult(Set<String> names, String name, String reason) {
      if (!names.contains(name)) {
        error(
            "the result has no column %s, but %s; select it, or correct the name (there are %s)"
                .formatted(name, reason, String.join(", ", new TreeSet<>(names))));
      }
    }

    private void checkRows(List<Column> columns) throws SQLException {
      Map<String, String> bases = new LinkedHashMap<>();
      columns.forEach(column -> bases.put(column.name(), column.base()));
      for (Dependency dependency : view.dependencies()) {
        EntityType type = catalog.type(dependency.type()).orElse(null);
        for (int i = 0; i < dependency.rows().size(); i++) {
          String name = dependency.rows().get(i);
          requireResult(
              bases.keySet(), name, "'depends' finds rows of " + dependency.type() + " by it");
          String base = bases.getOrDefault(name, "");
          if (type != null && !base.isEmpty()) {
            checkRowType(type, type.key().size() == 1 ? 0 : i, name, base);
          }
        }
      }
    }

    private void checkRowType(EntityType type, int part, String name, String base)
        throws SQLException {
      String key = type.key().get(part);
      Optional<Stored> stored = stored(type.table(), key);
      if (stored.isPresent() && !haveOneText(base, stored.get().base())) {
        error(
            "the result's column %s is of type %s, and %s of %s, which it is to name, of type %s: their texts may differ; select the key as it is, or map %s by 'keys'"
                .formatted(name, base, key, type.table(), stored.get().base(), type.name()));
      }
    }

    private static boolean haveOneText(String one, String other) {
      for (ParameterType type : ParameterType.values()) {
        if (type.suits(one) && type.suits(other)) {
          return true;
        }
      }
      return false;
    }

    /** A collation may find a row by another spelling than that in it. */
    private void checkCollations() throws SQLException {
      for (Dependency dependency : view.dependencies()) {
        EntityType type = catalog.type(dependency.type()).orElse(null);
        if (type == null) {
          continue;
        }
        for (String column : new TreeSet<>(dependency.keys().values())) {
          Optional<Stored> stored = stored(type.table(), column);
          if (stored.isPresent() && stored.get().loose()) {
            error(
                "the column %s of %s has the collation %s, by which different texts are equal: a change would drop the answer of one spelling alone; map a column that compares exactly"
                    .formatted(column, type.table(), stored.get().collation()));
          }
        }
      }
    }

    private void checkReads(QueryReads reads) {
      if (!reads.understood()) {
        warning(
            "what the query reads could not be read in full from this version of Postgres, so every column is taken to be read");
      }
      Map<EntityType, Read> byType = new LinkedHashMap<>();
      for (QueryReads.Table table : reads.tables()) {
        for (TableName name : sources(table)) {
          Optional<EntityType> type = catalog.typeOf(name);
          if (type.isEmpty()) {
            error(
                "the query reads %s%s, which is no entity type of the catalog, so nothing tells when it changes; declare it and name it in 'depends', or do without it"
                    .formatted(name, through(table)));
          } else {
            byType.computeIfAbsent(type.get(), _ -> new Read()).add(table);
          }
        }
      }
      byType.forEach(this::checkType);
      for (Dependency dependency : view.dependencies()) {
        if (byType.keySet().stream().noneMatch(type -> type.name().equals(dependency.type()))) {
          warning(
              "'depends' names %s, of which the query reads nothing; its changes drop answers that are true"
                  .formatted(dependency.type()));
        }
      }
      if (view.shape() == Shape.LIST && !reads.ordered()) {
        warning(
            "the query has no order by, so the same rows may come in another order and look like a change; add one that is unique");
      }
      if (reads.asksTheTime()) {
        warning(
            "the query asks what time it is, and no change of a row says when that makes an answer untrue: only its ttl does; make the time a parameter");
      }
      reads
          .functions()
          .forEach(
              (function, doubt) ->
                  warning(
                      "the query calls %s, which %s; no change of a row says when that makes an answer untrue"
                          .formatted(function, doubt)));
    }

    /** The tables whose changes tell of a table: itself, what it is a part of, or its parts. */
    private List<TableName> sources(QueryReads.Table table) {
      if (catalog.typeOf(table.name()).isEmpty()) {
        if (catalog.typeOf(table.root()).isPresent()) {
          return List.of(table.root());
        }
        if (table.kind() == QueryReads.Kind.PARTITIONED
            && table.parts().stream().anyMatch(part -> catalog.typeOf(part).isPresent())) {
          return table.parts();
        }
      }
      List<TableName> sources = new ArrayList<>(List.of(table.name()));
      if (table.kind() != QueryReads.Kind.PARTITIONED) {
        sources.addAll(table.parts());
      }
      return sources;
    }

    private static String through(QueryReads.Table table) {
      return table.through().isEmpty() ? "" : " through the view " + table.through();
    }

    private void checkType(EntityType type, Read read) {
      List<Dependency> ways =
          view.dependencies().stream()
              .filter(dependency -> dependency.type().equals(type.name()))
              .toList();
      if (ways.isEmpty()) {
        error(
            "the query reads %s, but 'depends' does not name %s, so its changes leave answers untrue; add it"
                .formatted(type.table(), type.name()));
        return;
      }
      checkLeftOut(type, read);
      checkRestricted(type, read, ways);
      checkFound(type, read, ways);
    }

    private void checkLeftOut(EntityType type, Read read) {
      if (type.columns().isEmpty()) {
        return;
      }
      Set<String> unseen = new TreeSet<>(read.columns);
      type.columns().forEach(unseen::remove);
      if (!unseen.isEmpty()) {
        error(
            "the query reads %s of %s, which 'columns' of the entity type %s leaves out, so changes of it are not seen; name it there, or do not read it"
                .formatted(String.join(", ", unseen), type.table(), type.name()));
      }
    }

    private void checkRestricted(EntityType type, Read read, List<Dependency> ways) {
      if (ways.stream().anyMatch(way -> way.columns().isEmpty())) {
        return;
      }
      Set<String> unnamed = new TreeSet<>(read.columns);
      // A row with another key is another entity, and that is told in any case.
      type.key().forEach(unnamed::remove);
      ways.forEach(way -> way.columns().forEach(unnamed::remove));
      if (!unnamed.isEmpty()) {
        error(
            "the query reads %s of %s, but 'columns' of every dependency on %s leaves it out, so changes of it leave answers untrue; name it there"
                .formatted(String.join(", ", unnamed), type.table(), type.name()));
      }
    }

    private void checkFound(EntityType type, Read read, List<Dependency> ways) {
      Set<String> deciding = new TreeSet<>(read.deciding);
      type.key().forEach(deciding::remove);
      if (!deciding.isEmpty() && ways.stream().noneMatch(way -> way.rows().isEmpty())) {
        error(
            "%s of %s decides which rows the query finds, but 'depends' goes by 'rows' alone, which tells of rows that were found and of none that will be; map %s by 'keys' (keys: {} is every answer) with these columns as well"
                .formatted(String.join(", ", deciding), type.table(), type.name()));
      }
    }

    private void checkWarming(List<Column> columns) {
      Map<String, String> bases = new LinkedHashMap<>();
      columns.forEach(column -> bases.put(column.name(), column.base()));
      if (columns.size() != view.parameters().size()
          || !bases.keySet().equals(view.parameters().keySet())) {
        error(
            "the query of 'warm' gives (%s), and the parameters are (%s); select each of them once, by its name"
                .formatted(
                    columns.stream().map(Column::name).collect(Collectors.joining(", ")),
                    String.join(", ", view.parameters().keySet())));
        return;
      }
      view.parameters()
          .forEach(
              (name, type) -> {
                String base = bases.getOrDefault(name, "");
                if (!base.isEmpty() && !type.suits(base)) {
                  error(
                      "the query of 'warm' gives %s as %s, and the parameter is of type %s; cast it"
                          .formatted(name, base, type.text()));
                }
              });
    }

    private void error(String sentence) {
      add(Severity.ERROR, sentence);
    }

    private void warning(String sentence) {
      add(Severity.WARNING, sentence);
    }

    private void add(Severity severity, String sentence) {
      findings.add(new CatalogFinding(severity, CatalogFinding.ofView(view.name()), sentence));
    }
  }

  /** What is read of the tables of one type. */
  private static final class Read {
    private final Set<String> columns = new TreeSet<>();
    private final Set<String> deciding = new TreeSet<>();

    void add(QueryReads.Table table) {
      columns.addAll(table.columns());
      deciding.addAll(table.deciding());
    }
  }

  /** A column of a table as it is stored. */
  private record Stored(String base, String collation, boolean loose) {}

  private Optional<Stored> stored(TableName table, String column) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(BASE_OF_COLUMN)) {
      statement.setString(1, table.quoted());
      statement.setString(2, column);
      try (ResultSet rows = statement.executeQuery()) {
        return rows.next()
            ? Optional.of(
                new Stored(
                    rows.getString(1),
                    Objects.requireNonNullElse(rows.getString(2), ""),
                    rows.getBoolean(3)))
            : Optional.empty();
      }
    }
  }
}
