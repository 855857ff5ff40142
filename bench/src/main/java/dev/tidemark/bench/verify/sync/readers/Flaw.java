package dev.tidemark.bench.verify.sync.readers;

/** What is wrong with a reader, so that it can be seen whether anybody notices. */
public enum Flaw {
  NONE,
  /** Now and then a change is passed over. */
  SKIPS,
  /** Now and then a change is taken twice. */
  REPEATS,
  /** Rows that go are kept. */
  KEEPS
}
