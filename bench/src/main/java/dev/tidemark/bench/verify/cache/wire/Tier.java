package dev.tidemark.bench.verify.cache.wire;

/** Where an answer says that it comes from. */
public enum Tier {
  MEMORY('m'),
  REDIS('r'),
  POSTGRES('p'),
  STALE('s'),
  BYPASS('b'),
  /** Nowhere: there is none. */
  NONE('-');

  private final char initial;

  Tier(char initial) {
    this.initial = initial;
  }

  /** Whether it saved asking Postgres. */
  public boolean hit() {
    return this == MEMORY || this == REDIS || this == STALE;
  }

  static Tier of(int initial) {
    for (Tier tier : values()) {
      if (tier.initial == initial) {
        return tier;
      }
    }
    return NONE;
  }
}
