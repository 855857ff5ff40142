package dev.tidemark.pipeline.entities.core;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.contract.Version;
import org.jspecify.annotations.Nullable;

/**
 * A value that a field once had.
 *
 * @param device the device whose operation gave it; null if it was not a device's
 */
public record Past(Version version, JsonNode value, @Nullable String device) {
  public Past {
    requireNonNull(version, "version is null");
    requireNonNull(value, "value is null");
  }
}
