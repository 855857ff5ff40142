package dev.tidemark.contract.postgres;

import dev.tidemark.contract.postgres.NodeTree.Listing;
import dev.tidemark.contract.postgres.NodeTree.Node;
import dev.tidemark.contract.postgres.NodeTree.Value;
import dev.tidemark.contract.postgres.NodeTree.Word;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Walks over the query of a view and notes what {@code pg_depend} does not tell: which relations it
 * reads even if they are Postgres' own, which it reads by whole rows, which columns decide whether
 * a row is found, which functions it calls, whether it is ordered.
 */
final class RuleWalk {
  /** Stands for all columns in {@link #deciding}. */
  static final long WHOLE_ROW = 0;

  private static final int RELATION = 0;
  private static final int SUBQUERY = 1;
  private static final int JOIN = 2;
  private static final int CTE = 6;
  private static final int GROUP = 9;
  private static final int LAST_OF_TIME = 8;
  private static final List<String> FUNCTIONS =
      List.of("funcid", "opfuncid", "aggfnoid", "winfnoid");

  /** What decides which rows there are. */
  private static final Set<String> DECIDING_FIELDS =
      Set.of("jointree", "havingQual", "limitOffset", "limitCount", "functions", "values_lists");

  /** A query within those around it. */
  private record Scope(Node query, @Nullable Scope around) {
    Node entry(long number) {
      return query.nodes("rtable").get((int) number - 1);
    }
  }

  private final Set<Long> relations = new LinkedHashSet<>();
  private final Set<Long> wholeRows = new LinkedHashSet<>();
  private final Map<Long, Set<Long>> deciding = new LinkedHashMap<>();
  private final Set<Long> functions = new LinkedHashSet<>();
  private final IdentityHashMap<Node, Set<Long>> seen = new IdentityHashMap<>();
  private boolean asksTheTime;
  private boolean ordered;

  private RuleWalk() {}

  /**
   * Walks over a rule.
   *
   * @param action what {@code pg_rewrite.ev_action} has
   * @param conditions columns of the view itself that decide which rows are found
   */
  static RuleWalk over(String action, Set<Long> conditions) {
    RuleWalk walk = new RuleWalk();
    for (Value value : NodeTree.parse(action)) {
      if (value instanceof Listing list
          && !list.values().isEmpty()
          && list.values().getFirst() instanceof Node query) {
        walk.ordered = !query.nodes("sortClause").isEmpty();
        walk.query(query, null, false);
        conditions.forEach(column -> walk.outputs(query, column, null));
      }
    }
    return walk;
  }

  /** The relations, by their object numbers. */
  Set<Long> relations() {
    return relations;
  }

  /** Those of which whole rows are read, so that every column counts. */
  Set<Long> wholeRows() {
    return wholeRows;
  }

  /** By relation the numbers of the columns that decide which rows are found. */
  Map<Long, Set<Long>> deciding() {
    return deciding;
  }

  Set<Long> functions() {
    return functions;
  }

  boolean asksTheTime() {
    return asksTheTime;
  }

  boolean isOrdered() {
    return ordered;
  }

  private void query(Node query, @Nullable Scope around, boolean asCondition) {
    Scope scope = new Scope(query, around);
    query
        .fields()
        .forEach(
            (field, values) -> {
              boolean decides = asCondition || DECIDING_FIELDS.contains(field);
              values.forEach(value -> visit(value, scope, decides));
            });
  }

  private void visit(Value value, Scope scope, boolean decides) {
    switch (value) {
      case Word _ -> {}
      case Listing list -> list.values().forEach(element -> visit(element, scope, decides));
      case Node node -> visitNode(node, scope, decides);
    }
  }

  private void visitNode(Node node, Scope scope, boolean decides) {
    switch (node.type()) {
      case "QUERY" -> query(node, scope, decides);
      case "VAR" -> variable(node, scope, decides);
      case "RANGETBLENTRY" -> entry(node, scope, decides);
      case "SQLVALUEFUNCTION" -> asksTheTime |= node.number("op") <= LAST_OF_TIME;
      default -> {
        for (String field : FUNCTIONS) {
          if (node.number(field) > 0) {
            functions.add(node.number(field));
          }
        }
        children(node, scope, decides);
      }
    }
  }

  private void children(Node node, Scope scope, boolean decides) {
    node.fields()
        .forEach(
            (field, values) -> {
              // The columns of a join are those of its sides, and who reads them says so.
              if (!field.equals("joinaliasvars")) {
                boolean deciding = decides || DECIDING_FIELDS.contains(field);
                values.forEach(value -> visit(value, scope, deciding));
              }
            });
  }

  private void entry(Node entry, Scope scope, boolean decides) {
    if (entry.number("rtekind") == RELATION && entry.number("relid") > 0) {
      relations.add(entry.number("relid"));
    }
    children(entry, scope, decides);
  }

  private void variable(Node variable, Scope scope, boolean decides) {
    Scope home = up(scope, variable.number("varlevelsup"));
    if (variable.number("varno") < 1) {
      return;
    }
    Node entry = home.entry(variable.number("varno"));
    long column = variable.number("varattno");
    long kind = entry.number("rtekind");
    if (kind == RELATION) {
      ofRelation(entry.number("relid"), column, decides);
    } else if (kind == JOIN && column == WHOLE_ROW) {
      // Seldom, and to find out which relations the join has would be much for it.
      for (Node other : home.query().nodes("rtable")) {
        if (other.number("rtekind") == RELATION) {
          ofRelation(other.number("relid"), WHOLE_ROW, decides);
        }
      }
    } else if (decides && seen.computeIfAbsent(entry, _ -> new HashSet<>()).add(column)) {
      ofExpression(entry, kind, column, home);
    }
  }

  private void ofRelation(long relation, long column, boolean decides) {
    if (column == WHOLE_ROW) {
      wholeRows.add(relation);
    }
    if (decides) {
      deciding.computeIfAbsent(relation, _ -> new TreeSet<>()).add(column);
    }
  }

  /** A condition on what is itself an expression is one on the columns in it. */
  private void ofExpression(Node entry, long kind, long column, Scope home) {
    switch ((int) kind) {
      case SUBQUERY -> entry.nodes("subquery").forEach(query -> outputs(query, column, home));
      case JOIN -> element(entry.list("joinaliasvars"), column, home);
      case GROUP -> element(entry.list("groupexprs"), column, home);
      case CTE -> {
        Scope owner = up(home, entry.number("ctelevelsup"));
        for (Node cte : owner.query().nodes("cteList")) {
          if (cte.word("ctename").equals(entry.word("ctename"))) {
            cte.nodes("ctequery").forEach(query -> outputs(query, column, owner));
          }
        }
      }
      default -> {}
    }
  }

  private void outputs(Node query, long column, @Nullable Scope around) {
    Scope scope = new Scope(query, around);
    if (!query.nodes("setOperations").isEmpty()) {
      // A union's outputs name its first branch alone; all branches count.
      query(query, around, true);
      return;
    }
    for (Node target : query.nodes("targetList")) {
      if (column == WHOLE_ROW || target.number("resno") == column) {
        visit(target, scope, true);
      }
    }
  }

  private void element(List<Value> expressions, long column, Scope scope) {
    for (int i = 0; i < expressions.size(); i++) {
      if (column == WHOLE_ROW || i + 1 == column) {
        visit(expressions.get(i), scope, true);
      }
    }
  }

  private static Scope up(Scope scope, long levels) {
    Scope found = scope;
    for (long i = 0; i < levels; i++) {
      Scope around = found.around();
      if (around == null) {
        throw new IllegalArgumentException("a variable of no query");
      }
      found = around;
    }
    return found;
  }
}
