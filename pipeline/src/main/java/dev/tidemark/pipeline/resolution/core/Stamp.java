package dev.tidemark.pipeline.resolution.core;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.contract.Version;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Who gave a value to a field, and when.
 *
 * @param device the device whose operation it was; null if it was not a device
 * @param sequence that operation's running number, if the device keeps one
 * @param sent what the device had sent, if a merge made another value of it; null if the value is
 *     the device's own. Until it is shown the merged value, the device goes on from what it sent
 */
public record Stamp(
    Version version, @Nullable String device, OptionalLong sequence, @Nullable JsonNode sent) {
  public Stamp(Version version, @Nullable String device, OptionalLong sequence) {
    this(version, device, sequence, null);
  }

  public Stamp {
    requireNonNull(version, "version is null");
    requireNonNull(sequence, "sequence is null");
  }
}
