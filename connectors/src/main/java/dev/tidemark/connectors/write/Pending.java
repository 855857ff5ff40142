package dev.tidemark.connectors.write;

import dev.tidemark.contract.sync.RowWrite;
import org.jspecify.annotations.Nullable;

/** A write on its way, and what became of it as soon as that is certain. */
final class Pending {
  private final RowWrite write;
  private final Effect effect;
  private final int bytes;
  private @Nullable Verdict verdict;

  Pending(RowWrite write, int bytes) {
    this.write = write;
    this.effect = Effect.of(write.effect());
    this.bytes = bytes;
  }

  RowWrite write() {
    return write;
  }

  Effect effect() {
    return effect;
  }

  /** How large its record was. */
  int bytes() {
    return bytes;
  }

  @Nullable Verdict verdict() {
    return verdict;
  }

  boolean open() {
    return verdict == null;
  }

  void settle(Verdict certain) {
    verdict = certain;
  }
}
