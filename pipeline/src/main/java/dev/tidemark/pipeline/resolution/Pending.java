package dev.tidemark.pipeline.resolution;

import static java.util.Objects.requireNonNull;

import dev.tidemark.contract.Version;
import dev.tidemark.contract.sync.Submission;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The operations of one entity that are on their way. There is none for an entity that rests.
 *
 * @param phase what they wait for
 * @param write the attempt that is out, or was last
 * @param operations those that were taken up, in their order
 * @param taken how many of them the attempt carries
 * @param version with {@link Phase#LANDED} the version that the entity's state must reach, else the
 *     one that the decision was made on; null if there was none
 * @param due when to go on in any case, in milliseconds
 * @param tries how many attempts these operations have had
 * @param alone how many of the first operations must be decided one by one
 * @param parentMissingSince since when a row is missing that the first one refers to, in
 *     milliseconds; 0 if none is
 */
record Pending(
    Phase phase,
    String write,
    List<Submission> operations,
    int taken,
    @Nullable Version version,
    long due,
    int tries,
    int alone,
    long parentMissingSince) {
  /** What operations wait for. */
  enum Phase {
    /** A write is out. */
    FLYING,
    /** The write is done; the state does not show it yet. */
    LANDED,
    /** The row was not as expected: its change must be on the way. */
    STALE,
    /** Some time to pass. */
    RESTING
  }

  Pending {
    requireNonNull(phase, "phase is null");
    requireNonNull(write, "write is null");
    operations = List.copyOf(operations);
  }

  Pending in(Phase newPhase, @Nullable Version newVersion, long newDue) {
    return new Pending(
        newPhase, write, operations, taken, newVersion, newDue, tries, alone, parentMissingSince);
  }

  Pending missingParentSince(long millis) {
    return new Pending(phase, write, operations, taken, version, due, tries, alone, millis);
  }

  Pending splitting() {
    return new Pending(
        phase, write, operations, taken, version, due, tries, taken, parentMissingSince);
  }

  /** Without some of the operations. */
  Pending with(List<Submission> remaining) {
    return new Pending(
        phase,
        write,
        remaining,
        Math.min(taken, remaining.size()),
        version,
        due,
        tries,
        alone,
        parentMissingSince);
  }
}
