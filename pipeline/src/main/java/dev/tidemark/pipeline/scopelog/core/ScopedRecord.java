package dev.tidemark.pipeline.scopelog.core;

import static java.util.Objects.requireNonNull;

import dev.tidemark.contract.ScopedChange.Kind;
import dev.tidemark.contract.Version;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A record of the topic, as far as the log has to understand it.
 *
 * @param scope who is told; null for every scope that has the row, or the type's rows
 * @param id the entity; null for a truncate
 * @param committedMicros when the transaction committed, in microseconds since 1970
 * @param device the device that caused it, if one did
 * @param change what devices are told: JSON, to be handed on as it is
 */
public record ScopedRecord(
    @Nullable String scope,
    List<String> scopes,
    String type,
    @Nullable String id,
    Kind kind,
    Version version,
    long transaction,
    long committedMicros,
    @Nullable String device,
    byte[] change) {
  public ScopedRecord {
    scopes = List.copyOf(scopes);
    requireNonNull(type, "type is null");
    requireNonNull(kind, "kind is null");
    requireNonNull(version, "version is null");
    requireNonNull(change, "change is null");
  }
}
