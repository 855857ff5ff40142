package dev.tidemark.api.webhooks;

import dev.tidemark.contract.webhook.WebhookSignature;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What calls of other programs are signed with. Without a secret no call is taken.
 *
 * @param secrets by the variable that holds it
 */
public record WebhookSettings(Map<String, String> secrets) {
  /** No call is taken. */
  public static final WebhookSettings NONE = new WebhookSettings(Map.of());

  static final String VARIABLE = "TIDEMARK_WEBHOOK_SECRET";

  public WebhookSettings {
    secrets = Map.copyOf(secrets);
    secrets.forEach(
        (name, secret) -> {
          if (secret.length() < WebhookSignature.SHORTEST_SECRET) {
            throw new IllegalArgumentException(
                name + " must be at least " + WebhookSignature.SHORTEST_SECRET + " characters");
          }
        });
  }

  public static WebhookSettings from(Map<String, String> environment) {
    Map<String, String> secrets = new TreeMap<>();
    environment.forEach(
        (name, value) -> {
          if ((name.equals(VARIABLE) || name.startsWith(VARIABLE + "_")) && !value.isBlank()) {
            secrets.put(name, value);
          }
        });
    return new WebhookSettings(secrets);
  }

  /** The source's own, such as {@code …_INTEGRATION_1}; the one for all only if it has none. */
  Optional<String> secretOf(String source) {
    String own = VARIABLE + "_" + source.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_");
    return Optional.ofNullable(secrets.get(own))
        .or(() -> Optional.ofNullable(secrets.get(VARIABLE)));
  }

  @Override
  public String toString() {
    return "WebhookSettings[" + String.join(", ", secrets.keySet()) + "]";
  }
}
