package dev.tidemark.connectors.settings;

import java.time.DateTimeException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;

/** Environment variables by their kind. What cannot be read is refused with a sentence. */
public final class Variables {
  private final Map<String, String> environment;

  private Variables(Map<String, String> environment) {
    this.environment = environment;
  }

  public static Variables of(Map<String, String> environment) {
    return new Variables(environment);
  }

  public String required(String name) {
    String value = environment.get(name);
    if (value == null || value.isBlank()) {
      throw new IllegalArgumentException(name + " is not set");
    }
    return value;
  }

  public String text(String name, String otherwise) {
    return environment.getOrDefault(name, otherwise);
  }

  public int number(String name, int otherwise) {
    String value = environment.get(name);
    if (value == null) {
      return otherwise;
    }
    try {
      return Integer.parseInt(value);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(name + " is '" + value + "'; it takes a number", e);
    }
  }

  /** A number and a unit: {@code 5ms}, {@code 2s}, {@code 15m}. */
  public Duration duration(String name, Duration otherwise) {
    String value = environment.get(name);
    if (value == null) {
      return otherwise;
    }
    try {
      return value.endsWith("ms")
          ? Duration.ofMillis(Long.parseLong(value.substring(0, value.length() - 2)))
          : Duration.parse("PT" + value.toUpperCase(Locale.ROOT));
    } catch (NumberFormatException | DateTimeException e) {
      throw new IllegalArgumentException(
          name + " is '" + value + "'; it takes a duration such as 5ms, 2s or 15m", e);
    }
  }

  /** For the checks of those who keep the values. */
  public static void requirePositive(String name, long value) {
    if (value <= 0) {
      throw new IllegalArgumentException(name + " must be greater than zero");
    }
  }
}
