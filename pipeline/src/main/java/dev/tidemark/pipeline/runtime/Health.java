package dev.tidemark.pipeline.runtime;

/** How a topology of this process is. */
public sealed interface Health {
  /** It works, and what it has to read it reads. */
  record Running() implements Health {}

  /** It will work: it joins its group, or restores a store. */
  record Starting(String doing) implements Health {}

  /** It does not do its work, and why. */
  record Failing(String reason) implements Health {}
}
