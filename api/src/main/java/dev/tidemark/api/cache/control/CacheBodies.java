package dev.tidemark.api.cache.control;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The shapes of what operators are told, for the OpenAPI document. */
final class CacheBodies {
  private CacheBodies() {}

  @Schema(name = "CacheMetrics", description = "Hits and misses since the node started.")
  record Metrics(
      long hits,
      long misses,
      long errors,
      long total_requests,
      double hit_rate,
      long uptime_seconds,
      RedisInfo cache_info) {}

  @Schema(name = "CacheInfo", description = "What Redis says of itself.")
  record RedisInfo(
      boolean connected,
      @Nullable String redis_version,
      @Nullable String used_memory,
      @Nullable Integer connected_clients) {}

  @Schema(name = "CacheStatus", description = "How the cache of a node is.")
  record Status(
      String status,
      Map<String, Object> freshness,
      Map<String, Object> tiers,
      List<Map<String, Object>> views,
      List<Map<String, Object>> checks) {}

  @Schema(name = "CacheFallback", description = "Whether the cache does without Redis.")
  record Fallback(
      boolean fallback_active,
      boolean redis_configured,
      boolean redis_available,
      @Nullable String since,
      @Nullable String reason,
      Map<String, Object> memory) {}

  @Schema(name = "CacheKey", description = "The story of one key.")
  record Explained(
      String key,
      String view,
      Map<String, Object> parameters,
      boolean given_from_cache,
      @Nullable String obstacle,
      Map<String, Object> tiers,
      Map<String, Object> dependencies,
      @Nullable Map<String, Object> last_invalidation,
      List<String> story) {}

  @Schema(name = "CacheWarmed", description = "What came of warming.")
  record Warmed(int warmed, int kept, int failed) {}

  @Schema(name = "CacheInvalidated", description = "What was said to all nodes.")
  record Invalidated(List<String> invalidated, long transaction) {}

  @Schema(name = "Performance", description = "How the parts of a node perform.")
  record Performance(
      Map<String, Object> cache,
      Map<String, Object> queue,
      Map<String, Object> polling,
      Map<String, Object> overall) {}
}
