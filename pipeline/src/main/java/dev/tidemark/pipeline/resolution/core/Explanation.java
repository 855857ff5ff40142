package dev.tidemark.pipeline.resolution.core;

import static java.util.Objects.requireNonNull;

import dev.tidemark.contract.Version;
import dev.tidemark.contract.sync.Strategy;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Why a decision is what it is.
 *
 * @param base the version that the operation was made upon, if known
 * @param baseKnownBy how it is known
 * @param server the version that the server had; null if it knew of no row
 * @param serverDevice whose operation that was; null if it was not a device's
 * @param clientTime when the device says it happened
 * @param correctedTime the same by the server's clock
 * @param serverTime when the server's last change was committed
 * @param policy the version of the catalog's rules
 * @param fields what became of each field that the operation set
 */
public record Explanation(
    Reason reason,
    @Nullable Version base,
    String baseKnownBy,
    @Nullable Version server,
    @Nullable String serverDevice,
    Instant clientTime,
    Instant correctedTime,
    @Nullable Instant serverTime,
    Strategy strategy,
    String policy,
    List<FieldDecision> fields) {
  public Explanation {
    requireNonNull(reason, "reason is null");
    requireNonNull(baseKnownBy, "baseKnownBy is null");
    requireNonNull(clientTime, "clientTime is null");
    requireNonNull(correctedTime, "correctedTime is null");
    requireNonNull(strategy, "strategy is null");
    requireNonNull(policy, "policy is null");
    fields = List.copyOf(fields);
  }

  /** The short form of it. */
  public enum Reason {
    /** Nobody else had changed what the operation is about. */
    NO_CONFLICT,
    /** The row was already as the operation wants it. */
    ALREADY_SO,
    /** The strategy decided. */
    STRATEGY,
    /** The later of both decided. */
    TIME,
    /** Each field was decided by itself. */
    FIELDS,
    /** An edit and a deletion met in a merge: the edit is kept, so that nothing is lost. */
    EDIT_OUTLIVES_DELETION,
    /** The row is gone for so long that its last image is forgotten. */
    TOMBSTONE_EXPIRED,
    /** The strategy leaves it to a person. */
    LEFT_TO_A_PERSON,
    /** The catalog's policy cannot do without the value that the device had seen. */
    BASE_UNKNOWN,
    /** The operation cannot be done. */
    REFUSED;

    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
