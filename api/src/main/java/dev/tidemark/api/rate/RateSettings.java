package dev.tidemark.api.rate;

import static java.util.Objects.requireNonNull;

import dev.tidemark.api.settings.Variables;
import java.time.Duration;

/**
 * How often a client may ask.
 *
 * @param perAddress what one client address may ask, authenticated or not
 * @param perSubject what the subject of accepted tokens may ask
 * @param forwardedHops how many trusted proxies stand in front; that many entries from the end of
 *     {@code X-Forwarded-For} is the client. 0: the header is not looked at
 */
public record RateSettings(Rate perAddress, Rate perSubject, int forwardedHops) {
  public static final RateSettings DEFAULTS =
      new RateSettings(
          new Rate(30_000, Duration.ofMinutes(1)), new Rate(12_000, Duration.ofMinutes(1)), 0);

  public RateSettings {
    requireNonNull(perAddress, "perAddress is null");
    requireNonNull(perSubject, "perSubject is null");
    if (forwardedHops < 0 || forwardedHops > 10) {
      throw new IllegalArgumentException("TIDEMARK_FORWARDED_HOPS must be within 0 to 10");
    }
  }

  public static RateSettings from(Variables variables) {
    return new RateSettings(
        rate(variables, "TIDEMARK_RATE_PER_ADDRESS", DEFAULTS.perAddress),
        rate(variables, "TIDEMARK_RATE_PER_SUBJECT", DEFAULTS.perSubject),
        variables.number("TIDEMARK_FORWARDED_HOPS", DEFAULTS.forwardedHops));
  }

  private static Rate rate(Variables variables, String name, Rate otherwise) {
    return variables.read(name, "a rate such as 600/1m", Rate::parse).orElse(otherwise);
  }
}
