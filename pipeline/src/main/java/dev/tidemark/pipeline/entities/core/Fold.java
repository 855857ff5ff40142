package dev.tidemark.pipeline.entities.core;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.contract.ChangeKind;
import dev.tidemark.contract.EntityChange;
import dev.tidemark.contract.Version;
import dev.tidemark.pipeline.entities.core.EntityState.Deleted;
import dev.tidemark.pipeline.entities.core.EntityState.Live;
import dev.tidemark.pipeline.entities.core.Folded.Ignored;
import dev.tidemark.pipeline.entities.core.Folded.Reason;
import dev.tidemark.pipeline.entities.core.Folded.Replaced;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Folds the changes of one entity into its state. Only a version after the known one counts, so
 * that a repeated or late change does nothing.
 */
public final class Fold {
  private Fold() {}

  /** What a change of one row does to that row's entity. */
  public static Folded apply(@Nullable EntityState known, EntityChange change) {
    return apply(known, change, Set.of());
  }

  /** The same, keeping former values of some fields. */
  public static Folded apply(
      @Nullable EntityState known, EntityChange change, Set<String> remembered) {
    if (change.kind() == ChangeKind.TRUNCATE) {
      throw new IllegalArgumentException("a truncate has no entity of its own");
    }
    if (known != null && !change.version().isAfter(known.version())) {
      return new Ignored(reasonToIgnore(known, change));
    }
    return new Replaced(
        switch (change.kind()) {
          case READ, INSERT -> created(change);
          case UPDATE -> updated(known, change, remembered);
          case DELETE -> deleted(known, change);
          case TRUNCATE -> throw new AssertionError("refused above");
        });
  }

  /** What the emptying of its table does to an entity. */
  public static Folded truncate(EntityState known, LastChange truncate) {
    return switch (known) {
      case Deleted _ -> new Ignored(Reason.ALREADY_DELETED);
      case Live live when live.version().isAfter(truncate.version()) -> new Ignored(Reason.STALE);
      case Live live ->
          new Replaced(new Deleted(live.row(), truncate, live.fieldVersions(), live.memory()));
    };
  }

  private static Reason reasonToIgnore(EntityState known, EntityChange change) {
    if (change.version().equals(known.version())) {
      return Reason.REPEATED;
    }
    boolean filling = change.kind() == ChangeKind.READ && change.version().lsn() == 0;
    return filling && change.version().epoch() == known.version().epoch()
        ? Reason.KNOWN_FROM_CHANGES
        : Reason.STALE;
  }

  private static EntityState created(EntityChange change) {
    ObjectNode row = rowAfter(change);
    Map<String, Version> fields = new LinkedHashMap<>();
    row.fieldNames().forEachRemaining(field -> fields.put(field, change.version()));
    return new Live(
        row,
        LastChange.of(change),
        fields,
        Memory.NONE.after(change, null, Map.of(), fields, Set.of()));
  }

  private static EntityState updated(
      @Nullable EntityState known, EntityChange change, Set<String> remembered) {
    ObjectNode row = rowAfter(change);
    Version version = change.version();
    Map<String, Version> knownFields =
        switch (known) {
          case Live live when live.version().epoch() == version.epoch() -> live.fieldVersions();
          case null, default -> Map.of();
        };
    // A row updated after its deletion was created in between, unseen: every field may be new.
    // Otherwise a field of which no change of this epoch told is older than every one of them,
    // exactly as if a snapshot had read it first.
    Version unknown =
        known instanceof Deleted && known.version().epoch() == version.epoch()
            ? version
            : new Version(version.epoch(), 0);
    Set<String> changed = new HashSet<>(change.changed());
    Map<String, Version> fields = new LinkedHashMap<>();
    for (Iterator<String> names = row.fieldNames(); names.hasNext(); ) {
      String field = names.next();
      fields.put(
          field, changed.contains(field) ? version : knownFields.getOrDefault(field, unknown));
    }
    Memory memory =
        known instanceof Live live && live.version().epoch() == version.epoch()
            ? live.memory().after(change, live.row(), live.fieldVersions(), fields, remembered)
            : Memory.NONE.after(change, null, Map.of(), fields, remembered);
    return new Live(row, LastChange.of(change), fields, memory);
  }

  private static EntityState deleted(@Nullable EntityState known, EntityChange change) {
    ObjectNode lastRow =
        change.before() != null
            ? change.before()
            : switch (known) {
              case null -> null;
              case Live live -> live.row();
              case Deleted deleted -> deleted.lastRow();
            };
    Map<String, Version> fields = known == null ? Map.of() : known.fieldVersions();
    Memory memory = known == null ? Memory.NONE : known.memory();
    return new Deleted(
        lastRow,
        LastChange.of(change),
        fields,
        memory.after(change, null, Map.of(), fields, Set.of()));
  }

  private static ObjectNode rowAfter(EntityChange change) {
    return requireNonNull(change.after(), "a change that is no delete has a row after it");
  }
}
