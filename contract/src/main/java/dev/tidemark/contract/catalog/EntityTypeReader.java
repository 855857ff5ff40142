package dev.tidemark.contract.catalog;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tidemark.contract.catalog.YamlFields.Field;
import dev.tidemark.contract.catalog.YamlFields.Text;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the declarations of entity types; keeps what can only be judged once all are read. */
final class EntityTypeReader {
  static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]{0,62}");
  // A scope begins with a word of the catalog's author: were a row's value to come first, whoever
  // may write the row could choose any scope, "public" too.
  static final Pattern SCOPE = Pattern.compile("[A-Za-z0-9_-]+(/([A-Za-z0-9_-]+|\\{[^{}/\\s]+}))*");
  private static final int MAX_IDENTIFIER_BYTES = 63;
  static final String A_COLUMN = "the name of a column";
  private static final List<String> FIELDS =
      List.of("description", "table", "key", "columns", "scope", "references", "merge");

  private final YamlFields yaml;
  private final Set<String> names;
  private final Map<TableName, Field> tables = new HashMap<>();
  private final List<Text> referredTypes = new ArrayList<>();

  /**
   * @param names the names of all types that the file declares, valid or not
   */
  EntityTypeReader(YamlFields yaml, Collection<String> names) {
    this.yaml = yaml;
    this.names = Set.copyOf(names);
  }

  /** The type, unless it lacks what every type has; problems may be written down in both cases. */
  Optional<EntityType> read(String name, Field declaration) {
    if (!NAME.matcher(name).matches()) {
      yaml.problemOfName(
          declaration,
          "a name of an entity type: a lower-case letter, then at most 62 of a-z, 0-9 and _",
          "'" + name + "'");
    }
    Map<String, Field> fields =
        yaml.fields(declaration, "a mapping with 'table' and 'key'", FIELDS);
    if (fields.isEmpty()) {
      return Optional.empty();
    }
    Optional<TableName> table = table(declaration, fields.get("table"));
    List<Text> key = key(declaration, fields.get("key"));
    List<Text> columns = texts(fields.get("columns"), A_COLUMN, EntityTypeReader::isIdentifier);
    List<Text> scopes =
        texts(
            fields.get("scope"),
            "a scope, as public or user/{user_id}",
            text -> SCOPE.matcher(text).matches());
    Map<String, Field> references =
        entries(fields.get("references"), "a mapping of columns to entity types");
    Map<String, Field> merges =
        entries(fields.get("merge"), "a mapping of columns to merge policies");
    checkColumnsAreNamed(columns, key, scopes, references, merges);
    String description =
        Optional.ofNullable(fields.get("description")).map(this::description).orElse("");
    List<Reference> readReferences = references(references);
    Map<String, FieldMerge> readMerges = MergeReader.read(yaml, merges, values(key));
    if (table.isEmpty() || key.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new EntityType(
            name,
            description,
            table.get(),
            values(key),
            values(columns),
            scopes.stream().map(text -> new ScopeTemplate(text.value())).toList(),
            readReferences,
            readMerges));
  }

  /** What only all types together show: references to nothing, or to more than one column. */
  void checkBetweenTypes(List<EntityType> types) {
    Map<String, EntityType> byName = new HashMap<>();
    types.forEach(type -> byName.put(type.name(), type));
    for (Text referred : referredTypes) {
      EntityType target = byName.get(referred.value());
      if (!names.contains(referred.value())) {
        yaml.problem(
            referred.field(),
            "an entity type of this file",
            DidYouMean.hint(referred.value(), names));
      } else if (target != null && target.key().size() > 1) {
        yaml.problem(
            referred.field(),
            "an entity type with a key of one column",
            "'%s', whose key is (%s)".formatted(target.name(), String.join(", ", target.key())));
      }
    }
  }

  private Optional<TableName> table(Field declaration, @Nullable Field field) {
    if (field == null) {
      yaml.problemOfName(declaration, "the field 'table'", "a type without a table");
      return Optional.empty();
    }
    Optional<TableName> table =
        yaml.text(field, "a table, as name or schema.name", EntityTypeReader::isTable)
            .map(text -> TableName.parse(text.value()));
    table.ifPresent(
        name -> {
          Field first = tables.putIfAbsent(name, field);
          if (first != null) {
            yaml.problem(
                field,
                "a table that no other type has",
                "%s, which line %d has".formatted(name, YamlFields.line(first)));
          }
        });
    return table;
  }

  private List<Text> key(Field declaration, @Nullable Field field) {
    if (field == null) {
      yaml.problemOfName(declaration, "the field 'key'", "a type without a key");
    }
    return texts(field, A_COLUMN, EntityTypeReader::isIdentifier);
  }

  private String description(Field field) {
    return yaml.text(field, "a sentence").map(text -> text.value().strip()).orElse("");
  }

  private List<Reference> references(Map<String, Field> fields) {
    List<Reference> references = new ArrayList<>();
    fields.forEach(
        (column, field) ->
            yaml.text(field, "the name of an entity type")
                .ifPresent(
                    type -> {
                      referredTypes.add(type);
                      references.add(new Reference(column, type.value()));
                    }));
    return references;
  }

  private void checkColumnsAreNamed(
      List<Text> columns,
      List<Text> key,
      List<Text> scopes,
      Map<String, Field> references,
      Map<String, Field> merges) {
    if (columns.isEmpty()) {
      return;
    }
    List<String> named = values(columns);
    String expected = "a column that 'columns' names";
    key.stream()
        .filter(text -> !named.contains(text.value()))
        .forEach(
            text -> yaml.problem(text.field(), expected, DidYouMean.hint(text.value(), named)));
    for (Text scope : scopes) {
      for (String column : new ScopeTemplate(scope.value()).columns()) {
        if (!named.contains(column)) {
          yaml.problem(scope.field(), expected, DidYouMean.hint(column, named));
        }
      }
    }
    for (Map<String, Field> byColumn : List.of(references, merges)) {
      byColumn.forEach(
          (column, field) -> {
            if (!named.contains(column)) {
              yaml.problemOfName(field, expected, DidYouMean.hint(column, named));
            }
          });
    }
  }

  private List<Text> texts(@Nullable Field field, String expected, Predicate<String> accepted) {
    return field == null ? List.of() : yaml.texts(field, expected, accepted);
  }

  private Map<String, Field> entries(@Nullable Field field, String expected) {
    return field == null ? Map.of() : yaml.entries(field, expected);
  }

  private static List<String> values(List<Text> texts) {
    return texts.stream().map(Text::value).toList();
  }

  private static boolean isTable(String text) {
    String[] parts = text.split("\\.", -1);
    return parts.length <= 2 && List.of(parts).stream().allMatch(EntityTypeReader::isIdentifier);
  }

  static boolean isIdentifier(String text) {
    return !text.isBlank() && text.getBytes(UTF_8).length <= MAX_IDENTIFIER_BYTES;
  }
}
