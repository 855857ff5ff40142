package dev.tidemark.connectors.capture.encoding;

import dev.tidemark.contract.ChangeKind;
import dev.tidemark.contract.EntityKey;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A change, ready to be sent.
 *
 * @param rowFrom where in the value the row after the change begins
 * @param rowTo where it ends; the beginning if there is none
 */
public record EncodedChange(
    String type,
    @Nullable EntityKey key,
    ChangeKind kind,
    String version,
    long transaction,
    long ordinal,
    Instant committedAt,
    byte[] value,
    int rowFrom,
    int rowTo) {}
