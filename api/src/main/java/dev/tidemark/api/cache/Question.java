package dev.tidemark.api.cache;

import static java.util.Objects.requireNonNull;

import dev.tidemark.contract.catalog.view.CacheView;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A view with its parameters.
 *
 * @param values the parameters, in the one text that each value has
 * @param key under which the answer is kept
 */
public record Question(CacheView view, Map<String, String> values, String key) {
  public Question {
    requireNonNull(view, "view is null");
    values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    requireNonNull(key, "key is null");
  }

  public static Question of(CacheView view, Map<String, String> values) {
    return new Question(view, values, view.key().of(values::get));
  }
}
