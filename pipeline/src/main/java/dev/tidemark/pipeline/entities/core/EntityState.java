package dev.tidemark.pipeline.entities.core;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.contract.Version;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one entity. Row images and maps are shared, not copied, because states are made
 * far more often than looked at: whoever has given one away never changes it.
 */
public sealed interface EntityState {
  LastChange lastChange();

  /** For each field the version that last gave it a value; never after the entity's own. */
  Map<String, Version> fieldVersions();

  /** What is remembered beyond the row. */
  Memory memory();

  default Version version() {
    return lastChange().version();
  }

  /** The row exists. */
  record Live(
      ObjectNode row, LastChange lastChange, Map<String, Version> fieldVersions, Memory memory)
      implements EntityState {
    public Live(ObjectNode row, LastChange lastChange, Map<String, Version> fieldVersions) {
      this(row, lastChange, fieldVersions, Memory.NONE);
    }

    public Live {
      requireNonNull(row, "row is null");
      requireNonNull(lastChange, "lastChange is null");
      fieldVersions = bounded(fieldVersions, lastChange.version());
    }
  }

  /**
   * The row is gone. The tombstone stays, so that an older change cannot bring the row back and a
   * conflict can still be judged field by field.
   *
   * @param lastRow the row as it last was; null if no change ever showed it
   */
  record Deleted(
      @Nullable ObjectNode lastRow,
      LastChange lastChange,
      Map<String, Version> fieldVersions,
      Memory memory)
      implements EntityState {
    public Deleted(
        @Nullable ObjectNode lastRow, LastChange lastChange, Map<String, Version> fieldVersions) {
      this(lastRow, lastChange, fieldVersions, Memory.NONE);
    }

    public Deleted {
      requireNonNull(lastChange, "lastChange is null");
      fieldVersions = bounded(fieldVersions, lastChange.version());
    }
  }

  /** The same, with a device having been shown it as it is. */
  default EntityState shownTo(String device, Instant at) {
    Memory shown = memory().shown(device, version(), at);
    return switch (this) {
      case Live live -> new Live(live.row(), live.lastChange(), live.fieldVersions(), shown);
      case Deleted deleted ->
          new Deleted(deleted.lastRow(), deleted.lastChange(), deleted.fieldVersions(), shown);
    };
  }

  private static Map<String, Version> bounded(Map<String, Version> fieldVersions, Version version) {
    fieldVersions.forEach(
        (field, fieldVersion) -> {
          if (fieldVersion.isAfter(version)) {
            throw new IllegalArgumentException(
                "field " + field + " is at " + fieldVersion + ", after its entity at " + version);
          }
        });
    return Collections.unmodifiableMap(fieldVersions);
  }
}
