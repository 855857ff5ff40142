package dev.tidemark.pipeline.resolution.core;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.contract.sync.ConflictType;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Two authors met.
 *
 * @param fields those that both have changed, to different values
 * @param resolution whose side the outcome is on
 * @param suggestion the row as a merge would leave it; null if that is no row, or nobody can tell
 */
public record Conflict(
    ConflictType type,
    List<String> fields,
    Resolution resolution,
    @Nullable ObjectNode suggestion) {
  public Conflict {
    requireNonNull(type, "type is null");
    requireNonNull(resolution, "resolution is null");
    fields = List.copyOf(fields);
  }

  /** Whose side. */
  public enum Resolution {
    CLIENT,
    SERVER,
    MERGED,
    OPEN;

    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
