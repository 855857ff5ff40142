package dev.tidemark.api.cache;

import dev.tidemark.api.health.HealthComponent;

/** The cache is never down: what it cannot give, Postgres does. */
public record CacheHealth(ViewCache cache) implements HealthComponent {
  @Override
  public String name() {
    return "cache";
  }

  @Override
  public Health check() {
    Freshness freshness = cache.freshness();
    if (!freshness.isFresh()) {
      return Health.degraded(
          "Postgres is asked each time: "
              + (freshness.obstacle().isEmpty()
                  ? "the last proof of freshness is too old"
                  : freshness.obstacle()));
    }
    SharedTier.Status redis = cache.shared().status();
    return redis.configured() && !redis.trusted()
        ? Health.degraded("without Redis: " + redis.detail())
        : Health.up("told of every change");
  }
}
