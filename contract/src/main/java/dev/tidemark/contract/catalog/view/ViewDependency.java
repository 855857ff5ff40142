package dev.tidemark.contract.catalog.view;

import static java.util.Objects.requireNonNull;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Another view whose answers make answers of this one untrue when they become untrue themselves.
 *
 * @param view the other view
 * @param keys which of this view's parameters is which of the other's; those that are missing make
 *     it a group
 */
public record ViewDependency(String view, Map<String, String> keys) {
  public ViewDependency {
    requireNonNull(view, "view is null");
    keys = Collections.unmodifiableMap(new LinkedHashMap<>(keys));
  }
}
