package dev.tidemark.pipeline.cache.core;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.contract.ChangeKind;
import dev.tidemark.contract.EntityChange;
import dev.tidemark.contract.EntityKey;
import dev.tidemark.contract.catalog.Catalog;
import dev.tidemark.contract.catalog.view.CacheView;
import dev.tidemark.contract.catalog.view.Dependency;
import dev.tidemark.contract.catalog.view.ViewDependency;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a change makes untrue, and by which names an answer hears of it. Both are decided here, so
 * that they agree: a target is the key of one answer ({@code agenda:7:2026-01-05}), a group ({@code
 * agenda:7:*}, {@code agenda:*:*}) or an entity that was found in answers ({@code service/12}).
 *
 * <p>Where a row does not say enough, more goes than has to, down to all answers of a view.
 */
public final class Targets {
  private final Map<String, List<Uses>> byType = new HashMap<>();
  private final Map<String, List<Uses>> byView = new HashMap<>();
  private final Map<String, Set<Set<String>>> groups = new HashMap<>();

  /** A view that depends on something, with what each of its parameters is there. */
  private record Uses(
      CacheView view, Map<String, String> keys, List<String> columns, boolean rows) {}

  public Targets(Catalog catalog) {
    for (CacheView view : catalog.views()) {
      Set<Set<String>> named = new LinkedHashSet<>();
      named.add(Set.of());
      view.groups().forEach(group -> named.add(Set.copyOf(group)));
      for (Dependency dependency : view.dependencies()) {
        boolean rows = !dependency.rows().isEmpty();
        byType
            .computeIfAbsent(dependency.type(), _ -> new ArrayList<>())
            .add(new Uses(view, dependency.keys(), dependency.columns(), rows));
        if (!rows) {
          named.add(Set.copyOf(dependency.keys().keySet()));
        }
      }
      for (ViewDependency dependency : view.views()) {
        byView
            .computeIfAbsent(dependency.view(), _ -> new ArrayList<>())
            .add(new Uses(view, dependency.keys(), List.of(), false));
        named.add(Set.copyOf(dependency.keys().keySet()));
      }
      named.remove(Set.copyOf(view.key().parameters()));
      groups.put(view.name(), named);
    }
  }

  /** What a change makes untrue; nothing if it changes nothing that any view shows. */
  public Set<String> of(EntityChange change) {
    Set<String> targets = new LinkedHashSet<>();
    List<Uses> uses = byType.getOrDefault(change.type(), List.of());
    if (change.kind() == ChangeKind.READ || uses.isEmpty()) {
      return targets;
    }
    for (Uses use : uses) {
      EntityKey key = change.key();
      if (key == null) {
        reach(use.view(), Map.of(), targets);
      } else if (matters(change, use)) {
        if (use.rows()) {
          targets.add(key.canonical());
          dependants(use.view()).forEach(view -> reach(view, Map.of(), targets));
        } else {
          images(change, use, targets);
        }
      }
    }
    return targets;
  }

  /** What a change of a type makes untrue of which nothing else is known. */
  public Set<String> ofUnknown(String type) {
    Set<String> targets = new LinkedHashSet<>();
    byType.getOrDefault(type, List.of()).forEach(use -> reach(use.view(), Map.of(), targets));
    return targets;
  }

  /** Whether any view depends on a type. */
  public boolean concern(String type) {
    return byType.containsKey(type);
  }

  /** The groups that an answer of a view is in, given its parameters. */
  public List<String> groupsOf(CacheView view, Map<String, String> values) {
    List<String> named = new ArrayList<>();
    for (Set<String> group : groups.getOrDefault(view.name(), Set.of(Set.of()))) {
      named.add(
          view.key().of(parameter -> group.contains(parameter) ? values.get(parameter) : null));
    }
    return named;
  }

  /** Whether there is a group of answers that have these parameters in common. */
  public boolean hasGroup(CacheView view, Set<String> parameters) {
    return groups.getOrDefault(view.name(), Set.of()).contains(parameters);
  }

  private static boolean matters(EntityChange change, Uses use) {
    ObjectNode before = change.before();
    if (change.kind() != ChangeKind.UPDATE || use.columns().isEmpty() || before == null) {
      return true;
    }
    for (String column : use.columns()) {
      // A column that one image lacks was not compared.
      if (change.changed().contains(column)
          || !before.has(column)
          || !has(change.after(), column)) {
        return true;
      }
    }
    // What moves a row from one answer to another matters, whatever the catalog says of columns.
    return use.keys().values().stream().anyMatch(change.changed()::contains);
  }

  private static boolean has(@Nullable ObjectNode row, String column) {
    return row != null && row.has(column);
  }

  private void images(EntityChange change, Uses use, Set<String> targets) {
    ObjectNode before = change.before();
    ObjectNode after = change.after();
    boolean hadRow = change.kind() != ChangeKind.INSERT;
    if (hadRow && before == null) {
      reach(use.view(), Map.of(), targets);
      return;
    }
    if (hadRow && before != null) {
      image(before, use, targets);
    }
    if (after != null) {
      image(after, use, targets);
    }
  }

  private void image(ObjectNode row, Uses use, Set<String> targets) {
    Map<String, String> values = new HashMap<>();
    for (Map.Entry<String, String> key : use.keys().entrySet()) {
      JsonNode value = row.get(key.getValue());
      if (value == null) {
        // The row is not all there, so it could be in any answer.
        reach(use.view(), Map.of(), targets);
        return;
      }
      if (value.isNull()) {
        return;
      }
      values.put(key.getKey(), value.asText());
    }
    reach(use.view(), values, targets);
  }

  /** The answers of a view with these parameters, and those of views that depend on it. */
  private void reach(CacheView view, Map<String, String> values, Set<String> targets) {
    String target = target(view, values);
    if (!targets.add(target)) {
      return;
    }
    for (Uses use : byView.getOrDefault(view.name(), List.of())) {
      Map<String, String> there = new LinkedHashMap<>();
      use.keys()
          .forEach(
              (mine, its) ->
                  Optional.ofNullable(values.get(its)).ifPresent(value -> there.put(mine, value)));
      reach(use.view(), there, targets);
    }
  }

  private String target(CacheView view, Map<String, String> values) {
    boolean known =
        values.keySet().containsAll(view.key().parameters())
            || hasGroup(view, Set.copyOf(values.keySet()));
    return known ? view.key().of(values::get) : view.key().all();
  }

  private Set<CacheView> dependants(CacheView view) {
    Set<CacheView> all = new HashSet<>();
    byView.getOrDefault(view.name(), List.of()).forEach(use -> all.add(use.view()));
    return all;
  }
}
