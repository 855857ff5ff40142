package dev.tidemark.api.cache.control;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.api.cache.CacheMeters;
import dev.tidemark.api.cache.Freshness;
import dev.tidemark.api.cache.Given;
import dev.tidemark.api.cache.SharedTier;
import dev.tidemark.api.cache.ViewCache;
import dev.tidemark.api.cache.tend.Checker;
import dev.tidemark.contract.catalog.Catalog;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;

/** How the cache of this node is, in figures. */
@Singleton
final class CacheReport {
  private final ViewCache cache;
  private final Catalog catalog;
  private final Checker checker;
  private final InstantSource clock;
  private final Instant since;

  CacheReport(ViewCache cache, Catalog catalog, Checker checker, InstantSource clock) {
    this.cache = cache;
    this.catalog = catalog;
    this.checker = checker;
    this.clock = clock;
    this.since = clock.instant();
  }

  long hits() {
    CacheMeters meters = cache.meters();
    return meters.count(Given.Tier.MEMORY)
        + meters.count(Given.Tier.REDIS)
        + meters.count(Given.Tier.STALE);
  }

  long misses() {
    CacheMeters meters = cache.meters();
    return meters.count(Given.Tier.POSTGRES) + meters.count(Given.Tier.BYPASS);
  }

  double hitRate() {
    long all = hits() + misses();
    return all == 0 ? 0 : Replies.rounded(100.0 * hits() / all);
  }

  long uptimeSeconds() {
    return clock.instant().getEpochSecond() - since.getEpochSecond();
  }

  ObjectNode metrics() {
    ObjectNode json = Replies.object();
    json.put("hits", hits());
    json.put("misses", misses());
    json.put("errors", cache.meters().errors());
    json.put("total_requests", hits() + misses() + cache.meters().errors());
    json.put("hit_rate", hitRate());
    json.put("uptime_seconds", uptimeSeconds());
    SharedTier.Status redis = cache.shared().status();
    Map<String, String> facts = redis.facts();
    ObjectNode info = json.putObject("cache_info");
    info.put("connected", redis.trusted());
    info.put("redis_version", facts.get("redis_version"));
    info.put("used_memory", facts.get("used_memory_human"));
    String clients = facts.get("connected_clients");
    if (clients == null) {
      info.putNull("connected_clients");
    } else {
      info.put("connected_clients", Integer.parseInt(clients.strip()));
    }
    return json;
  }

  ObjectNode fallback() {
    SharedTier.Status redis = cache.shared().status();
    boolean active = redis.configured() && !redis.trusted();
    ObjectNode json = Replies.object();
    json.put("fallback_active", active);
    json.put("redis_configured", redis.configured());
    json.put("redis_available", redis.trusted());
    json.put("since", redis.configured() ? Instant.ofEpochMilli(redis.since()).toString() : null);
    json.put("reason", redis.detail().isEmpty() ? null : redis.detail());
    ObjectNode memory = json.putObject("memory");
    memory.put("entries", cache.memory().size());
    memory.put("bytes", cache.memory().weight());
    return json;
  }

  ObjectNode status() {
    ObjectNode json = Replies.object();
    Freshness freshness = cache.freshness();
    json.put("status", freshness.isFresh() ? status(cache.shared().status()) : "standing_aside");
    ObjectNode fresh = json.putObject("freshness");
    fresh.put("fresh", freshness.isFresh());
    freshness
        .age()
        .ifPresentOrElse(
            age -> fresh.put("proven_seconds_ago", Replies.rounded(age.toMillis() / 1000.0)),
            () -> fresh.putNull("proven_seconds_ago"));
    fresh.put("limit_seconds", Replies.rounded(freshness.limit().toMillis() / 1000.0));
    fresh.put("obstacle", freshness.obstacle().isEmpty() ? null : freshness.obstacle());
    ObjectNode tiers = json.putObject("tiers");
    ObjectNode memory = tiers.putObject("memory");
    memory.put("entries", cache.memory().size());
    memory.put("bytes", cache.memory().weight());
    memory.put("limit_bytes", cache.settings().memory());
    memory.put("evictions", cache.memory().evictions());
    memory.put("marks", cache.memory().marked());
    tiers.set("redis", fallback());
    ArrayNode views = json.putArray("views");
    catalog
        .views()
        .forEach(
            view -> {
              ObjectNode one = views.addObject();
              one.put("view", view.name());
              one.put("key", view.key().toString());
              one.put("cached", cache.trusted(view));
              ArrayNode untold = one.putArray("not_captured");
              cache.untold(view).forEach(untold::add);
            });
    ArrayNode checks = json.putArray("checks");
    for (Checker.Report report : checker.reports()) {
      ObjectNode one = checks.addObject();
      one.put("within_seconds", report.within().toSeconds());
      one.put("samples", report.samples());
      one.put("violations", report.violations());
      one.put("nines", report.nines());
    }
    return json;
  }

  private static String status(SharedTier.Status redis) {
    return redis.configured() && !redis.trusted() ? "degraded" : "ok";
  }
}
