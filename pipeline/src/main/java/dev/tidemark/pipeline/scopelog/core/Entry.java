package dev.tidemark.pipeline.scopelog.core;

import static java.util.Objects.requireNonNull;

import dev.tidemark.contract.Version;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The last thing that happened to a row in one scope.
 *
 * @param position where it is in the scope's log
 * @param entered where the row was first told of, in whatever scope, as far as this log knows
 * @param put whether the row is in the scope; otherwise it is gone from it
 * @param scopes the scopes that the row was in after it
 * @param transaction the database transaction's id; 0 when a snapshot read the row
 * @param committedMicros when the transaction committed, in microseconds since 1970
 * @param device the device that caused it, if one did
 * @param change what devices are told: JSON, to be handed on as it is
 */
public record Entry(
    Position position,
    Position entered,
    boolean put,
    String type,
    String id,
    Version version,
    List<String> scopes,
    long transaction,
    long committedMicros,
    @Nullable String device,
    byte[] change) {
  public Entry {
    requireNonNull(position, "position is null");
    requireNonNull(entered, "entered is null");
    requireNonNull(type, "type is null");
    requireNonNull(id, "id is null");
    requireNonNull(version, "version is null");
    scopes = List.copyOf(scopes);
    requireNonNull(change, "change is null");
  }

  /** Whether both are what one change of one row did, to different scopes. */
  boolean isSameChange(Entry other) {
    return version.equals(other.version) && id.equals(other.id) && type.equals(other.type);
  }
}
