package dev.tidemark.bench.verify.cache;

import dev.tidemark.bench.system.SyncSystem;
import dev.tidemark.bench.verify.Findings;
import dev.tidemark.bench.verify.Findings.Kind;
import dev.tidemark.bench.verify.cache.node.DeafNode;
import java.util.Locale;

/** A defect that has to be noticed; production code knows nothing of it. */
enum CachePlant {
  /** One node hears of nothing that becomes untrue, and believes that it has heard of all. */
  DEAF {
    @Override
    void prepare(SyncSystem system) {
      system.nodeMain(1, DeafNode.class.getName());
    }

    @Override
    void plant(SyncSystem system, Trade trade, Findings findings) {}

    @Override
    boolean caught(Findings findings) {
      return findings.count(Kind.STALE) > 0;
    }
  };

  static CachePlant parse(String text) {
    return valueOf(text.strip().toUpperCase(Locale.ROOT));
  }

  String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Before anything is started. */
  abstract void prepare(SyncSystem system);

  /** While everything runs; waits until it has been noticed, or should have been. */
  abstract void plant(SyncSystem system, Trade trade, Findings findings)
      throws InterruptedException;

  abstract boolean caught(Findings findings);
}
