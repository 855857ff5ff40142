package dev.tidemark.api.jobs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.contract.catalog.Durations;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** The fields of one object of a body; what is wrong with them is noted with where it is. */
public final class JobFields {
  static final int LONGEST_KEY = 200;
  private static final Duration LONGEST_DELAY = Duration.ofDays(366);

  private final ObjectNode json;
  private final String at;
  private final JobFaults faults;

  /**
   * @param at the pointer of the object; empty for the whole body
   */
  public JobFields(ObjectNode json, String at, JobFaults faults) {
    this.json = json;
    this.at = at;
    this.faults = faults;
  }

  public void fault(String field, String detail) {
    faults.add(at + "/" + JobFaults.escaped(field), detail);
  }

  /** Nothing else may be there. */
  public void only(Collection<String> names) {
    json.fieldNames()
        .forEachRemaining(
            name -> {
              if (!names.contains(name)) {
                fault(name, "There is " + String.join(", ", names) + ", nothing else.");
              }
            });
  }

  public boolean has(String field) {
    return json.hasNonNull(field);
  }

  public @Nullable JsonNode value(String field) {
    return has(field) ? json.get(field) : null;
  }

  public Optional<String> text(String field, int longest) {
    JsonNode value = value(field);
    if (value == null) {
      return Optional.empty();
    }
    if (!value.isTextual()
        || value.textValue().isEmpty()
        || value.textValue().length() > longest
        || value.textValue().chars().anyMatch(Character::isISOControl)) {
      fault(field, "'" + field + "' is a text of 1 to " + longest + " characters.");
      return Optional.empty();
    }
    return Optional.of(value.textValue());
  }

  /** A text of any characters and lines, cut where it is longer. */
  public Optional<String> prose(String field, int longest) {
    JsonNode value = value(field);
    if (value == null) {
      return Optional.empty();
    }
    if (!value.isTextual()) {
      fault(field, "'" + field + "' is a text.");
      return Optional.empty();
    }
    return Optional.of(cut(value.textValue(), longest));
  }

  /** No half of a character is left at the end. */
  public static String cut(String text, int longest) {
    if (text.length() <= longest) {
      return text;
    }
    int end = Character.isHighSurrogate(text.charAt(longest - 1)) ? longest - 1 : longest;
    return text.substring(0, end) + "…";
  }

  /** A number or a text, as a text. */
  Optional<String> name(String field) {
    JsonNode value = value(field);
    if (value != null && value.isIntegralNumber()) {
      return Optional.of(value.asText());
    }
    return text(field, LONGEST_KEY);
  }

  public OptionalInt number(String field, int least, int most) {
    JsonNode value = value(field);
    if (value == null) {
      return OptionalInt.empty();
    }
    if (!value.canConvertToInt()
        || !value.isIntegralNumber()
        || value.intValue() < least
        || value.intValue() > most) {
      fault(field, "'" + field + "' is a number from " + least + " to " + most + ".");
      return OptionalInt.empty();
    }
    return OptionalInt.of(value.intValue());
  }

  public boolean flag(String field) {
    JsonNode value = value(field);
    if (value != null && !value.isBoolean()) {
      fault(field, "'" + field + "' is true or false.");
    }
    return value != null && value.asBoolean();
  }

  Optional<Instant> time(String field) {
    JsonNode value = value(field);
    if (value == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(OffsetDateTime.parse(value.asText()).toInstant());
    } catch (DateTimeException _) {
      fault(field, "'" + field + "' is a time with its offset, such as 2026-03-01T12:00:00Z.");
      return Optional.empty();
    }
  }

  /** When something is due by 'run_at' or 'delay'; at most one of them may be given. */
  Optional<Instant> due(Instant now) {
    if (has("run_at") && has("delay")) {
      fault("delay", "Give 'run_at' or 'delay', not both.");
      return Optional.empty();
    }
    Optional<Instant> at = time("run_at").or(() -> delay().map(now::plus));
    if (at.filter(time -> time.isAfter(now.plus(LONGEST_DELAY))).isPresent()) {
      fault(has("delay") ? "delay" : "run_at", "Nothing is kept for longer than 366 days.");
    }
    return at;
  }

  private Optional<Duration> delay() {
    JsonNode value = value("delay");
    if (value == null) {
      return Optional.empty();
    }
    if (value.isIntegralNumber() && value.canConvertToInt() && value.intValue() >= 0) {
      return Optional.of(Duration.ofSeconds(value.intValue()));
    }
    Optional<Duration> parsed =
        value.isTextual() ? Durations.parse(value.textValue()) : Optional.empty();
    if (parsed.isEmpty()) {
      fault("delay", "'delay' is a number of seconds, or a duration such as 90s or 2h.");
    }
    return parsed;
  }

  public Optional<ObjectNode> object(String field) {
    JsonNode value = value(field);
    if (value == null) {
      return Optional.empty();
    }
    if (value instanceof ObjectNode object) {
      return Optional.of(object);
    }
    fault(field, "'" + field + "' is an object.");
    return Optional.empty();
  }
}
