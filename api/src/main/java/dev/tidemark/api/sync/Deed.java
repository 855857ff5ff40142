package dev.tidemark.api.sync;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.contract.sync.OperationKind;
import dev.tidemark.contract.sync.Strategy;

/** What an operation that follows from another one does to the same entity. */
record Deed(OperationKind kind, ObjectNode data, Strategy strategy) {
  Deed {
    requireNonNull(kind, "kind is null");
    requireNonNull(data, "data is null");
    requireNonNull(strategy, "strategy is null");
  }

  static Deed of(OperationKind kind, ObjectNode data) {
    return new Deed(kind, data, Strategy.CLIENT_WINS);
  }

  static Deed delete(ObjectNode any) {
    return of(OperationKind.DELETE, any.objectNode());
  }
}
