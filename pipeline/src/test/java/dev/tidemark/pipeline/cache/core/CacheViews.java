package dev.tidemark.pipeline.cache.core;

import dev.tidemark.contract.catalog.Catalog;
import dev.tidemark.contract.catalog.EntityType;
import dev.tidemark.contract.catalog.TableName;
import dev.tidemark.contract.catalog.view.CacheView;
import dev.tidemark.contract.catalog.view.Dependency;
import dev.tidemark.contract.catalog.view.KeyTemplate;
import dev.tidemark.contract.catalog.view.Lifetime;
import dev.tidemark.contract.catalog.view.NamedQuery;
import dev.tidemark.contract.catalog.view.ParameterType;
import dev.tidemark.contract.catalog.view.ViewDependency;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A catalog of views for tests: a day's visits, a person's week that depends on it, a list. */
public final class CacheViews {
  public static final CacheView AGENDA =
      view(
          "agenda:{user}:{day}",
          List.of(
              new Dependency(
                  "visit",
                  Map.of("user", "user_id", "day", "on_date"),
                  List.of(),
                  List.of("title")),
              new Dependency("service", Map.of(), List.of("service_id"), List.of("name")),
              new Dependency("person", Map.of("user", "id"), List.of(), List.of())),
          List.of(),
          List.of(List.of("day")));
  public static final CacheView WEEK =
      view(
          "week:{user}",
          List.of(new Dependency("holiday", Map.of(), List.of(), List.of())),
          List.of(new ViewDependency("agenda", Map.of("user", "user"))),
          List.of());
  public static final Catalog CATALOG =
      new Catalog(
          List.of(type("visit"), type("service"), type("person"), type("holiday"), type("other")),
          List.of(AGENDA, WEEK));

  private CacheViews() {}

  private static CacheView view(
      String key,
      List<Dependency> dependencies,
      List<ViewDependency> views,
      List<List<String>> groups) {
    KeyTemplate template = KeyTemplate.parse(key).orElseThrow();
    Map<String, ParameterType> parameters = new LinkedHashMap<>();
    template.parameters().forEach(name -> parameters.put(name, ParameterType.TEXT));
    return new CacheView(
        template.name(),
        "",
        template,
        parameters,
        NamedQuery.parse("select 1"),
        CacheView.Shape.LIST,
        dependencies,
        views,
        groups,
        Lifetime.DEFAULT,
        Duration.ofSeconds(30),
        Duration.ZERO,
        List.of(),
        Optional.empty(),
        Optional.empty());
  }

  private static EntityType type(String name) {
    return new EntityType(
        name, "", TableName.parse(name), List.of("id"), List.of(), List.of(), List.of(), Map.of());
  }
}
