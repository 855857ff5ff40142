package dev.tidemark.api;

import dev.tidemark.api.wire.HttpSettings;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Our settings in the framework's words. No other configuration reaches the framework. */
final class MicronautProperties {
  private MicronautProperties() {}

  static Map<String, Object> of(ApiSettings settings) {
    HttpSettings http = settings.http();
    Map<String, Object> properties = new LinkedHashMap<>();
    properties.put("micronaut.application.name", "tidemark-api");
    properties.put("micronaut.server.host", http.bind());
    properties.put("micronaut.server.port", http.port() == 0 ? -1 : http.port());
    properties.put("micronaut.server.max-request-size", http.bodyLimit());
    properties.put("micronaut.server.max-request-buffer-size", http.bodyLimit());
    properties.put("micronaut.server.multipart.enabled", false);
    properties.put("micronaut.server.idle-timeout", http.idleTimeout().toMillis() + "ms");
    properties.put("micronaut.server.log-handled-exceptions", false);
    properties.put("micronaut.server.netty.max-initial-line-length", http.lineLimit());
    properties.put("micronaut.server.netty.max-header-size", http.headerLimit());
    properties.put("micronaut.server.netty.validate-headers", true);
    // No origin is allowed, and no cookie could be abused: a foreign origin is refused like anyone
    // without a token, with a problem, and not by the framework's bare 403 for localhost.
    properties.put("micronaut.server.cors.localhost-pass-through", true);
    properties.put("micronaut.security.enabled", true);
    properties.put("micronaut.security.token.enabled", false);
    properties.put("micronaut.security.basic-auth.enabled", false);
    properties.put("micronaut.security.endpoints.introspection.enabled", false);
    properties.put(
        "micronaut.security.intercept-url-map",
        List.of(Map.of("pattern", "/**", "access", List.of("isAuthenticated()"))));
    return properties;
  }
}
