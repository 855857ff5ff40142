package dev.tidemark.pipeline.jobs.core;

/**
 * A submission that nothing can be made of, or a word about a schedule that nobody can follow. It
 * was thrown before anything was changed.
 */
public final class Unfit extends IllegalArgumentException {
  private static final long serialVersionUID = 1;

  Unfit(String why) {
    super(why);
  }
}
