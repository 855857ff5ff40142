package dev.tidemark.contract;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Who caused a change, where that is known: a transaction announces it before the row change with a
 * transactional logical message.
 *
 * @param device the device, if one asked for the change
 * @param operation the operation of that device, or the job, that the change carries out
 * @param sequence that operation's running number, if the device keeps one
 * @param sent the fields whose written value is not the one that the device had sent, because it
 *     was merged, with what it had sent; null if there are none
 */
public record Origin(
    @Nullable String device, String operation, OptionalLong sequence, @Nullable ObjectNode sent) {
  public Origin {
    requireNonNull(operation, "operation is null");
    requireNonNull(sequence, "sequence is null");
  }

  public Origin(@Nullable String device, String operation) {
    this(device, operation, OptionalLong.empty(), null);
  }
}
