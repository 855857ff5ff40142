package dev.tidemark.contract.catalog.view;

import static java.util.Objects.requireNonNull;

import dev.tidemark.contract.catalog.ScopeTemplate;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A query whose answers are kept, by their parameters, until a change makes them untrue.
 *
 * @param name what the view is called in requests; the keys of its entries begin with it
 * @param description one sentence for the generated documents; may be empty
 * @param key under which an answer is kept
 * @param parameters the parameters of the query with their types, in the order of the key
 * @param query what Postgres is asked
 * @param shape what an answer is
 * @param dependencies which changed rows make which answers untrue
 * @param views which other views make answers of this one untrue when their answers become untrue
 * @param groups other sets of parameters by which answers can be dropped together
 * @param lifetime how long an answer may be kept
 * @param absent how long it is remembered that there is nothing
 * @param stale for how long an answer that has become untrue may still be given while a new one is
 *     fetched; zero if never
 * @param scopes who may read an answer; empty if only those who see everything
 * @param rendering how texts of the answer are filled in, if they are
 * @param warming which answers are fetched before anybody asks, if any
 */
public record CacheView(
    String name,
    String description,
    KeyTemplate key,
    Map<String, ParameterType> parameters,
    NamedQuery query,
    Shape shape,
    List<Dependency> dependencies,
    List<ViewDependency> views,
    List<List<String>> groups,
    Lifetime lifetime,
    Duration absent,
    Duration stale,
    List<ScopeTemplate> scopes,
    Optional<Rendering> rendering,
    Optional<Warming> warming) {

  /** What an answer is. */
  public enum Shape {
    /** All rows, in the order of the query. */
    LIST,
    /** One row, or nothing. */
    ONE
  }

  public CacheView {
    requireNonNull(name, "name is null");
    requireNonNull(description, "description is null");
    requireNonNull(key, "key is null");
    parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
    requireNonNull(query, "query is null");
    requireNonNull(shape, "shape is null");
    dependencies = List.copyOf(dependencies);
    views = List.copyOf(views);
    groups = groups.stream().map(List::copyOf).toList();
    requireNonNull(lifetime, "lifetime is null");
    requireNonNull(absent, "absent is null");
    requireNonNull(stale, "stale is null");
    scopes = List.copyOf(scopes);
    requireNonNull(rendering, "rendering is null");
    requireNonNull(warming, "warming is null");
    if (!key.parameters().equals(List.copyOf(parameters.keySet()))) {
      throw new IllegalArgumentException(
          "the key " + key + " does not have the parameters of the view " + name);
    }
  }
}
