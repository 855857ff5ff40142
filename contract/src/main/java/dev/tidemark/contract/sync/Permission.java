package dev.tidemark.contract.sync;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.contract.catalog.EntityType;
import dev.tidemark.contract.catalog.ScopeTemplate;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which rows somebody may see and write.
 *
 * @param everything whether all rows, as whoever works for the operator may
 * @param scopes otherwise the scopes whose rows; {@code public} is one like any other
 */
public record Permission(boolean everything, Set<String> scopes) {
  public Permission {
    requireNonNull(scopes, "scopes is null");
    scopes = Set.copyOf(scopes);
  }

  public static Permission ofEverything() {
    return new Permission(true, Set.of());
  }

  public static Permission of(Set<String> scopes) {
    return new Permission(false, scopes);
  }

  /** Whether one of the row's scopes is among these. */
  public boolean covers(EntityType type, ObjectNode row) {
    if (everything) {
      return true;
    }
    for (ScopeTemplate template : type.scopes()) {
      Optional<String> scope = template.scopeOf(column -> text(row.get(column)));
      if (scope.isPresent() && scopes.contains(scope.get())) {
        return true;
      }
    }
    return false;
  }

  private static @Nullable String text(@Nullable JsonNode value) {
    return value == null || value.isNull() || value.isContainerNode() ? null : value.asText();
  }
}
