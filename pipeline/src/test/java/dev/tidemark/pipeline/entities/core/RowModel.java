package dev.tidemark.pipeline.entities.core;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.contract.ChangeKind;
import dev.tidemark.contract.EntityChange;
import dev.tidemark.contract.Version;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The fold once more, told the other way round: it keeps the whole history and looks the answers
 * up, instead of keeping the answers.
 */
final class RowModel {
  private final List<EntityChange> history = new ArrayList<>();

  void apply(EntityChange change) {
    history.add(change);
  }

  Version version() {
    return history.getLast().version();
  }

  @Nullable ObjectNode row() {
    return history.getLast().after();
  }

  @Nullable ObjectNode lastRow() {
    for (EntityChange change : history.reversed()) {
      if (change.before() != null) {
        return change.before();
      }
      if (change.after() != null) {
        return change.after();
      }
    }
    return null;
  }

  Map<String, Version> fieldVersions() {
    Map<String, Version> versions = new HashMap<>();
    requireNonNull(row())
        .fieldNames()
        .forEachRemaining(field -> versions.put(field, lastSet(field)));
    return versions;
  }

  /** The last change of the present epoch and the present life of the row that set the field. */
  private Version lastSet(String field) {
    int epoch = version().epoch();
    for (EntityChange change : history.reversed()) {
      if (change.version().epoch() != epoch) {
        break;
      }
      boolean sets =
          switch (change.kind()) {
            case READ, INSERT -> true;
            case UPDATE -> change.changed().contains(field) || follows(change, ChangeKind.DELETE);
            case DELETE, TRUNCATE -> false;
          };
      if (sets) {
        return change.version();
      }
    }
    return new Version(epoch, 0);
  }

  private boolean follows(EntityChange change, ChangeKind kind) {
    int at = history.indexOf(change);
    return Optional.of(at)
        .filter(i -> i > 0)
        .map(i -> history.get(i - 1))
        .filter(before -> before.kind() == kind)
        .filter(before -> before.version().epoch() == change.version().epoch())
        .isPresent();
  }
}
