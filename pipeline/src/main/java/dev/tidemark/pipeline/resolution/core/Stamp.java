package dev.tidemark.pipeline.resolution.core;

import static java.util.Objects.requireNonNull;

import dev.tidemark.contract.Version;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Who gave a value to a field, and when.
 *
 * @param device the device whose operation it was; null if it was not a device
 * @param sequence that operation's running number, if the device keeps one
 */
public record Stamp(Version version, @Nullable String device, OptionalLong sequence) {
  public Stamp {
    requireNonNull(version, "version is null");
    requireNonNull(sequence, "sequence is null");
  }
}
