package dev.tidemark.api.security;

import static java.nio.charset.StandardCharsets.UTF_8;

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
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Judges tokens. The algorithms follow from the settings, never from the token, so neither {@code
 * none} nor a public key used as a secret can pass.
 */
final class TokenVerifier {
  static final int LONGEST_TOKEN = 8192;

  private static final int KEY_SET_TIMEOUT_MILLIS = 3_000;
  private static final int LARGEST_KEY_SET = 256 << 10;
  private static final int MOST_SCOPES = 1_000;

  private final TokenSettings settings;
  private final InstantSource clock;
  private final ConfigurableJWTProcessor<SecurityContext> processor;

  TokenVerifier(TokenSettings settings, InstantSource clock) {
    this.settings = settings;
    this.clock = clock;
    this.processor = new DefaultJWTProcessor<>();
    processor.setJWSKeySelector(
        new JWSVerificationKeySelector<>(algorithms(settings.keys()), source(settings.keys())));
    // The claims are checked below, against a clock that tests can set.
    processor.setJWTClaimsSetVerifier((_, _) -> {});
  }

  /** Whether a verdict may have to wait for the network. */
  boolean mayBlock() {
    return settings.keys() instanceof TokenSettings.KeySet;
  }

  Verdict judge(String token) {
    if (token.length() > LONGEST_TOKEN) {
      return new Verdict.Refused("the token is too long");
    }
    try {
      return judge(processor.process(SignedJWT.parse(token), null));
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

  private Verdict judge(JWTClaimsSet claims) throws ParseException {
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
    return new Verdict.Accepted(
        new Caller(
            claims.getSubject(),
            roles,
            scopes,
            Optional.ofNullable(claims.getStringClaim("device")),
            Optional.of(claims.getExpirationTime().toInstant())));
  }

  private Optional<String> faultOf(JWTClaimsSet claims) {
    Instant now = clock.instant();
    if (claims.getExpirationTime() == null) {
      return Optional.of("the token never expires");
    }
    if (!now.minus(settings.clockSkew()).isBefore(claims.getExpirationTime().toInstant())) {
      return Optional.of("the token has expired");
    }
    if (isAfter(claims.getNotBeforeTime(), now.plus(settings.clockSkew()))) {
      return Optional.of("the token is not valid yet");
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

  private static boolean isAfter(@Nullable Date date, Instant limit) {
    return date != null && date.toInstant().isAfter(limit);
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
