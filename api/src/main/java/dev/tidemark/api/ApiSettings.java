package dev.tidemark.api;

import static java.util.Objects.requireNonNull;

import dev.tidemark.api.cache.CacheSettings;
import dev.tidemark.api.entities.RelaySettings;
import dev.tidemark.api.live.LiveSettings;
import dev.tidemark.api.node.NodeSettings;
import dev.tidemark.api.pull.PullSettings;
import dev.tidemark.api.rate.RateSettings;
import dev.tidemark.api.security.ScrapeToken;
import dev.tidemark.api.security.TokenSettings;
import dev.tidemark.api.settings.Variables;
import dev.tidemark.api.sync.SyncSettings;
import dev.tidemark.api.webhooks.WebhookSettings;
import dev.tidemark.api.wire.HttpSettings;
import java.util.Map;
import java.util.Optional;

/** All settings of an api process, a record per concern. */
public record ApiSettings(
    HttpSettings http,
    TokenSettings tokens,
    Optional<ScrapeToken> scrapeToken,
    RateSettings rates,
    RelaySettings relay,
    SyncSettings sync,
    PullSettings pull,
    LiveSettings live,
    CacheSettings cache,
    NodeSettings node,
    WebhookSettings webhooks) {
  public ApiSettings {
    requireNonNull(http, "http is null");
    requireNonNull(tokens, "tokens is null");
    requireNonNull(scrapeToken, "scrapeToken is null");
    requireNonNull(rates, "rates is null");
    requireNonNull(relay, "relay is null");
    requireNonNull(sync, "sync is null");
    requireNonNull(pull, "pull is null");
    requireNonNull(live, "live is null");
    requireNonNull(cache, "cache is null");
    requireNonNull(node, "node is null");
    requireNonNull(webhooks, "webhooks is null");
  }

  /** An api that nobody calls without a token. */
  public ApiSettings(
      HttpSettings http,
      TokenSettings tokens,
      Optional<ScrapeToken> scrapeToken,
      RateSettings rates,
      RelaySettings relay,
      SyncSettings sync,
      PullSettings pull,
      LiveSettings live,
      CacheSettings cache,
      NodeSettings node) {
    this(
        http,
        tokens,
        scrapeToken,
        rates,
        relay,
        sync,
        pull,
        live,
        cache,
        node,
        WebhookSettings.NONE);
  }

  public static ApiSettings from(Map<String, String> environment) {
    Variables variables = new Variables(environment);
    SyncSettings sync = SyncSettings.from(variables);
    return new ApiSettings(
        HttpSettings.from(variables),
        TokenSettings.from(variables),
        ScrapeToken.from(variables),
        RateSettings.from(variables),
        RelaySettings.from(variables),
        sync,
        PullSettings.from(variables),
        LiveSettings.from(variables),
        CacheSettings.from(variables, sync.postgres()),
        NodeSettings.from(environment),
        WebhookSettings.from(environment));
  }
}
