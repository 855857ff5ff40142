package dev.tidemark.api.rate;

import static java.util.Objects.requireNonNull;

import dev.tidemark.api.settings.Variables;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** So many requests in so much time, such as {@code 600/1m}. */
public record Rate(int requests, Duration per) {
  private static final Pattern TEXT = Pattern.compile("(\\d{1,9})/(\\w+)");

  public Rate {
    requireNonNull(per, "per is null");
    if (requests < 1 || !per.isPositive()) {
      throw new IllegalArgumentException("a rate is at least one request in a positive time");
    }
  }

  public static Rate parse(String text) {
    Matcher matcher = TEXT.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("not a rate");
    }
    return new Rate(Integer.parseInt(matcher.group(1)), Variables.duration(matcher.group(2)));
  }
}
