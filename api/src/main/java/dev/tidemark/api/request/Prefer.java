package dev.tidemark.api.request;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The header of RFC 7240; a preference that is none is passed over, as it demands. */
public final class Prefer {
  /** Longer nobody waits. */
  public static final Duration LONGEST_WAIT = Duration.ofSeconds(30);

  public static final String HEADER = "Prefer";
  public static final String APPLIED = "Preference-Applied";

  private static final Pattern WAIT = Pattern.compile("wait\\s*=\\s*\"?(\\d{1,9})\"?");

  private Prefer() {}

  /** How long the caller would wait, at most as long as we let anyone. */
  public static Optional<Duration> wait(List<String> headers) {
    for (String header : headers) {
      for (String preference : header.split("[,;]", -1)) {
        Matcher matcher = WAIT.matcher(preference.strip().toLowerCase(Locale.ROOT));
        if (matcher.matches()) {
          Duration asked = Duration.ofSeconds(Long.parseLong(matcher.group(1)));
          return Optional.of(asked.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : asked);
        }
      }
    }
    return Optional.empty();
  }
}
