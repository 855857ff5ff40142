package dev.tidemark.api.sync;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.contract.sync.ConflictType;
import dev.tidemark.contract.sync.OperationKind;
import dev.tidemark.contract.sync.Result;
import dev.tidemark.contract.sync.Ruling;
import dev.tidemark.contract.sync.SyncOperation;

/** What takes an operation back: whoever lost by it gets what he had. */
sealed interface Reversal {
  /** It can be done so. */
  record Possible(Deed deed) implements Reversal {}

  /** It cannot be done. */
  record Impossible(String why) implements Reversal {}

  static Reversal of(LedgerEntry entry) {
    SyncOperation operation = entry.submission().operation();
    return switch (entry.ruling().result()) {
      case REFUSED, REJECTED -> new Impossible("The operation failed and changed nothing.");
      case OPEN -> new Impossible("The operation is an open conflict; it can be resolved.");
      case UNCHANGED ->
          entry.ruling().conflict() == null
              ? new Impossible("The operation changed nothing: it was so already.")
              : new Possible(Deed.of(operation.kind(), operation.data()));
      case APPLIED -> ofApplied(operation, entry.ruling());
    };
  }

  private static Reversal ofApplied(SyncOperation operation, Ruling ruling) {
    ConflictType conflict = ruling.conflict();
    if (operation.kind() == OperationKind.DELETE) {
      ObjectNode row = ruling.serverRow();
      return row == null
          ? new Impossible("It is not known what was in the row.")
          : new Possible(Deed.of(OperationKind.CREATE, row));
    }
    boolean madeTheRow =
        conflict == ConflictType.UPDATE_DELETE
            || (operation.kind() == OperationKind.CREATE && conflict == null);
    return madeTheRow
        ? new Possible(Deed.delete(operation.data()))
        : formerValues(operation, ruling);
  }

  private static Reversal formerValues(SyncOperation operation, Ruling ruling) {
    ObjectNode former = operation.data().objectNode();
    for (JsonNode field : ruling.decision().path("fields")) {
      JsonNode server = field.path("server");
      if (!server.isMissingNode() && !server.equals(field.path("result"))) {
        former.set(field.path("field").asText(), server);
      }
    }
    return former.isEmpty()
        ? new Impossible("It is not known which values it replaced.")
        : new Possible(Deed.of(OperationKind.UPDATE, former));
  }

  /** Whether an operation can be settled by a person. */
  static boolean isOpen(LedgerEntry entry) {
    return entry.ruling().result() == Result.OPEN;
  }
}
