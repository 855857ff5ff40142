package dev.tidemark.contract.catalog;

import dev.tidemark.contract.catalog.YamlFields.Field;
import dev.tidemark.contract.catalog.YamlFields.Text;
import dev.tidemark.contract.catalog.view.CacheView;
import dev.tidemark.contract.catalog.view.CacheView.Shape;
import dev.tidemark.contract.catalog.view.Dependency;
import dev.tidemark.contract.catalog.view.KeyTemplate;
import dev.tidemark.contract.catalog.view.Lifetime;
import dev.tidemark.contract.catalog.view.NamedQuery;
import dev.tidemark.contract.catalog.view.ParameterType;
import dev.tidemark.contract.catalog.view.Rendering;
import dev.tidemark.contract.catalog.view.ViewDependency;
import dev.tidemark.contract.catalog.view.Warming;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** Reads the declarations of views; keeps what can only be judged once all are read. */
final class ViewReader {
  private static final List<String> FIELDS =
      List.of(
          "description",
          "key",
          "parameters",
          "query",
          "result",
          "depends",
          "views",
          "groups",
          "ttl",
          "jitter",
          "absent",
          "stale",
          "scope",
          "render",
          "warm");
  private static final List<String> TYPES =
      Arrays.stream(ParameterType.values()).map(ParameterType::text).toList();
  private static final List<String> SHAPES =
      Arrays.stream(Shape.values()).map(shape -> shape.name().toLowerCase(Locale.ROOT)).toList();
  private static final String A_TYPE = "a type: one of " + String.join(", ", TYPES);
  private static final String A_PARAMETER = "a parameter of the view";
  private static final String NEVER = "never";
  private static final Pattern PERCENT = Pattern.compile("[0-9]{1,2}(\\.[0-9]{1,3})?%");
  private static final double MOST_JITTER = 0.5;
  private static final Duration SHORTEST = Duration.ofMillis(1);
  private static final Duration LONGEST_KEPT = Duration.ofDays(30);
  private static final Duration LONGEST_ABSENT = Duration.ofDays(1);
  private static final Duration LONGEST_STALE = Duration.ofHours(1);
  private static final Duration ABSENT = Duration.ofSeconds(30);
  private static final Duration SHORTEST_ROUND = Duration.ofSeconds(1);
  private static final Duration LONGEST_ROUND = Duration.ofDays(1);
  private static final int WARMED = 100;
  private static final int MOST_WARMED = 10_000;

  private final YamlFields yaml;
  private final DependencyReader dependencies;

  /**
   * @param typeNames the names of all entity types that the file declares, valid or not
   * @param types the valid ones
   * @param names the names of all views that the file declares, valid or not
   */
  ViewReader(
      YamlFields yaml,
      Collection<String> typeNames,
      List<EntityType> types,
      Collection<String> names) {
    this.yaml = yaml;
    this.dependencies = new DependencyReader(yaml, typeNames, types, names);
  }

  /** The view, unless it lacks what every view has; problems may be written down in both cases. */
  Optional<CacheView> read(String name, Field declaration) {
    if (!EntityTypeReader.NAME.matcher(name).matches()) {
      yaml.problemOfName(
          declaration,
          "a name of a view: a lower-case letter, then at most 62 of a-z, 0-9 and _",
          "'" + name + "'");
    }
    Map<String, Field> fields =
        yaml.fields(declaration, "a mapping with 'key', 'query' and 'depends'", FIELDS);
    return fields.isEmpty() ? Optional.empty() : new OfView(name, declaration, fields).read();
  }

  /** What only all views together show: unknown views, their parameters, circles. */
  void checkBetweenViews(List<CacheView> views) {
    dependencies.checkBetweenViews(views);
  }

  /** The reading of one view. */
  private final class OfView {
    private final String name;
    private final Field declaration;
    private final Map<String, Field> fields;
    private final Map<String, Field> parameters;

    OfView(String name, Field declaration, Map<String, Field> fields) {
      this.name = name;
      this.declaration = declaration;
      this.fields = fields;
      Field declared = fields.get("parameters");
      this.parameters =
          declared == null
              ? Map.of()
              : yaml.entries(declared, "a mapping of parameters to their types");
    }

    Optional<CacheView> read() {
      Map<String, ParameterType> types = types();
      Optional<KeyTemplate> key = key();
      Optional<NamedQuery> query = query();
      List<Dependency> depends =
          dependencies.read(declaration, fields.get("depends"), parameters.keySet());
      List<ViewDependency> views =
          dependencies.views(name, fields.get("views"), parameters.keySet());
      List<List<String>> groups =
          groups(key.map(KeyTemplate::parameters).orElse(List.copyOf(parameters.keySet())));
      Lifetime lifetime = lifetime();
      Duration absent = duration("absent", ABSENT, LONGEST_ABSENT, "a duration up to 1d, as 30s");
      Duration stale =
          duration("stale", Duration.ZERO, LONGEST_STALE, "a duration up to 1h, as 10s");
      List<ScopeTemplate> scopes = scopes();
      Optional<Rendering> rendering =
          Optional.ofNullable(fields.get("render")).flatMap(this::rendering);
      Optional<Warming> warming = Optional.ofNullable(fields.get("warm")).flatMap(this::warming);
      Shape shape = shape();
      String description =
          Optional.ofNullable(fields.get("description"))
              .flatMap(field -> yaml.text(field, "a sentence"))
              .map(text -> text.value().strip())
              .orElse("");
      if (key.isEmpty()
          || query.isEmpty()
          || !types.keySet().equals(Set.copyOf(key.get().parameters()))) {
        return Optional.empty();
      }
      Map<String, ParameterType> inOrder = new LinkedHashMap<>();
      for (String parameter : key.get().parameters()) {
        ParameterType type = types.get(parameter);
        if (type != null) {
          inOrder.put(parameter, type);
        }
      }
      return Optional.of(
          new CacheView(
              name,
              description,
              key.get(),
              inOrder,
              query.get(),
              shape,
              depends,
              views,
              groups,
              lifetime,
              absent,
              stale,
              scopes,
              rendering,
              warming));
    }

    private Map<String, ParameterType> types() {
      Map<String, ParameterType> types = new LinkedHashMap<>();
      parameters.forEach(
          (parameter, field) -> {
            if (!EntityTypeReader.NAME.matcher(parameter).matches()) {
              yaml.problemOfName(
                  field,
                  "a name of a parameter: a lower-case letter, then at most 62 of a-z, 0-9 and _",
                  "'" + parameter + "'");
            }
            yaml.text(field, A_TYPE)
                .ifPresent(
                    text ->
                        ParameterType.of(text.value())
                            .ifPresentOrElse(
                                type -> types.put(parameter, type),
                                () ->
                                    yaml.problem(
                                        field, A_TYPE, DidYouMean.hint(text.value(), TYPES))));
          });
      return types;
    }

    private Optional<KeyTemplate> key() {
      Field field = fields.get("key");
      if (field == null) {
        yaml.problemOfName(
            declaration, "the field 'key', as agenda:{user_id}:{date}", "a view without a key");
        return Optional.empty();
      }
      Optional<KeyTemplate> key =
          yaml.text(
                  field,
                  "a key, as agenda:{user_id}:{date}, each parameter once",
                  text -> KeyTemplate.parse(text).isPresent())
              .flatMap(text -> KeyTemplate.parse(text.value()));
      key.ifPresent(template -> checkKey(field, template));
      return key;
    }

    private void checkKey(Field field, KeyTemplate key) {
      if (!key.name().equals(name)) {
        yaml.problem(field, "a key that begins with the view's name, " + name, "'" + key + "'");
      }
      for (String parameter : key.parameters()) {
        requireParameter(field, parameter);
      }
      parameters.forEach(
          (parameter, declared) -> {
            if (!key.parameters().contains(parameter)) {
              yaml.problemOfName(
                  declared,
                  "a parameter that the key names: without it two answers share one key",
                  "'" + parameter + "', and the key " + key);
            }
          });
    }

    private Optional<NamedQuery> query() {
      Field field = fields.get("query");
      if (field == null) {
        yaml.problemOfName(declaration, "the field 'query'", "a view without a query");
        return Optional.empty();
      }
      Optional<NamedQuery> query = sql(field);
      query.ifPresent(
          parsed -> {
            for (String used : new LinkedHashSet<>(parsed.parameters())) {
              requireParameter(field, used);
            }
            parameters.forEach(
                (parameter, declared) -> {
                  if (!parsed.parameters().contains(parameter)) {
                    yaml.problemOfName(
                        declared,
                        "a parameter that the query uses, as :" + parameter,
                        "'" + parameter + "'");
                  }
                });
          });
      return query;
    }

    private Optional<NamedQuery> sql(Field field) {
      Optional<Text> text = yaml.text(field, "a query in SQL", given -> !given.isBlank());
      if (text.isEmpty()) {
        return Optional.empty();
      }
      try {
        return Optional.of(NamedQuery.parse(text.get().value()));
      } catch (IllegalArgumentException e) {
        yaml.problem(field, "one query in SQL", "an error: " + e.getMessage());
        return Optional.empty();
      }
    }

    private void requireParameter(Field field, String parameter) {
      if (!parameters.containsKey(parameter)) {
        yaml.problem(
            field,
            "a parameter that 'parameters' names",
            DidYouMean.hint(parameter, parameters.keySet()));
      }
    }

    private Shape shape() {
      Field field = fields.get("result");
      if (field == null) {
        return Shape.LIST;
      }
      return yaml.text(field, "list or one", SHAPES::contains)
          .map(text -> Shape.valueOf(text.value().toUpperCase(Locale.ROOT)))
          .orElse(Shape.LIST);
    }

    private List<List<String>> groups(List<String> order) {
      Field field = fields.get("groups");
      if (field == null) {
        return List.of();
      }
      if (!(field.value() instanceof SequenceNode sequence)) {
        yaml.problem(field, "a list of lists of parameters, as [[date]]");
        return List.of();
      }
      List<List<String>> groups = new ArrayList<>();
      Set<Set<String>> seen = new HashSet<>();
      for (int i = 0; i < sequence.getValue().size(); i++) {
        Field element = field.element(i, sequence.getValue().get(i));
        List<Text> names = yaml.texts(element, A_PARAMETER, _ -> true);
        names.forEach(text -> requireParameter(text.field(), text.value()));
        Set<String> group = new HashSet<>(names.stream().map(Text::value).toList());
        if (group.isEmpty() || !parameters.keySet().containsAll(group)) {
          continue;
        }
        if (group.size() == parameters.size()) {
          yaml.problem(element, "some of the parameters", "all of them, which is one answer");
        } else if (!seen.add(group)) {
          yaml.problem(element, "each group once", "the same parameters again");
        } else {
          groups.add(order.stream().filter(group::contains).toList());
        }
      }
      return groups;
    }

    private Lifetime lifetime() {
      Lifetime byDefault = Lifetime.DEFAULT;
      double jitter = jitter(byDefault.jitter());
      Field field = fields.get("ttl");
      if (field == null) {
        return new Lifetime(byDefault.hot(), byDefault.warm(), byDefault.cold(), jitter);
      }
      if (!(field.value() instanceof MappingNode)) {
        Duration ttl =
            yaml.text(
                    field,
                    "a duration up to 30d, as 1h; or never; or {hot: 5m, warm: 15m, cold: 1h}",
                    text -> text.equals(NEVER) || Durations.isWithin(text, SHORTEST, LONGEST_KEPT))
                .flatMap(
                    text ->
                        text.value().equals(NEVER)
                            ? Optional.of(Lifetime.UNLIMITED)
                            : Durations.parse(text.value()))
                .orElse(byDefault.hot());
        return new Lifetime(ttl, ttl, ttl, jitter);
      }
      Map<String, Field> parts =
          yaml.fields(field, "a duration, or a mapping of them", List.of("hot", "warm", "cold"));
      return new Lifetime(
          part(field, parts, "hot"),
          part(field, parts, "warm"),
          part(field, parts, "cold"),
          jitter);
    }

    private Duration part(Field field, Map<String, Field> parts, String part) {
      Field found = parts.get(part);
      if (found == null) {
        yaml.problem(field, "the field '" + part + "' with a duration", "no such field");
        return LONGEST_KEPT;
      }
      return duration(found, SHORTEST, LONGEST_KEPT, "a duration up to 30d, as 1h")
          .orElse(LONGEST_KEPT);
    }

    private double jitter(double byDefault) {
      Field field = fields.get("jitter");
      return field == null
          ? byDefault
          : yaml.text(field, "a part from 0% to 50%, as 10%", text -> fraction(text) <= MOST_JITTER)
              .map(text -> fraction(text.value()))
              .orElse(byDefault);
    }

    private static double fraction(String percent) {
      return PERCENT.matcher(percent).matches()
          ? new BigDecimal(percent.substring(0, percent.length() - 1))
              .movePointLeft(2)
              .doubleValue()
          : 1;
    }

    private Duration duration(String name, Duration byDefault, Duration most, String expected) {
      return Optional.ofNullable(fields.get(name))
          .flatMap(field -> duration(field, Duration.ZERO, most, expected))
          .orElse(byDefault);
    }

    private Optional<Duration> duration(
        Field field, Duration least, Duration most, String expected) {
      return yaml.text(field, expected, text -> Durations.isWithin(text, least, most))
          .flatMap(text -> Durations.parse(text.value()));
    }

    private List<ScopeTemplate> scopes() {
      List<ScopeTemplate> scopes = new ArrayList<>();
      for (Text text :
          texts(
              fields.get("scope"),
              "a scope, as public or user/{user_id}",
              given -> EntityTypeReader.SCOPE.matcher(given).matches())) {
        ScopeTemplate scope = new ScopeTemplate(text.value());
        scope.columns().forEach(parameter -> requireParameter(text.field(), parameter));
        scopes.add(scope);
      }
      return scopes;
    }

    private Optional<Rendering> rendering(Field field) {
      Map<String, Field> parts =
          yaml.fields(field, "a mapping with 'texts'", List.of("texts", "variant"));
      Field texts = parts.get("texts");
      if (texts == null) {
        if (field.value() instanceof MappingNode) {
          yaml.problem(
              field, "the field 'texts' with the columns that are filled in", "no such field");
        }
        return Optional.empty();
      }
      Optional<String> variant =
          Optional.ofNullable(parts.get("variant"))
              .flatMap(
                  found ->
                      yaml.text(found, EntityTypeReader.A_COLUMN, EntityTypeReader::isIdentifier))
              .map(Text::value);
      List<String> columns =
          texts(texts, EntityTypeReader.A_COLUMN, EntityTypeReader::isIdentifier).stream()
              .map(Text::value)
              .toList();
      return Optional.of(new Rendering(columns, variant));
    }

    private Optional<Warming> warming(Field field) {
      Map<String, Field> parts =
          yaml.fields(
              field, "a mapping with 'query' and 'every'", List.of("query", "every", "limit"));
      if (!(field.value() instanceof MappingNode)) {
        return Optional.empty();
      }
      Field queryField = parts.get("query");
      Field everyField = parts.get("every");
      if (queryField == null) {
        yaml.problem(field, "the field 'query', whose columns are the parameters", "no such field");
      }
      if (everyField == null) {
        yaml.problem(field, "the field 'every' with a duration", "no such field");
      }
      Optional<NamedQuery> query = Optional.ofNullable(queryField).flatMap(this::warmQuery);
      Optional<Duration> every =
          Optional.ofNullable(everyField)
              .flatMap(
                  found ->
                      duration(
                          found, SHORTEST_ROUND, LONGEST_ROUND, "a duration from 1s to 1d, as 5m"));
      int limit = Optional.ofNullable(parts.get("limit")).map(this::limit).orElse(WARMED);
      return query.flatMap(sql -> every.map(time -> new Warming(sql, time, limit)));
    }

    private Optional<NamedQuery> warmQuery(Field field) {
      Optional<NamedQuery> query = sql(field);
      if (query.isPresent() && !query.get().parameters().isEmpty()) {
        yaml.problem(
            field,
            "a query without parameters: it says which there are",
            ":" + query.get().parameters().getFirst());
      }
      return query;
    }

    private int limit(Field field) {
      if (field.value() instanceof ScalarNode scalar
          && scalar.getTag().equals(Tag.INT)
          && scalar.getValue().matches("[0-9]{1,5}")) {
        int limit = Integer.parseInt(scalar.getValue());
        if (limit >= 1 && limit <= MOST_WARMED) {
          return limit;
        }
      }
      yaml.problem(field, "a number from 1 to " + MOST_WARMED);
      return WARMED;
    }

    private List<Text> texts(@Nullable Field field, String expected, Predicate<String> accepted) {
      return field == null ? List.of() : yaml.texts(field, expected, accepted);
    }
  }
}
