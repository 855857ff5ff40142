package dev.tidemark.api.cache;

import static java.util.Objects.requireNonNull;

import java.util.Locale;

/**
 * An answer as it is given.
 *
 * @param tier where it came from
 */
public record Given(Answer answer, Tier tier) {
  /** Where an answer came from. */
  public enum Tier {
    /** This process had it. */
    MEMORY,
    /** Redis had it. */
    REDIS,
    /** Postgres was asked. */
    POSTGRES,
    /** It is untrue by now, and the view allows that while a new one is fetched. */
    STALE,
    /** Postgres was asked, and nothing was kept: the cache stands aside, or the caller wants it. */
    BYPASS;

    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** Whether it saved asking Postgres. */
    public boolean hit() {
      return this == MEMORY || this == REDIS || this == STALE;
    }
  }

  public Given {
    requireNonNull(answer, "answer is null");
    requireNonNull(tier, "tier is null");
  }
}
