package dev.tidemark.pipeline.resolution.core;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * What becomes of an operation.
 *
 * @param conflict null if there was none
 */
public record Decision(Effect effect, @Nullable Conflict conflict, Explanation explanation) {
  public Decision {
    requireNonNull(effect, "effect is null");
    requireNonNull(explanation, "explanation is null");
    boolean open = conflict != null && conflict.resolution() == Conflict.Resolution.OPEN;
    if (open != effect instanceof Effect.Undecided) {
      throw new IllegalArgumentException("an open conflict, and nothing else, is undecided");
    }
  }
}
