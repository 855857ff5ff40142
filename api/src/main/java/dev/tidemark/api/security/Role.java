package dev.tidemark.api.security;

import java.util.Locale;
import java.util.Optional;

/** What a caller is to the system. */
public enum Role {
  DEVICE,
  OPERATOR,
  ANALYST,
  ADMIN,
  /** Does jobs, and sees and changes nothing else. */
  WORKER,
  /** Reads the metrics and nothing else. */
  SCRAPER;

  // Annotations take constants only; a test keeps them equal to text().
  public static final String IS_DEVICE = "device";
  public static final String IS_OPERATOR = "operator";
  public static final String IS_ANALYST = "analyst";
  public static final String IS_ADMIN = "admin";
  public static final String IS_WORKER = "worker";
  public static final String IS_SCRAPER = "scraper";

  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static Optional<Role> of(String text) {
    for (Role role : values()) {
      if (role.text().equals(text)) {
        return Optional.of(role);
      }
    }
    return Optional.empty();
  }
}
