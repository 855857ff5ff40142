package dev.tidemark.api.security;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpServer;
import dev.tidemark.api.Tokens;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class TokenVerifierTest {
  private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");
  private static final String WRONG_KEY = "the token is not signed with an accepted key";

  private final TokenVerifier verifier =
      new TokenVerifier(TokenSettings.withSecret(Tokens.SECRET), InstantSource.fixed(NOW));

  @Test
  void anAcceptableTokenNamesItsCaller() {
    String token =
        signed(
            claims ->
                claims
                    .claim("roles", List.of("device", "astronaut"))
                    .claim("scopes", List.of("municipality/3"))
                    .claim("device", "tablet-1"));
    assertThat(verifier.judge(token))
        .isEqualTo(
            new Verdict.Accepted(
                new Caller(
                    "someone",
                    Set.of(Role.DEVICE),
                    Set.of("municipality/3"),
                    Optional.of("tablet-1"),
                    Optional.of(NOW.plusSeconds(600)))));
  }

  @Test
  void aTokenIsRefusedFromItsExpiryOnWithAllowanceForClocks() {
    assertThat(verifier.judge(signed(claims -> claims.expirationTime(at(-29)))))
        .isInstanceOf(Verdict.Accepted.class);
    assertRefused(signed(claims -> claims.expirationTime(at(-30))), "the token has expired");
    assertRefused(signed(claims -> claims.expirationTime(null)), "the token never expires");
  }

  @Test
  void aTokenIsRefusedBeforeItIsValid() {
    assertThat(verifier.judge(signed(claims -> claims.notBeforeTime(at(30)))))
        .isInstanceOf(Verdict.Accepted.class);
    assertRefused(signed(claims -> claims.notBeforeTime(at(31))), "the token is not valid yet");
  }

  @Test
  void aTokenForAnotherServiceOrFromAnotherIssuerIsRefused() {
    assertRefused(signed(claims -> claims.issuer("mallory")), "the token is from another issuer");
    assertRefused(signed(claims -> claims.issuer(null)), "the token is from another issuer");
    assertRefused(
        signed(claims -> claims.audience("other")), "the token is meant for another audience");
    assertRefused(
        signed(claims -> claims.audience(List.of())), "the token is meant for another audience");
    assertThat(verifier.judge(signed(claims -> claims.audience(List.of("other", "tidemark-api")))))
        .isInstanceOf(Verdict.Accepted.class);
  }

  @Test
  void aTokenWithoutASubjectIsRefused() {
    assertRefused(signed(claims -> claims.subject(null)), "the token names no subject");
    assertRefused(signed(claims -> claims.subject(" ")), "the token names no subject");
    assertRefused(signed(claims -> claims.subject("x".repeat(201))), "the token names no subject");
  }

  @Test
  void claimsOfAnotherShapeAreRefusedAndNotIgnored() {
    assertRefused(
        signed(claims -> claims.claim("roles", "admin")), "the token is not a signed JWT");
    assertRefused(
        signed(claims -> claims.claim("scopes", List.of(1, 2))), "the token is not a signed JWT");
    assertRefused(signed(claims -> claims.claim("device", 7)), "the token is not a signed JWT");
  }

  @Test
  void aTokenSignedByNobodyOrSomeoneElseIsRefused() {
    JWTClaimsSet claims = acceptable().build();
    assertRefused(new PlainJWT(claims).serialize(), "the token is not a signed JWT");
    assertRefused(
        Tokens.signed("another-secret-of-more-than-32-bytes!", _ -> acceptable()), WRONG_KEY);
    String token = signed(c -> c);
    assertRefused(token.substring(0, token.lastIndexOf('.') + 1), "the token is not a signed JWT");
    assertRefused(
        "eyJhbGciOiJub25lIn0" + token.substring(token.indexOf('.')),
        "the token is not a signed JWT");
  }

  @Test
  void onlyTheOneAlgorithmOfTheSecretIsAccepted() throws JOSEException {
    String secret = Tokens.SECRET + Tokens.SECRET;
    TokenVerifier longer =
        new TokenVerifier(TokenSettings.withSecret(secret), InstantSource.fixed(NOW));
    SignedJWT token = new SignedJWT(new JWSHeader(JWSAlgorithm.HS512), acceptable().build());
    token.sign(new MACSigner(secret.getBytes(UTF_8)));
    assertThat(longer.judge(token.serialize())).isEqualTo(new Verdict.Refused(WRONG_KEY));
  }

  @Test
  void rubbishIsRefused() {
    for (String rubbish : List.of("", ".", "..", "a.b.c", "\u0000", "Bearer", "{}", "🦊.🦊.🦊")) {
      assertRefused(rubbish, "the token is not a signed JWT");
    }
    assertRefused("a".repeat(TokenVerifier.LONGEST_TOKEN + 1), "the token is too long");
  }

  @Test
  void aKeySetAcceptsItsKeysAndNothingSignedWithAPublicKeyAsSecret() throws Exception {
    RSAKey key = new RSAKeyGenerator(2048).keyID("k1").generate();
    RSAKey stranger = new RSAKeyGenerator(2048).keyID("k2").generate();
    String keys = new JWKSet(key).toPublicJWKSet().toString();
    try (Issuer issuer = new Issuer(keys)) {
      TokenVerifier remote =
          new TokenVerifier(
              new TokenSettings(
                  new TokenSettings.KeySet(issuer.url()),
                  TokenSettings.ISSUER,
                  TokenSettings.AUDIENCE,
                  TokenSettings.CLOCK_SKEW),
              InstantSource.fixed(NOW));
      assertThat(remote.judge(signed(key, "k1"))).isInstanceOf(Verdict.Accepted.class);
      for (int i = 0; i < 5; i++) {
        assertThat(remote.judge(signed(stranger, "k2"))).isEqualTo(new Verdict.Refused(WRONG_KEY));
      }
      assertThat(remote.judge(signed(stranger, "k1"))).isEqualTo(new Verdict.Refused(WRONG_KEY));

      SignedJWT confused =
          new SignedJWT(
              new JWSHeader.Builder(JWSAlgorithm.HS256).keyID("k1").build(), acceptable().build());
      confused.sign(new MACSigner(key.toRSAPublicKey().getEncoded()));
      assertThat(remote.judge(confused.serialize())).isEqualTo(new Verdict.Refused(WRONG_KEY));
      assertThat(remote.judge(signed(c -> c))).isEqualTo(new Verdict.Refused(WRONG_KEY));
    }
  }

  @Test
  void withoutKeysNothingIsSaidAboutAToken() throws Exception {
    RSAKey key = new RSAKeyGenerator(2048).keyID("k1").generate();
    TokenVerifier remote =
        new TokenVerifier(
            new TokenSettings(
                new TokenSettings.KeySet(URI.create("http://127.0.0.1:1/keys")),
                TokenSettings.ISSUER,
                TokenSettings.AUDIENCE,
                Duration.ZERO),
            InstantSource.fixed(NOW));
    assertThat(remote.judge(signed(key, "k1"))).isEqualTo(new Verdict.Undecided());
  }

  @Test
  void aTokenThatIsRememberedEndsAtItsTime() {
    AtomicReference<Instant> now = new AtomicReference<>(NOW);
    TokenVerifier remembering =
        new TokenVerifier(TokenSettings.withSecret(Tokens.SECRET), now::get);
    String token = signed(claims -> claims.expirationTime(at(20)).notBeforeTime(at(-5)));
    assertThat(remembering.judge(token)).isInstanceOf(Verdict.Accepted.class);
    now.set(NOW.plusSeconds(49));
    assertThat(remembering.judge(token)).isInstanceOf(Verdict.Accepted.class);
    now.set(NOW.plusSeconds(50));
    assertThat(remembering.judge(token)).isEqualTo(new Verdict.Refused("the token has expired"));
    now.set(NOW.minusSeconds(60));
    assertThat(remembering.judge(token))
        .as("a clock that was set back")
        .isEqualTo(new Verdict.Refused("the token is not valid yet"));
    String forged = token.substring(0, token.length() - 2) + "AA";
    assertThat(remembering.judge(forged)).isEqualTo(new Verdict.Refused(WRONG_KEY));
  }

  @Test
  void theKeySetIsAskedAgainForATokenAfterAMinute() throws Exception {
    RSAKey key = new RSAKeyGenerator(2048).keyID("k1").generate();
    AtomicReference<Instant> now = new AtomicReference<>(NOW);
    try (Issuer issuer = new Issuer(new JWKSet(key).toPublicJWKSet().toString())) {
      TokenVerifier remote =
          new TokenVerifier(
              new TokenSettings(
                  new TokenSettings.KeySet(issuer.url()),
                  TokenSettings.ISSUER,
                  TokenSettings.AUDIENCE,
                  TokenSettings.CLOCK_SKEW),
              now::get);
      String token = signed(key, "k1");
      assertThat(remote.mayBlock(token)).isTrue();
      assertThat(remote.judge(token)).isInstanceOf(Verdict.Accepted.class);
      now.set(NOW.plusSeconds(59));
      assertThat(remote.mayBlock(token)).isFalse();
      now.set(NOW.plusSeconds(61));
      assertThat(remote.mayBlock(token)).isTrue();
    }
  }

  private void assertRefused(String token, String reason) {
    assertThat(verifier.judge(token)).isEqualTo(new Verdict.Refused(reason));
  }

  private static Date at(int seconds) {
    return Date.from(NOW.plusSeconds(seconds));
  }

  private static JWTClaimsSet.Builder acceptable() {
    return Tokens.acceptableClaims().expirationTime(at(600));
  }

  private static String signed(UnaryOperator<JWTClaimsSet.Builder> change) {
    return Tokens.signed(claims -> change.apply(claims.expirationTime(at(600))));
  }

  private static String signed(RSAKey key, String keyId) throws JOSEException {
    SignedJWT token =
        new SignedJWT(
            new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(keyId).build(), acceptable().build());
    token.sign(new RSASSASigner(key));
    return token.serialize();
  }

  /** Serves a key set as an identity provider does. */
  private record Issuer(HttpServer server) implements AutoCloseable {
    Issuer(String keys) throws IOException {
      this(HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0));
      byte[] body = keys.getBytes(UTF_8);
      server.createContext(
          "/keys",
          exchange -> {
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
          });
      server.start();
    }

    URI url() {
      return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/keys");
    }

    @Override
    public void close() {
      server.stop(0);
    }
  }
}
