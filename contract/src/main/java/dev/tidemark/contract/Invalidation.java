package dev.tidemark.contract;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Answers of views that a transaction made untrue. Applied twice, or in another order, it does the
 * same.
 *
 * @param target the key of one answer, the name of a group of them, or an entity that was found in
 *     them
 * @param transaction the database transaction: whoever read in a snapshot that shows it has the
 *     truth. 0 if it is not known, and then nobody has
 * @param version the version of the row that changed; null if there is none
 * @param committedAt when the transaction committed
 * @param cause what happened
 */
public record Invalidation(
    String target, long transaction, @Nullable Version version, Instant committedAt, Cause cause) {

  /** Why answers are untrue. */
  public enum Reason {
    /** A row changed. */
    CHANGE,
    /** A row changed, and what it was is not known: all answers that could depend on it go. */
    LOST,
    /** Somebody asked for it. */
    REQUEST;

    private final String text = name().toLowerCase(Locale.ROOT);

    /** The word on the wire. */
    public String text() {
      return text;
    }

    public static Reason parse(String text) {
      for (Reason reason : values()) {
        if (reason.text.equals(text)) {
          return reason;
        }
      }
      throw new IllegalArgumentException("'" + text + "' is not a reason of an invalidation");
    }
  }

  /**
   * What happened.
   *
   * @param subject the entity that changed, as {@code type/id}, or its type alone; who asked, of a
   *     request
   * @param kind what happened to the row; null for a request and where it is not known
   * @param changed the columns that an update changed
   */
  public record Cause(
      Reason reason, String subject, @Nullable ChangeKind kind, List<String> changed) {
    public Cause {
      requireNonNull(reason, "reason is null");
      requireNonNull(subject, "subject is null");
      changed = List.copyOf(changed);
    }

    /** A row that changed. */
    public static Cause of(EntityChange change) {
      EntityKey key = change.key();
      return new Cause(
          Reason.CHANGE,
          key == null ? change.type() : key.canonical(),
          change.kind(),
          change.changed());
    }
  }

  public Invalidation {
    requireNonNull(target, "target is null");
    requireNonNull(committedAt, "committedAt is null");
    requireNonNull(cause, "cause is null");
    if (transaction < 0) {
      throw new IllegalArgumentException("transaction " + transaction + " is negative");
    }
  }
}
