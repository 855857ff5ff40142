package dev.tidemark.contract.catalog;

import dev.tidemark.contract.catalog.YamlFields.Field;
import dev.tidemark.contract.catalog.YamlFields.Text;
import dev.tidemark.contract.catalog.view.CacheView;
import dev.tidemark.contract.catalog.view.Dependency;
import dev.tidemark.contract.catalog.view.ParameterType;
import dev.tidemark.contract.catalog.view.ViewDependency;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * Reads which changes make the answers of a view untrue: {@code depends} and {@code views}. Keeps
 * what can only be judged once all views are read.
 */
final class DependencyReader {
  private static final List<String> FIELDS = List.of("keys", "rows", "columns");
  private static final String A_DEPENDENCY =
      "{keys: {PARAMETER: COLUMN}} or {rows: COLUMN}, with or without 'columns'";
  private static final String A_PARAMETER = "a parameter of the view";

  private final YamlFields yaml;
  private final Set<String> typeNames;
  private final Map<String, EntityType> types;
  private final Set<String> names;
  private final List<Use> uses = new ArrayList<>();

  /** A view that depends on another. */
  private record Use(String view, Field field, String other, Map<String, Text> keys) {}

  DependencyReader(
      YamlFields yaml,
      Collection<String> typeNames,
      List<EntityType> types,
      Collection<String> names) {
    this.yaml = yaml;
    this.typeNames = Set.copyOf(typeNames);
    this.types =
        types.stream().collect(Collectors.toUnmodifiableMap(EntityType::name, Function.identity()));
    this.names = Set.copyOf(names);
  }

  /** The dependencies of a view on entity types. */
  List<Dependency> read(Field declaration, @Nullable Field depends, Collection<String> parameters) {
    if (depends == null) {
      yaml.problemOfName(
          declaration,
          "the field 'depends' with the entity types whose changes make answers untrue",
          "a view without it");
      return List.of();
    }
    Map<String, Field> byType =
        yaml.entries(depends, "a mapping of entity types to " + A_DEPENDENCY);
    if (byType.isEmpty() && depends.value() instanceof MappingNode) {
      yaml.problem(depends, "at least one entity type", "none");
    }
    List<Dependency> read = new ArrayList<>();
    byType.forEach(
        (type, field) -> {
          if (!typeNames.contains(type)) {
            yaml.problemOfName(
                field, "an entity type of this file", DidYouMean.hint(type, typeNames));
          }
          for (Field way : ways(field)) {
            new OfType(type, types.get(type), way, parameters).read().ifPresent(read::add);
          }
        });
    if (!read.isEmpty() && read.stream().noneMatch(dependency -> dependency.rows().isEmpty())) {
      yaml.problem(
          depends,
          "at least one dependency by 'keys': 'rows' tells of rows that were found, and of none that is new",
          "'rows' alone");
    }
    return read;
  }

  private List<Field> ways(Field field) {
    if (!(field.value() instanceof SequenceNode sequence)) {
      return List.of(field);
    }
    if (sequence.getValue().isEmpty()) {
      yaml.problem(field, A_DEPENDENCY);
    }
    List<Field> ways = new ArrayList<>();
    for (int i = 0; i < sequence.getValue().size(); i++) {
      ways.add(field.element(i, sequence.getValue().get(i)));
    }
    return ways;
  }

  /** The other views on which a view depends. */
  List<ViewDependency> views(String view, @Nullable Field field, Collection<String> parameters) {
    List<ViewDependency> read = new ArrayList<>();
    if (field == null) {
      return read;
    }
    yaml.entries(field, "a mapping of views to {PARAMETER: THEIR PARAMETER}")
        .forEach(
            (other, declared) -> {
              if (!names.contains(other)) {
                yaml.problemOfName(declared, "a view of this file", DidYouMean.hint(other, names));
              }
              Map<String, Text> keys =
                  mapping(declared, "the name of a parameter of " + other, parameters);
              uses.add(new Use(view, declared, other, keys));
              read.add(new ViewDependency(other, values(keys)));
            });
    return read;
  }

  /** Views that are named with parameters they do not have, and views that go round in a circle. */
  void checkBetweenViews(List<CacheView> views) {
    Map<String, CacheView> byName = new HashMap<>();
    views.forEach(view -> byName.put(view.name(), view));
    for (Use use : uses) {
      CacheView view = byName.get(use.view());
      CacheView other = byName.get(use.other());
      if (view != null && other != null) {
        use.keys().forEach((mine, theirs) -> checkParameter(view, mine, other, theirs));
      }
    }
    new Circles().report();
  }

  private void checkParameter(CacheView view, String mine, CacheView other, Text theirs) {
    ParameterType type = other.parameters().get(theirs.value());
    ParameterType own = view.parameters().get(mine);
    if (type == null) {
      yaml.problem(
          theirs.field(),
          "a parameter of the view " + other.name(),
          DidYouMean.hint(theirs.value(), other.parameters().keySet()));
    } else if (own != null && !PostgresTypes.sameText(own.text(), type.text())) {
      yaml.problem(
          theirs.field(),
          "a parameter of type %s, as %s has".formatted(own.text(), mine),
          "'%s' of type %s".formatted(theirs.value(), type.text()));
    }
  }

  /** A mapping of this view's parameters to something else. */
  private Map<String, Text> mapping(Field field, String expected, Collection<String> parameters) {
    Map<String, Text> mapping = new LinkedHashMap<>();
    yaml.entries(field, "a mapping of parameters, which may be empty")
        .forEach(
            (parameter, found) -> {
              if (!parameters.contains(parameter)) {
                yaml.problemOfName(found, A_PARAMETER, DidYouMean.hint(parameter, parameters));
              }
              yaml.text(found, expected, EntityTypeReader::isIdentifier)
                  .ifPresent(text -> mapping.put(parameter, text));
            });
    return mapping;
  }

  private static Map<String, String> values(Map<String, Text> texts) {
    Map<String, String> values = new LinkedHashMap<>();
    texts.forEach((name, text) -> values.put(name, text.value()));
    return values;
  }

  /** The reading of one way in which a view depends on one entity type. */
  private final class OfType {
    private final String name;
    private final @Nullable EntityType type;
    private final Field field;
    private final Collection<String> parameters;

    OfType(String name, @Nullable EntityType type, Field field, Collection<String> parameters) {
      this.name = name;
      this.type = type;
      this.field = field;
      this.parameters = parameters;
    }

    Optional<Dependency> read() {
      Map<String, Field> parts = yaml.fields(field, A_DEPENDENCY, FIELDS);
      Field keysField = parts.get("keys");
      Field rowsField = parts.get("rows");
      List<Text> columns = columns(parts.get("columns"));
      columns.forEach(this::requireColumn);
      if (keysField == null && rowsField == null) {
        if (field.value() instanceof MappingNode) {
          yaml.problem(
              field, A_DEPENDENCY + "; 'keys: {}' is every answer", "neither 'keys' nor 'rows'");
        }
        return Optional.empty();
      }
      if (keysField != null && rowsField != null) {
        yaml.problemOfName(
            rowsField, "'keys' or 'rows'; a list of dependencies has both", "'rows' with 'keys'");
        return Optional.empty();
      }
      Map<String, Text> keys =
          keysField == null ? Map.of() : mapping(keysField, EntityTypeReader.A_COLUMN, parameters);
      keys.values().forEach(this::requireColumn);
      checkMappedColumnsCount(keys, columns);
      List<Text> rows = columns(rowsField);
      if (rowsField != null) {
        checkRows(rowsField, rows);
      }
      return rowsField != null && rows.isEmpty()
          ? Optional.empty()
          : Optional.of(new Dependency(name, values(keys), names(rows), names(columns)));
    }

    private List<Text> columns(@Nullable Field columns) {
      return columns == null
          ? List.of()
          : yaml.texts(columns, EntityTypeReader.A_COLUMN, EntityTypeReader::isIdentifier);
    }

    private void requireColumn(Text column) {
      if (type != null && !type.columns().isEmpty() && !type.columns().contains(column.value())) {
        yaml.problem(
            column.field(),
            "a column that the entity type " + name + " takes part with",
            DidYouMean.hint(column.value(), type.columns()));
      }
    }

    /** A column that says to which answer a row belongs matters whenever it changes. */
    private void checkMappedColumnsCount(Map<String, Text> keys, List<Text> columns) {
      if (type == null || columns.isEmpty()) {
        return;
      }
      for (Text column : keys.values()) {
        if (!type.key().contains(column.value()) && !names(columns).contains(column.value())) {
          yaml.problem(
              column.field(),
              "a column of the key, or one that 'columns' names: when it changes, the row goes to another answer",
              "'" + column.value() + "'");
        }
      }
    }

    private void checkRows(Field rowsField, List<Text> rows) {
      int parts = type == null ? 1 : type.key().size();
      if (parts > 1 && !rows.isEmpty() && rows.size() != parts) {
        yaml.problem(
            rowsField,
            "%d columns of the answer, for the parts of the key (%s) of %s in their order"
                .formatted(parts, String.join(", ", type == null ? List.of() : type.key()), name),
            "%d of them".formatted(rows.size()));
      }
    }

    private static List<String> names(List<Text> texts) {
      return texts.stream().map(Text::value).toList();
    }
  }

  /** Views that wait for each other: one problem for each way back. */
  private final class Circles {
    private final Map<String, List<Use>> byView = new LinkedHashMap<>();
    private final List<String> path = new ArrayList<>();
    private final List<String> done = new ArrayList<>();

    void report() {
      for (Use use : uses) {
        byView.computeIfAbsent(use.view(), _ -> new ArrayList<>()).add(use);
      }
      List.copyOf(byView.keySet()).forEach(this::walk);
    }

    private void walk(String view) {
      if (done.contains(view)) {
        return;
      }
      path.add(view);
      for (Use use : byView.getOrDefault(view, List.of())) {
        int start = path.indexOf(use.other());
        if (start < 0) {
          walk(use.other());
        } else {
          yaml.problemOfName(
              use.field(),
              "views that do not depend on themselves",
              String.join(" > ", path.subList(start, path.size())) + " > " + use.other());
        }
      }
      path.removeLast();
      done.add(view);
    }
  }
}
