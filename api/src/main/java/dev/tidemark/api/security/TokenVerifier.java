package dev.tidemark.api.security;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.source.ImmutableSecret;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.jwk.source.RateLimitReachedException;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.DefaultResourceRetriever;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.jwt.proc.ConfigurableJWTProcessor;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import java.net.MalformedURLException;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Judges tokens. A token that was accepted is remembered for a minute, because a device shows the
 * same one again and again; only the times in it are looked at again. The algorithms follow from
 * the settings, never from the token, so neither {@code none} nor a public key used as a secret can
 * pass.
 */
final class TokenVerifier {
  static final int LONGEST_TOKEN = 8192;

  private static final int KEY_SET_TIMEOUT_MILLIS = 3_000;
  private static final int LARGEST_KEY_SET = 256 << 10;
  private static final int MOST_SCOPES = 1_000;

  /** A key that is withdrawn is obeyed no longer than this, beside what the key set is kept for. */
  private static final Duration REMEMBERED = Duration.ofMinutes(1);

  /** Characters of all remembered tokens together. */
  private static final long MOST_REMEMBERED = 4 << 20;

  private static final int OVERHEAD = 300;

  private final TokenSettings settings;
  private final InstantSource clock;
  private final ConfigurableJWTProcessor<SecurityContext> processor;
  private final Cache<String, Known> known;

  /** What is known of a token whose signature is right. */
  private record Known(Caller caller, @Nullable Instant notBefore, Instant expires) {}

  TokenVerifier(TokenSettings settings, InstantSource clock) {
    this.settings = settings;
    this.clock = clock;
    this.processor = new DefaultJWTProcessor<>();
    processor.setJWSKeySelector(
        new JWSVerificationKeySelector<>(algorithms(settings.keys()), source(settings.keys())));
    // The claims are checked below, against a clock that tests can set.
    processor.setJWTClaimsSetVerifier((_, _) -> {});
    this.known =
        Caffeine.newBuilder()
            .maximumWeight(MOST_REMEMBERED)
            .weigher((String token, Known _) -> OVERHEAD + token.length())
            .expireAfterWrite(REMEMBERED)
            .ticker(() -> TimeUnit.MILLISECONDS.toNanos(clock.millis()))
            .build();
  }

  /** Whether a verdict on a token may have to wait for the network. */
  boolean mayBlock(String token) {
    return settings.keys() instanceof TokenSettings.KeySet && known.getIfPresent(token) == null;
  }

  Verdict judge(String token) {
    if (token.length() > LONGEST_TOKEN) {
      return new Verdict.Refused("the token is too long");
    }
    Known before = known.getIfPresent(token);
    if (before != null) {
      return judge(before);
    }
    try {
      return judge(token, processor.process(SignedJWT.parse(token), null));
    } catch (RateLimitReachedException e) {
      // The key set was just read and does not hold the key; it is not read again for every guess.
      return new Verdict.Refused("the token is not signed with an accepted key");
    } catch (KeySourceException e) {
      return new Verdict.Undecided();
    } catch (ParseException e) {
      return new Verdict.Refused("the token is not a signed JWT");
    } catch (BadJOSEException | JOSEException e) {
      return new Verdict.Refused("the token is not signed with an accepted key");
    }
  }

  private Verdict judge(String token, JWTClaimsSet claims) throws ParseException {
    Optional<String> fault = faultOf(claims);
    if (fault.isPresent()) {
      return new Verdict.Refused(fault.get());
    }
    Set<Role> roles = EnumSet.noneOf(Role.class);
    for (String role : strings(claims, "roles")) {
      Role.of(role).ifPresent(roles::add);
    }
    Set<String> scopes = new HashSet<>(strings(claims, "scopes"));
    if (scopes.size() > MOST_SCOPES) {
      return new Verdict.Refused("the token names too many scopes");
    }
    Instant expires = claims.getExpirationTime().toInstant();
    Caller caller =
        new Caller(
            claims.getSubject(),
            roles,
            scopes,
            Optional.ofNullable(claims.getStringClaim("device")),
            Optional.of(expires));
    Date notBefore = claims.getNotBeforeTime();
    Known judged = new Known(caller, notBefore == null ? null : notBefore.toInstant(), expires);
    Verdict verdict = judge(judged);
    if (verdict instanceof Verdict.Accepted) {
      known.put(token, judged);
    }
    return verdict;
  }

  /** Whether a token is valid at this time. */
  private Verdict judge(Known token) {
    Instant now = clock.instant();
    if (!now.minus(settings.clockSkew()).isBefore(token.expires())) {
      return new Verdict.Refused("the token has expired");
    }
    Instant notBefore = token.notBefore();
    if (notBefore != null && notBefore.isAfter(now.plus(settings.clockSkew()))) {
      return new Verdict.Refused("the token is not valid yet");
    }
    return new Verdict.Accepted(token.caller());
  }

  private Optional<String> faultOf(JWTClaimsSet claims) {
    if (claims.getExpirationTime() == null) {
      return Optional.of("the token never expires");
    }
    if (!settings.issuer().equals(claims.getIssuer())) {
      return Optional.of("the token is from another issuer");
    }
    if (!claims.getAudience().contains(settings.audience())) {
      return Optional.of("the token is meant for another audience");
    }
    String subject = claims.getSubject();
    if (subject == null || subject.isBlank() || subject.length() > 200) {
      return Optional.of("the token names no subject");
    }
    return Optional.empty();
  }

  private static List<String> strings(JWTClaimsSet claims, String name) throws ParseException {
    List<String> values = claims.getStringListClaim(name);
    return values == null ? List.of() : values;
  }

  private static Set<JWSAlgorithm> algorithms(TokenSettings.Keys keys) {
    return switch (keys) {
      case TokenSettings.Secret _ -> Set.of(JWSAlgorithm.HS256);
      case TokenSettings.KeySet _ ->
          Set.of(JWSAlgorithm.RS256, JWSAlgorithm.PS256, JWSAlgorithm.ES256, JWSAlgorithm.EdDSA);
    };
  }

  private static JWKSource<SecurityContext> source(TokenSettings.Keys keys) {
    return switch (keys) {
      case TokenSettings.Secret secret -> new ImmutableSecret<>(secret.text().getBytes(UTF_8));
      case TokenSettings.KeySet set -> keySet(set);
    };
  }

  private static JWKSource<SecurityContext> keySet(TokenSettings.KeySet set) {
    try {
      return JWKSourceBuilder.<SecurityContext>create(
              set.url().toURL(),
              new DefaultResourceRetriever(
                  KEY_SET_TIMEOUT_MILLIS, KEY_SET_TIMEOUT_MILLIS, LARGEST_KEY_SET))
          .retrying(true)
          .outageTolerant(true)
          .build();
    } catch (MalformedURLException e) {
      throw new IllegalArgumentException("TIDEMARK_JWKS_URL is not a URL", e);
    }
  }
}
