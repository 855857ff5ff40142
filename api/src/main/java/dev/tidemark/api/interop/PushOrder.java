package dev.tidemark.api.interop;

import dev.tidemark.contract.catalog.Catalog;
import dev.tidemark.contract.catalog.EntityType;
import dev.tidemark.contract.catalog.Reference;
import dev.tidemark.contract.sync.OperationKind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Parents before children, as the catalog's references say; deletions last, children first. */
final class PushOrder {
  private final Map<String, Integer> ranks = new HashMap<>();

  PushOrder(Catalog catalog) {
    for (EntityType type : catalog.types()) {
      visit(catalog, type, new HashSet<>());
    }
  }

  /** Types that refer to each other in a circle have no order; any one does. */
  private void visit(Catalog catalog, EntityType type, Set<String> above) {
    if (ranks.containsKey(type.name()) || !above.add(type.name())) {
      return;
    }
    for (Reference reference : type.references()) {
      catalog.type(reference.type()).ifPresent(parent -> visit(catalog, parent, above));
    }
    ranks.putIfAbsent(type.name(), ranks.size());
  }

  List<Pushed> of(List<Pushed> pushed) {
    List<Pushed> ordered = new ArrayList<>(pushed);
    ordered.sort(Comparator.comparingInt(this::place));
    return ordered;
  }

  private int place(Pushed pushed) {
    int rank = ranks.getOrDefault(pushed.type(), 0);
    return pushed.kind() == OperationKind.DELETE ? 2 * ranks.size() - rank : rank;
  }
}
