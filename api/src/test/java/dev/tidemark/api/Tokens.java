package dev.tidemark.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.tidemark.api.security.TokenSettings;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.function.UnaryOperator;

/** Mints tokens as an issuer would. */
public final class Tokens {
  public static final String SECRET = "a-secret-of-more-than-thirty-two-bytes";

  private Tokens() {}

  public static String of(String role, String... scopes) {
    return signed(claims -> claims.claim("roles", List.of(role)).claim("scopes", List.of(scopes)));
  }

  public static String signed(UnaryOperator<JWTClaimsSet.Builder> change) {
    return signed(SECRET, change);
  }

  public static String signed(String secret, UnaryOperator<JWTClaimsSet.Builder> change) {
    try {
      SignedJWT token =
          new SignedJWT(
              new JWSHeader(JWSAlgorithm.HS256), change.apply(acceptableClaims()).build());
      token.sign(new MACSigner(secret.getBytes(UTF_8)));
      return token.serialize();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  public static JWTClaimsSet.Builder acceptableClaims() {
    return new JWTClaimsSet.Builder()
        .subject("someone")
        .issuer(TokenSettings.ISSUER)
        .audience(TokenSettings.AUDIENCE)
        .expirationTime(Date.from(Instant.now().plusSeconds(600)))
        .claim("roles", List.of("operator"));
  }
}
