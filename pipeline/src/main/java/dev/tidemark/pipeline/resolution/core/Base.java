package dev.tidemark.pipeline.resolution.core;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.contract.Version;
import dev.tidemark.contract.sync.OperationKind;
import dev.tidemark.contract.sync.SyncOperation;
import java.time.Instant;
import java.util.Objects;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** What an operation was made upon, and how that is known. */
final class Base {
  /** How it is known. */
  enum Source {
    /** The operation names the version. */
    GIVEN,
    /** The device is known to have seen that version. */
    SEEN,
    /** Nothing but the device's clock tells. */
    CLOCK,
    /** There was nothing: the operation creates. */
    NOTHING;
  }

  private final SyncOperation operation;
  private final boolean takesBack;
  private final Source source;
  private final @Nullable Version version;
  private final @Nullable ObjectNode row;

  private Base(Question question, Source source, @Nullable Version version) {
    this.operation = question.operation();
    this.takesBack = question.takesBack();
    this.source = source;
    this.version = version;
    this.row = question.baseRow();
  }

  static Base of(Question question) {
    SyncOperation operation = question.operation();
    if (operation.base() != null) {
      return new Base(question, Source.GIVEN, operation.base());
    }
    if (operation.kind() == OperationKind.CREATE) {
      return new Base(question, Source.NOTHING, null);
    }
    return question.seen() != null
        ? new Base(question, Source.SEEN, question.seen())
        : new Base(question, Source.CLOCK, null);
  }

  Source source() {
    return source;
  }

  @Nullable Version version() {
    return version;
  }

  /**
   * Whether somebody else had a hand in this after the base. A device never conflicts with itself,
   * but a merged value is not its own until it has seen it. What takes an earlier operation back is
   * in the place of one that was never made: all that came after is another's.
   */
  boolean foreign(Stamp stamp, Instant changedAt) {
    return (!own(stamp) || stamp.sent() != null) && unseen(stamp, changedAt);
  }

  private boolean own(Stamp stamp) {
    return !takesBack && Objects.equals(stamp.device(), operation.device());
  }

  private boolean unseen(Stamp stamp, Instant changedAt) {
    return switch (source) {
      case GIVEN, SEEN -> version == null || stamp.version().isAfter(version);
      // Fields have no clock of their own, so all of the row counts as changed with its last
      // change.
      case CLOCK -> changedAt.isAfter(operation.time());
      case NOTHING -> true;
    };
  }

  /** Whether the device itself wrote this later, by its own numbers. */
  boolean late(Stamp stamp) {
    OptionalLong own = operation.sequence();
    return operation.device().equals(stamp.device())
        && own.isPresent()
        && stamp.sequence().isPresent()
        && own.getAsLong() < stamp.sequence().getAsLong();
  }

  /** The field's value as the device had it then; null if that is not known. */
  @Nullable JsonNode value(String field, Stamp stamp, Instant changedAt) {
    if (row != null && row.has(field)) {
      return row.get(field);
    }
    if (source == Source.NOTHING) {
      return NullNode.getInstance();
    }
    return own(stamp) && unseen(stamp, changedAt) ? stamp.sent() : null;
  }
}
