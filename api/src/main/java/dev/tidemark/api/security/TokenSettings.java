package dev.tidemark.api.security;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import dev.tidemark.api.settings.Variables;
import java.net.URI;
import java.time.Duration;

/**
 * Which tokens are accepted.
 *
 * @param keys where the keys come from that tokens are signed with
 * @param issuer what {@code iss} must say
 * @param audience what {@code aud} must contain
 * @param clockSkew how far the issuer's clock may be off
 */
public record TokenSettings(Keys keys, String issuer, String audience, Duration clockSkew) {
  public static final String ISSUER = "tidemark";
  public static final String AUDIENCE = "tidemark-api";
  public static final Duration CLOCK_SKEW = Duration.ofSeconds(30);

  /** Exactly one source of keys: two would let the weaker one decide. */
  public sealed interface Keys {}

  /** One shared secret: HS256 and nothing else. */
  public record Secret(String text) implements Keys {
    public Secret {
      if (text.getBytes(UTF_8).length < 32) {
        throw new IllegalArgumentException(
            "TIDEMARK_JWT_SECRET must be at least 32 bytes long: HS256 is as strong as its secret");
      }
    }

    @Override
    public String toString() {
      return "Secret[…]";
    }
  }

  /** The public keys of an identity provider: RS256, PS256, ES256 and EdDSA. */
  public record KeySet(URI url) implements Keys {
    public KeySet {
      if (!"https".equals(url.getScheme()) && !"http".equals(url.getScheme())) {
        throw new IllegalArgumentException("TIDEMARK_JWKS_URL must be an http or https URL");
      }
    }
  }

  public TokenSettings {
    requireNonNull(keys, "keys is null");
    if (issuer.isBlank() || audience.isBlank()) {
      throw new IllegalArgumentException(
          "TIDEMARK_JWT_ISSUER and TIDEMARK_JWT_AUDIENCE must not be blank");
    }
    if (clockSkew.isNegative() || clockSkew.compareTo(Duration.ofMinutes(5)) > 0) {
      throw new IllegalArgumentException("TIDEMARK_JWT_CLOCK_SKEW must be within 0s to 5m");
    }
  }

  /** Tokens signed with a secret, everything else by default. */
  public static TokenSettings withSecret(String secret) {
    return new TokenSettings(new Secret(secret), ISSUER, AUDIENCE, CLOCK_SKEW);
  }

  public static TokenSettings from(Variables variables) {
    return new TokenSettings(
        keys(variables),
        variables.text("TIDEMARK_JWT_ISSUER", ISSUER),
        variables.text("TIDEMARK_JWT_AUDIENCE", AUDIENCE),
        variables.duration("TIDEMARK_JWT_CLOCK_SKEW", CLOCK_SKEW));
  }

  private static Keys keys(Variables variables) {
    var secret = variables.text("TIDEMARK_JWT_SECRET");
    var url = variables.uri("TIDEMARK_JWKS_URL");
    if (secret.isPresent() == url.isPresent()) {
      throw new IllegalArgumentException(
          "set one of TIDEMARK_JWT_SECRET and TIDEMARK_JWKS_URL, and not both");
    }
    return url.<Keys>map(KeySet::new).orElseGet(() -> new Secret(secret.orElseThrow()));
  }
}
