package dev.tidemark.pipeline.resolution.core;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the server knows of an entity. Rows and maps are shared: read them, never change them. */
public sealed interface Known {
  /** No such row, and no memory of one. */
  record Absent() implements Known {}

  /**
   * The row exists.
   *
   * @param last who changed it last
   * @param changedAt when that was committed
   * @param fields who gave each field its value; a field that is missing here has the stamp of the
   *     last change
   */
  record Live(ObjectNode row, Stamp last, Instant changedAt, Map<String, Stamp> fields)
      implements Known {
    public Live {
      requireNonNull(row, "row is null");
      requireNonNull(last, "last is null");
      requireNonNull(changedAt, "changedAt is null");
      fields = Collections.unmodifiableMap(fields);
    }

    Stamp stamp(String field) {
      return fields.getOrDefault(field, last);
    }
  }

  /**
   * The row is gone.
   *
   * @param lastRow as it last was, if that is known
   * @param last who deleted it
   * @param changedAt when that was committed
   */
  record Deleted(@Nullable ObjectNode lastRow, Stamp last, Instant changedAt) implements Known {
    public Deleted {
      requireNonNull(last, "last is null");
      requireNonNull(changedAt, "changedAt is null");
    }
  }
}
