package dev.tidemark.api.sync;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.contract.Version;
import dev.tidemark.contract.sync.OperationKind;
import dev.tidemark.contract.sync.Strategy;
import org.jspecify.annotations.Nullable;

/**
 * What an operation that follows from another one does to the same entity.
 *
 * @param base what it is made upon; null if it is to be done whatever there is
 * @param baseData the values that it counts from
 */
record Deed(
    OperationKind kind,
    ObjectNode data,
    Strategy strategy,
    @Nullable Version base,
    @Nullable ObjectNode baseData) {
  Deed {
    requireNonNull(kind, "kind is null");
    requireNonNull(data, "data is null");
    requireNonNull(strategy, "strategy is null");
  }

  static Deed of(OperationKind kind, ObjectNode data) {
    return of(kind, data, Strategy.CLIENT_WINS);
  }

  static Deed of(OperationKind kind, ObjectNode data, Strategy strategy) {
    return new Deed(kind, data, strategy, null, null);
  }

  static Deed delete(ObjectNode any) {
    return of(OperationKind.DELETE, any.objectNode());
  }
}
