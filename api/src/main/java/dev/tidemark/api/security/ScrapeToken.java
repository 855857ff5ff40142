package dev.tidemark.api.security;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tidemark.api.settings.Variables;
import java.security.MessageDigest;
import java.util.Optional;
import java.util.Set;

/** A fixed token for a Prometheus that cannot renew one. It opens the metrics and nothing else. */
public record ScrapeToken(String text) {
  static final Caller CALLER =
      new Caller("scraper", Set.of(Role.SCRAPER), Set.of(), Optional.empty(), Optional.empty());

  public ScrapeToken {
    if (text.length() < 16) {
      throw new IllegalArgumentException("TIDEMARK_SCRAPE_TOKEN must be at least 16 characters");
    }
  }

  public static Optional<ScrapeToken> from(Variables variables) {
    return variables.text("TIDEMARK_SCRAPE_TOKEN").map(ScrapeToken::new);
  }

  boolean is(String token) {
    return MessageDigest.isEqual(text.getBytes(UTF_8), token.getBytes(UTF_8));
  }

  @Override
  public String toString() {
    return "ScrapeToken[…]";
  }
}
