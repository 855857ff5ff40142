package dev.tidemark.bench.system;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Signs what devices and operators show the api. */
public final class Tokens {
  private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();
  private static final int VALID_SECONDS = 86_400;

  private final String secret;

  Tokens(String secret) {
    this.secret = secret;
  }

  /** Signed with a secret that nobody had before. */
  public static Tokens random() {
    return new Tokens(UUID.randomUUID() + "-" + UUID.randomUUID());
  }

  /** What the api has to be told. */
  public String secret() {
    return secret;
  }

  /** For a device that may see and write the rows of these scopes. */
  public String device(String device, List<String> scopes) {
    return signed("device", device, scopes);
  }

  /** For somebody who may see everything. */
  public String operator() {
    return signed("operator", "operator", List.of());
  }

  private String signed(String role, String subject, List<String> scopes) {
    long now = Instant.now().getEpochSecond();
    String claims =
        """
        {"iss":"tidemark","aud":"tidemark-api","sub":"%s","roles":["%s"],"scopes":[%s],"device":"%s","iat":%d,"exp":%d}"""
            .formatted(
                subject,
                role,
                scopes.stream().map(scope -> '"' + scope + '"').collect(Collectors.joining(",")),
                subject,
                now,
                now + VALID_SECONDS);
    String content = encoded("{\"alg\":\"HS256\"}") + "." + encoded(claims);
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret.getBytes(UTF_8), "HmacSHA256"));
      return content + "." + BASE64.encodeToString(mac.doFinal(content.getBytes(UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("HS256 is part of every Java", e);
    }
  }

  private static String encoded(String text) {
    return BASE64.encodeToString(text.getBytes(UTF_8));
  }
}
