package dev.tidemark.connectors.work.given;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.connectors.jobs.FinalError;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Locale;
import java.util.Optional;

/** What a job is given, field by field. What does not fit ends the job with a sentence. */
public final class Given {
  private final ObjectNode input;

  public Given(ObjectNode input) {
    this.input = input;
  }

  public int integer(String name) throws FinalError {
    JsonNode value = input.path(name);
    if (!value.isIntegralNumber() || !value.canConvertToInt()) {
      throw new FinalError(name + " has to be a whole number");
    }
    return value.intValue();
  }

  /** A whole number within bounds, if it is given at all. */
  public int integer(String name, int otherwise, int least, int most) throws FinalError {
    if (!has(name)) {
      return otherwise;
    }
    int value = integer(name);
    if (value < least || value > most) {
      throw new FinalError("%s has to be from %,d to %,d".formatted(name, least, most));
    }
    return value;
  }

  public String text(String name, int longest) throws FinalError {
    JsonNode value = input.path(name);
    if (!value.isTextual() || value.textValue().isEmpty()) {
      throw new FinalError(name + " has to be a text");
    }
    if (value.textValue().length() > longest) {
      throw new FinalError("%s may have %,d characters".formatted(name, longest));
    }
    return value.textValue();
  }

  public Optional<String> maybeText(String name, int longest) throws FinalError {
    return has(name) ? Optional.of(text(name, longest)) : Optional.empty();
  }

  public boolean flag(String name) throws FinalError {
    if (!has(name)) {
      return false;
    }
    if (!input.path(name).isBoolean()) {
      throw new FinalError(name + " has to be true or false");
    }
    return input.path(name).booleanValue();
  }

  /** A day as {@code 2026-01-31}. */
  public Optional<LocalDate> day(String name) throws FinalError {
    if (!has(name)) {
      return Optional.empty();
    }
    try {
      return Optional.of(LocalDate.parse(text(name, 10)));
    } catch (DateTimeException e) {
      throw new FinalError(name + " has to be a day as 2026-01-31", e);
    }
  }

  /** A time as {@code 2026-01-31T08:00:00Z}. */
  public Optional<Instant> time(String name) throws FinalError {
    if (!has(name)) {
      return Optional.empty();
    }
    try {
      return Optional.of(Instant.parse(text(name, 40)));
    } catch (DateTimeException e) {
      throw new FinalError(name + " has to be a time as 2026-01-31T08:00:00Z", e);
    }
  }

  /** A duration as {@code 30d}, {@code 12h}, {@code 15m}; at least as long as it may be. */
  public Duration duration(String name, Duration otherwise, Duration least) throws FinalError {
    if (!has(name)) {
      return otherwise;
    }
    String text = text(name, 12);
    try {
      Duration given =
          Duration.parse((text.endsWith("d") ? "P" : "PT") + text.toUpperCase(Locale.ROOT));
      if (given.compareTo(least) < 0) {
        throw new FinalError(name + " is shorter than it may be");
      }
      return given;
    } catch (DateTimeException e) {
      throw new FinalError(name + " has to be a duration as 30d, 12h or 15m", e);
    }
  }

  /** The fields of an object within; none if it is not given. */
  public Given within(String name) throws FinalError {
    if (!has(name)) {
      return new Given(input.objectNode());
    }
    if (input.path(name) instanceof ObjectNode object) {
      return new Given(object);
    }
    throw new FinalError(name + " has to be an object");
  }

  /** A field as it is; missing if there is none. */
  public JsonNode raw(String name) {
    return input.path(name);
  }

  private boolean has(String name) {
    JsonNode value = input.path(name);
    return !value.isMissingNode() && !value.isNull();
  }
}
