package dev.tidemark.api.sync;

import static dev.tidemark.api.problem.ProblemType.INVALID_OPERATION;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.api.problem.ProblemType;
import dev.tidemark.contract.Version;
import dev.tidemark.contract.sync.DeviceClock;
import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads the members of an operation that are about no column. */
final class OperationFields {
  static final Pattern KEY = Pattern.compile("[\\x20-\\x7E]{1,128}");

  private final JsonNode json;
  private final String pointer;
  private final Faults faults;

  OperationFields(JsonNode json, String pointer, Faults faults) {
    this.json = json;
    this.pointer = pointer;
    this.faults = faults;
  }

  @Nullable String key() {
    JsonNode value = json.get("idempotency_key");
    if (value != null && value.isTextual() && KEY.matcher(value.textValue()).matches()) {
      return value.textValue();
    }
    faults.add(
        INVALID_OPERATION,
        at("idempotency_key"),
        "'idempotency_key' is 1 to 128 printable characters of ASCII.");
    return null;
  }

  <E extends Enum<E>> @Nullable E word(Class<E> words, String member, @Nullable E otherwise) {
    JsonNode value = json.get(member);
    if ((value == null || value.isNull()) && otherwise != null) {
      return otherwise;
    }
    E[] all = words.getEnumConstants();
    if (value != null && value.isTextual()) {
      Optional<E> found =
          Arrays.stream(all).filter(word -> text(word).equals(value.textValue())).findFirst();
      if (found.isPresent()) {
        return found.get();
      }
    }
    faults.add(
        INVALID_OPERATION,
        at(member),
        "'"
            + member
            + "' is one of "
            + Arrays.stream(all).map(OperationFields::text).collect(Collectors.joining(", "))
            + ".");
    return null;
  }

  private static String text(Enum<?> word) {
    return word.name().toLowerCase(Locale.ROOT);
  }

  @Nullable Instant time(DeviceClock clock, SyncSettings settings) {
    Optional<Instant> read = Moments.read(json.get("client_timestamp"));
    if (read.isEmpty()) {
      faults.add(
          INVALID_OPERATION,
          at("client_timestamp"),
          "'client_timestamp' is a time with its zone, such as 2026-01-15T14:30:00Z.");
      return null;
    }
    Instant ours = read.get().minus(clock.ahead());
    if (ours.isBefore(clock.received().minus(settings.oldest()))) {
      faults.add(
          ProblemType.TIMESTAMP_OUT_OF_RANGE,
          at("client_timestamp"),
          "That is more than " + settings.oldest().toDays() + " days ago.");
    } else if (ours.isAfter(clock.received().plus(settings.ahead()))) {
      faults.add(
          ProblemType.TIMESTAMP_OUT_OF_RANGE,
          at("client_timestamp"),
          "That is more than " + settings.ahead().toHours() + " hours in the future.");
    }
    return read.get();
  }

  @Nullable Version base() {
    JsonNode value = json.get("base_version");
    if (value == null || value.isNull()) {
      return null;
    }
    try {
      if (value.isTextual()) {
        return Version.parse(value.textValue());
      }
    } catch (IllegalArgumentException _) {
      // Told below, as any other value that is no version.
    }
    faults.add(
        INVALID_OPERATION,
        at("base_version"),
        "'base_version' is a version out of an answer, as it was.");
    return null;
  }

  /** The key of an operation that may be wrong in any way. */
  static Optional<String> keyOf(JsonNode json) {
    return Optional.ofNullable(json.path("idempotency_key").textValue())
        .filter(text -> KEY.matcher(text).matches());
  }

  OptionalLong sequence() {
    JsonNode value = json.get("sequence");
    if (value == null || value.isNull()) {
      return OptionalLong.empty();
    }
    if (value.isIntegralNumber() && value.canConvertToLong() && value.longValue() >= 0) {
      return OptionalLong.of(value.longValue());
    }
    faults.add(INVALID_OPERATION, at("sequence"), "'sequence' is a whole number from 0 on.");
    return OptionalLong.empty();
  }

  private String at(String member) {
    return JsonPlace.in(pointer, member);
  }
}
