package dev.tidemark.contract.sync;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.contract.Version;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A decision as it is written down.
 *
 * @param conflict null if there was none
 * @param fields those that were contested
 * @param resolution whose side the outcome is on: client, server, merged or open; null without a
 *     conflict
 * @param reason the short form of the explanation
 * @param error why it was refused or rejected: a code and what belongs to it; null if it was not
 * @param decision the whole of it: what it was decided on, and what became of each field
 * @param serverVersion the version that the server had; null if no row, or none that may be told of
 * @param serverRow the row that the server had, where the device is told of it
 * @param suggestion the row as a merge would leave it, if it conflicted
 */
public record Ruling(
    Result result,
    @Nullable ConflictType conflict,
    List<String> fields,
    @Nullable String resolution,
    String reason,
    @Nullable ObjectNode error,
    ObjectNode decision,
    @Nullable Version serverVersion,
    @Nullable ObjectNode serverRow,
    @Nullable ObjectNode suggestion) {
  public Ruling {
    requireNonNull(result, "result is null");
    fields = List.copyOf(fields);
    requireNonNull(reason, "reason is null");
    requireNonNull(decision, "decision is null");
    boolean failed = result == Result.REFUSED || result == Result.REJECTED;
    if (failed != (error != null)) {
      throw new IllegalArgumentException("an error, and nothing else, has a reason to fail");
    }
    if ((conflict == null) != (resolution == null)) {
      throw new IllegalArgumentException("a conflict, and nothing else, has a resolution");
    }
  }
}
