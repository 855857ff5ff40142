package dev.tidemark.standalone.token;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tidemark.api.security.Role;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class TokenTest {
  private static final String SECRET = "0123456789abcdef0123456789abcdef";
  private static final Instant NOW = Instant.parse("2026-02-01T10:00:00Z");

  @Test
  void aTokenSaysWhoMaySeeWhatAndForHowLong() throws IOException {
    Token token =
        new Token(
            Role.DEVICE,
            Optional.of("phone-7"),
            List.of("municipality/3", "public"),
            Duration.ofHours(2));
    assertThat(claims(token.signed(SECRET, NOW)))
        .isEqualTo(
            new JsonMapper()
                .readTree(
                    """
                    {"iss": "tidemark", "aud": "tidemark-api", "sub": "phone-7",
                     "roles": ["device"], "scopes": ["municipality/3", "public"],
                     "device": "phone-7", "iat": 1769940000, "exp": 1769947200}
                    """));
  }

  @Test
  void theSignatureDependsOnTheSecret() {
    Token token = Token.forOperator();
    assertThat(token.signed(SECRET, NOW)).isNotEqualTo(token.signed(SECRET + "x", NOW));
  }

  private static JsonNode claims(String signed) throws IOException {
    return new JsonMapper().readTree(Base64.getUrlDecoder().decode(signed.split("\\.", -1)[1]));
  }
}
