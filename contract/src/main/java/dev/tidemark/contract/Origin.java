package dev.tidemark.contract;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * Who caused a change, where that is known: a transaction announces it before the row change with a
 * transactional logical message.
 *
 * @param device the device, if one asked for the change
 * @param operation the operation of that device, or the job, that the change carries out
 */
public record Origin(@Nullable String device, String operation) {
  public Origin {
    requireNonNull(operation, "operation is null");
  }
}
