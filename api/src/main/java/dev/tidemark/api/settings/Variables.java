package dev.tidemark.api.settings;

import static java.util.Objects.requireNonNull;

import java.net.URI;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The environment variables of a process. An empty variable counts as absent, because compose files
 * pass {@code NAME=} for what the operator left out. No message repeats a value: it may be a
 * secret.
 */
public final class Variables {
  private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h)");
  private static final Pattern SIZE = Pattern.compile("(\\d{1,9})(|KiB|MiB)");

  private final Map<String, String> values;

  public Variables(Map<String, String> values) {
    this.values = Map.copyOf(values);
  }

  public Optional<String> text(String name) {
    return Optional.ofNullable(values.get(name)).filter(value -> !value.isBlank());
  }

  public String text(String name, String otherwise) {
    return text(name).orElse(otherwise);
  }

  public int number(String name, int otherwise) {
    return read(name, "a whole number", Integer::valueOf).orElse(otherwise);
  }

  /** A time such as {@code 250ms}, {@code 30s}, {@code 5m} or {@code 1h}. */
  public Duration duration(String name, Duration otherwise) {
    return read(name, "a time such as 250ms, 30s or 5m", Variables::duration).orElse(otherwise);
  }

  /** A number of bytes such as {@code 65536}, {@code 64KiB} or {@code 1MiB}. */
  public int bytes(String name, int otherwise) {
    return read(name, "a size such as 64KiB or 1MiB", Variables::bytes).orElse(otherwise);
  }

  public Optional<URI> uri(String name) {
    return read(name, "a URL", URI::create);
  }

  /** A value of the caller's own kind; the reader refuses with an IllegalArgumentException. */
  public <T> Optional<T> read(String name, String expected, Function<String, T> reader) {
    return text(name)
        .map(
            value -> {
              try {
                return requireNonNull(reader.apply(value.strip()), "a reader answered null");
              } catch (IllegalArgumentException | DateTimeParseException e) {
                throw new IllegalArgumentException(name + " must be " + expected, e);
              }
            });
  }

  public static Duration duration(String text) {
    Matcher matcher = DURATION.matcher(text.toLowerCase(Locale.ROOT));
    if (!matcher.matches()) {
      throw new IllegalArgumentException("not a time");
    }
    long amount = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2)) {
      case "ms" -> Duration.ofMillis(amount);
      case "s" -> Duration.ofSeconds(amount);
      case "m" -> Duration.ofMinutes(amount);
      default -> Duration.ofHours(amount);
    };
  }

  private static int bytes(String text) {
    Matcher matcher = SIZE.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("not a size");
    }
    long amount = Long.parseLong(matcher.group(1));
    long bytes =
        switch (matcher.group(2)) {
          case "KiB" -> amount << 10;
          case "MiB" -> amount << 20;
          default -> amount;
        };
    return Math.toIntExact(Math.min(bytes, Integer.MAX_VALUE));
  }
}
