package dev.tidemark.standalone.token;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tidemark.api.security.Role;
import dev.tidemark.api.security.TokenSettings;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What a token says.
 *
 * @param role what the bearer is to the system
 * @param device the device it is given to
 * @param scopes the rows that the device may see
 * @param valid for how long
 */
public record Token(Role role, Optional<String> device, List<String> scopes, Duration valid) {
  private static final JsonMapper JSON = new JsonMapper();
  private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

  public Token {
    scopes = List.copyOf(scopes);
  }

  /** A token for the person at the keyboard, who may see everything. */
  public static Token forOperator() {
    return new Token(Role.OPERATOR, Optional.empty(), List.of(), Duration.ofDays(1));
  }

  /** The token as it is sent, signed with HS256. */
  public String signed(String secret, Instant now) {
    Map<String, Object> claims = new LinkedHashMap<>();
    claims.put("iss", TokenSettings.ISSUER);
    claims.put("aud", TokenSettings.AUDIENCE);
    claims.put("sub", device.orElse(role.text()));
    claims.put("roles", List.of(role.text()));
    claims.put("scopes", scopes);
    device.ifPresent(name -> claims.put("device", name));
    claims.put("iat", now.getEpochSecond());
    claims.put("exp", now.plus(valid).getEpochSecond());
    try {
      String content =
          encoded(JSON.writeValueAsBytes(Map.of("alg", "HS256")))
              + "."
              + encoded(JSON.writeValueAsBytes(claims));
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret.getBytes(UTF_8), "HmacSHA256"));
      return content + "." + encoded(mac.doFinal(content.getBytes(UTF_8)));
    } catch (JsonProcessingException | NoSuchAlgorithmException | InvalidKeyException e) {
      throw new IllegalStateException("HS256 is part of every Java", e);
    }
  }

  private static String encoded(byte[] bytes) {
    return BASE64.encodeToString(bytes);
  }
}
