package dev.tidemark.api.sync;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.contract.Version;
import dev.tidemark.contract.catalog.FieldMerge;
import dev.tidemark.contract.sync.ConflictType;
import dev.tidemark.contract.sync.OperationKind;
import dev.tidemark.contract.sync.Result;
import dev.tidemark.contract.sync.Ruling;
import dev.tidemark.contract.sync.Strategy;
import dev.tidemark.contract.sync.SyncOperation;
import java.util.Map;

/** What takes an operation back: whoever lost by it gets what he had. */
sealed interface Reversal {
  /** It can be done so. */
  record Possible(Deed deed) implements Reversal {}

  /** It cannot be done. */
  record Impossible(String why) implements Reversal {}

  /**
   * How to take an operation back.
   *
   * @param merge how the catalog has fields of its type merged
   */
  static Reversal of(LedgerEntry entry, Map<String, FieldMerge> merge) {
    SyncOperation operation = entry.submission().operation();
    return switch (entry.ruling().result()) {
      case REFUSED, REJECTED -> new Impossible("The operation failed and changed nothing.");
      case OPEN -> new Impossible("The operation is an open conflict; it can be resolved.");
      case UNCHANGED ->
          entry.ruling().conflict() == null
              ? new Impossible("The operation changed nothing: it was so already.")
              : new Possible(Deed.of(operation.kind(), operation.data()));
      case APPLIED -> ofApplied(operation, entry.ruling(), merge);
    };
  }

  private static Reversal ofApplied(
      SyncOperation operation, Ruling ruling, Map<String, FieldMerge> merge) {
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
        : formerValues(operation, ruling, merge);
  }

  /**
   * What others have counted since stays: of a field that counts, only the operation's own
   * difference is taken back.
   */
  private static Reversal formerValues(
      SyncOperation operation, Ruling ruling, Map<String, FieldMerge> merge) {
    ObjectNode former = operation.data().objectNode();
    ObjectNode counted = operation.data().objectNode();
    for (JsonNode field : ruling.decision().path("fields")) {
      JsonNode server = field.path("server");
      JsonNode result = field.path("result");
      if (server.isMissingNode() || server.equals(result)) {
        continue;
      }
      String name = field.path("field").asText();
      former.set(name, server);
      FieldMerge rule = merge.get(name);
      if (rule != null && rule.policy().countsFromBase()) {
        counted.set(name, result);
      }
    }
    if (former.isEmpty()) {
      return new Impossible("It is not known which values it replaced.");
    }
    return new Possible(
        counted.isEmpty()
            ? Deed.of(OperationKind.UPDATE, former)
            : new Deed(OperationKind.UPDATE, former, Strategy.MERGE, base(ruling), counted));
  }

  /** A version before the operation, so that it counts as one that came since. */
  private static Version base(Ruling ruling) {
    Version server = ruling.serverVersion();
    return server == null ? new Version(1, 0) : server;
  }

  /** Whether an operation can be settled by a person. */
  static boolean isOpen(LedgerEntry entry) {
    return entry.ruling().result() == Result.OPEN;
  }
}
