package dev.tidemark.api.entities;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.api.security.Caller;
import dev.tidemark.contract.catalog.EntityType;
import dev.tidemark.contract.catalog.ScopeTemplate;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Decides whether a caller may see a row. */
final class Visibility {
  private Visibility() {}

  /**
   * Whoever works for the operator sees every row. A device sees a row if one of its scopes is one
   * of the row's; it must hold {@code public} as well to see public rows.
   */
  static boolean sees(Caller caller, EntityType type, ObjectNode row) {
    if (caller.seesEverything()) {
      return true;
    }
    for (ScopeTemplate template : type.scopes()) {
      Optional<String> scope = template.scopeOf(column -> text(row.get(column)));
      if (scope.isPresent() && caller.scopes().contains(scope.get())) {
        return true;
      }
    }
    return false;
  }

  private static @Nullable String text(@Nullable JsonNode value) {
    return value == null || value.isNull() || value.isContainerNode() ? null : value.asText();
  }
}
