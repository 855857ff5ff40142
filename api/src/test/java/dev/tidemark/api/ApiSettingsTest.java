package dev.tidemark.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.api.cache.CacheSettings;
import dev.tidemark.api.entities.RelaySettings;
import dev.tidemark.api.live.LiveSettings;
import dev.tidemark.api.node.NodeSettings;
import dev.tidemark.api.pull.PullSettings;
import dev.tidemark.api.rate.Rate;
import dev.tidemark.api.rate.RateSettings;
import dev.tidemark.api.security.ScrapeToken;
import dev.tidemark.api.security.TokenSettings;
import dev.tidemark.api.sync.SyncSettings;
import dev.tidemark.api.wire.HttpSettings;
import dev.tidemark.contract.postgres.PostgresUrl;
import dev.tidemark.pipeline.runtime.StreamsSettings;
import dev.tidemark.pipeline.scopelog.ScopeLogSettings;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ApiSettingsTest {
  private static final String SECRET = "0123456789abcdef0123456789abcdef";
  private static final Map<String, String> LEAST =
      Map.of(
          "TIDEMARK_JWT_SECRET", SECRET,
          "TIDEMARK_KAFKA", "kafka:9092",
          "TIDEMARK_POSTGRES_URL", "postgresql://u:hush@pg/tidemark",
          "TIDEMARK_CATALOG", "catalog.yml");

  @Test
  void theDefaultsAreThese() {
    assertThat(ApiSettings.from(LEAST))
        .isEqualTo(
            new ApiSettings(
                new HttpSettings(
                    "0.0.0.0",
                    8080,
                    8192,
                    16384,
                    1048576,
                    64,
                    Duration.ofSeconds(30),
                    Duration.ofMinutes(2)),
                new TokenSettings(
                    new TokenSettings.Secret(SECRET),
                    "tidemark",
                    "tidemark-api",
                    Duration.ofSeconds(30)),
                Optional.empty(),
                new RateSettings(
                    new Rate(30_000, Duration.ofMinutes(1)),
                    new Rate(12_000, Duration.ofMinutes(1)),
                    0),
                new RelaySettings(Duration.ofSeconds(2)),
                new SyncSettings(
                    PostgresUrl.parse("postgresql://u:hush@pg/tidemark"),
                    4,
                    1_000,
                    65_536,
                    16,
                    Duration.ofDays(90),
                    Duration.ofHours(24),
                    Duration.ofSeconds(5)),
                new PullSettings(SECRET, 4_194_304),
                new LiveSettings(20_000, 100, Duration.ofSeconds(20), Duration.ofSeconds(45)),
                new CacheSettings(
                    PostgresUrl.parse("postgresql://u:hush@pg/tidemark"),
                    8,
                    Optional.empty(),
                    "tidemark",
                    64 << 20,
                    1 << 20,
                    Duration.ofSeconds(5),
                    true,
                    Duration.ofSeconds(5)),
                NodeSettings.of(
                    Path.of("catalog.yml"),
                    "localhost",
                    4,
                    StreamsSettings.of("kafka:9092", Path.of(".tidemark/state")))));
  }

  @Test
  void everyVariableReachesItsSetting() {
    Map<String, String> environment = new HashMap<>();
    environment.put("TIDEMARK_HTTP_BIND", "127.0.0.1");
    environment.put("TIDEMARK_HTTP_PORT", "9090");
    environment.put("TIDEMARK_HTTP_LINE_LIMIT", "4KiB");
    environment.put("TIDEMARK_HTTP_HEADER_LIMIT", "32KiB");
    environment.put("TIDEMARK_HTTP_BODY_LIMIT", "2MiB");
    environment.put("TIDEMARK_HTTP_JSON_DEPTH", "32");
    environment.put("TIDEMARK_HTTP_RECEIVE_TIMEOUT", "10s");
    environment.put("TIDEMARK_HTTP_IDLE_TIMEOUT", "1h");
    environment.put("TIDEMARK_JWKS_URL", "https://id.example/keys");
    environment.put("TIDEMARK_JWT_ISSUER", "https://id.example");
    environment.put("TIDEMARK_JWT_AUDIENCE", "sync");
    environment.put("TIDEMARK_JWT_CLOCK_SKEW", "500ms");
    environment.put("TIDEMARK_SCRAPE_TOKEN", "sixteen-or-more-characters");
    environment.put("TIDEMARK_RATE_PER_ADDRESS", "100/1s");
    environment.put("TIDEMARK_RATE_PER_SUBJECT", "50/2s");
    environment.put("TIDEMARK_FORWARDED_HOPS", "1");
    environment.put("TIDEMARK_RELAY_TIMEOUT", "750ms");
    environment.put("TIDEMARK_POSTGRES_URL", "postgresql://a:b@c:6543/d");
    environment.put("TIDEMARK_SYNC_CONNECTIONS", "7");
    environment.put("TIDEMARK_SYNC_OPERATIONS", "500");
    environment.put("TIDEMARK_SYNC_DATA_LIMIT", "8KiB");
    environment.put("TIDEMARK_SYNC_DATA_DEPTH", "8");
    environment.put("TIDEMARK_SYNC_OLDEST", "48h");
    environment.put("TIDEMARK_SYNC_AHEAD", "1h");
    environment.put("TIDEMARK_SYNC_WAIT", "2s");
    environment.put("TIDEMARK_CURSOR_SECRET", "another-secret-of-thirty-two-byte");
    environment.put("TIDEMARK_PULL_PAGE_BYTES", "2KiB");
    environment.put("TIDEMARK_SCOPE_LOG_MEMORY_MIB", "16");
    environment.put("TIDEMARK_SCOPE_LOG_HORIZON_DAYS", "30");
    environment.put("TIDEMARK_LIVE_CONNECTIONS", "10");
    environment.put("TIDEMARK_LIVE_PER_SUBJECT", "3");
    environment.put("TIDEMARK_LIVE_HEARTBEAT", "1s");
    environment.put("TIDEMARK_LIVE_PATIENCE", "4s");
    environment.put("TIDEMARK_REDIS", "redis://r:6379/2");
    environment.put("TIDEMARK_CACHE_CONNECTIONS", "3");
    environment.put("TIDEMARK_CACHE_PREFIX", "shop");
    environment.put("TIDEMARK_CACHE_MEMORY", "8MiB");
    environment.put("TIDEMARK_CACHE_ANSWER_LIMIT", "16KiB");
    environment.put("TIDEMARK_CACHE_PATIENCE", "2s");
    environment.put("TIDEMARK_CACHE_WARMING", "false");
    environment.put("TIDEMARK_CACHE_CHECK_EVERY", "30s");
    environment.put("TIDEMARK_CATALOG", "/etc/tidemark/catalog.yml");
    environment.put("TIDEMARK_NODE_HOST", "api-1");
    environment.put("TIDEMARK_PARTITIONS", "12");
    environment.put("TIDEMARK_KAFKA", "a:1,b:2");
    environment.put("TIDEMARK_STATE_DIR", "/var/lib/tidemark");
    assertThat(ApiSettings.from(environment))
        .isEqualTo(
            new ApiSettings(
                new HttpSettings(
                    "127.0.0.1",
                    9090,
                    4096,
                    32768,
                    2097152,
                    32,
                    Duration.ofSeconds(10),
                    Duration.ofHours(1)),
                new TokenSettings(
                    new TokenSettings.KeySet(URI.create("https://id.example/keys")),
                    "https://id.example",
                    "sync",
                    Duration.ofMillis(500)),
                Optional.of(new ScrapeToken("sixteen-or-more-characters")),
                new RateSettings(
                    new Rate(100, Duration.ofSeconds(1)), new Rate(50, Duration.ofSeconds(2)), 1),
                new RelaySettings(Duration.ofMillis(750)),
                new SyncSettings(
                    PostgresUrl.parse("postgresql://a:b@c:6543/d"),
                    7,
                    500,
                    8_192,
                    8,
                    Duration.ofHours(48),
                    Duration.ofHours(1),
                    Duration.ofSeconds(2)),
                new PullSettings("another-secret-of-thirty-two-byte", 2_048),
                new LiveSettings(10, 3, Duration.ofSeconds(1), Duration.ofSeconds(4)),
                new CacheSettings(
                    PostgresUrl.parse("postgresql://a:b@c:6543/d"),
                    3,
                    Optional.of(URI.create("redis://r:6379/2")),
                    "shop",
                    8 << 20,
                    16 << 10,
                    Duration.ofSeconds(2),
                    false,
                    Duration.ofSeconds(30)),
                new NodeSettings(
                    Path.of("/etc/tidemark/catalog.yml"),
                    "api-1",
                    12,
                    StreamsSettings.of("a:1,b:2", Path.of("/var/lib/tidemark")),
                    new ScopeLogSettings(
                        "a:1,b:2",
                        Path.of("/var/lib/tidemark/scope-log"),
                        16 << 20,
                        Duration.ofDays(30)))));
  }

  @Test
  void aWrongSettingIsRefusedInASentenceThatDoesNotRepeatIt() {
    assertRefused("TIDEMARK_HTTP_PORT", "eighty", "TIDEMARK_HTTP_PORT must be a whole number");
    assertRefused("TIDEMARK_HTTP_PORT", "70000", "TIDEMARK_HTTP_PORT must be within 0 to 65535");
    assertRefused("TIDEMARK_HTTP_BODY_LIMIT", "1 ton", "TIDEMARK_HTTP_BODY_LIMIT must be a size");
    assertRefused("TIDEMARK_JWT_SECRET", "short", "TIDEMARK_JWT_SECRET must be at least 32 bytes");
    assertRefused(
        "TIDEMARK_CURSOR_SECRET", "short", "TIDEMARK_CURSOR_SECRET must be at least 32 bytes");
    assertRefused("TIDEMARK_JWKS_URL", "https://x/keys", "set one of TIDEMARK_JWT_SECRET and");
    assertRefused("TIDEMARK_JWT_SECRET", " ", "set one of TIDEMARK_JWT_SECRET and");
    assertRefused("TIDEMARK_REDIS", "http://r", "TIDEMARK_REDIS must begin with redis://");
    assertRefused("TIDEMARK_CACHE_PATIENCE", "10ms", "TIDEMARK_CACHE_PATIENCE must be at least");
    assertRefused("TIDEMARK_CACHE_PREFIX", "a:b", "TIDEMARK_CACHE_PREFIX must be 1 to 64 of");
    assertRefused("TIDEMARK_SCRAPE_TOKEN", "short", "TIDEMARK_SCRAPE_TOKEN must be at least 16");
    assertRefused("TIDEMARK_RATE_PER_SUBJECT", "many", "TIDEMARK_RATE_PER_SUBJECT must be a rate");
    assertRefused("TIDEMARK_RELAY_TIMEOUT", "0ms", "TIDEMARK_RELAY_TIMEOUT must be positive");
    assertRefused("TIDEMARK_POSTGRES_URL", "", "TIDEMARK_POSTGRES_URL is not set");
    assertRefused("TIDEMARK_POSTGRES_URL", "mysql://x", "TIDEMARK_POSTGRES_URL must be a Postgres");
    assertRefused("TIDEMARK_SYNC_WAIT", "31s", "TIDEMARK_SYNC_WAIT must be within 0s to 30s");
    assertRefused("TIDEMARK_CATALOG", "", "TIDEMARK_CATALOG is not set");
    assertRefused("TIDEMARK_PARTITIONS", "0", "TIDEMARK_PARTITIONS must be at least 1");
  }

  @Test
  void secretsAreNotInTheTextOfSettings() {
    Map<String, String> environment = new HashMap<>(LEAST);
    environment.put("TIDEMARK_SCRAPE_TOKEN", "scrape-scrape-scrape");
    assertThat(ApiSettings.from(environment).toString())
        .doesNotContain(SECRET)
        .doesNotContain("hush")
        .doesNotContain("scrape-scrape");
  }

  private static void assertRefused(String name, String value, String sentence) {
    Map<String, String> environment = new HashMap<>(LEAST);
    environment.put(name, value);
    assertThatThrownBy(() -> ApiSettings.from(environment))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(sentence);
  }
}
