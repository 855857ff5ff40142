package dev.tidemark.pipeline.resolution.core;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;

/** What is done to the row. */
public sealed interface Effect {
  /** A row is made, or made again of a tombstone's last image. */
  record Insert(ObjectNode row) implements Effect {
    public Insert {
      requireNonNull(row, "row is null");
    }
  }

  /** Fields of the row get these values; each differs from what the row has. */
  record Update(ObjectNode patch) implements Effect {
    public Update {
      requireNonNull(patch, "patch is null");
      if (patch.isEmpty()) {
        throw new IllegalArgumentException("an update that changes nothing is no update");
      }
    }
  }

  /** The row goes. */
  record Delete() implements Effect {}

  /** The row stays as it is. */
  record Nothing() implements Effect {}

  /** The operation cannot be done, whatever the strategy. */
  record Refused(Refusal refusal) implements Effect {
    public Refused {
      requireNonNull(refusal, "refusal is null");
    }
  }

  /** The row stays as it is until a person decides. */
  record Undecided() implements Effect {}

  /** Why an operation cannot be done. */
  enum Refusal {
    /** There is no such row, or none that this device may see: the two look alike. */
    NOT_FOUND,
    /** The identifier cannot be used; whether a row has it is not told. */
    NOT_AVAILABLE,
    /** The row would belong to nobody whose rows the device may write. */
    FORBIDDEN,
    /** A row keeps its key. */
    KEY_CHANGED;

    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
