package dev.tidemark.api.sync;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads moments as devices write them. */
final class Moments {
  private static final int LONGEST = 40;

  private Moments() {}

  /**
   * To the microsecond, as the ledger keeps it. Empty if it is no moment within the years that have
   * four digits.
   */
  static Optional<Instant> read(@Nullable JsonNode json) {
    if (json == null || !json.isTextual() || json.textValue().length() > LONGEST) {
      return Optional.empty();
    }
    try {
      OffsetDateTime moment = OffsetDateTime.parse(json.textValue());
      return moment.getYear() >= 1 && moment.getYear() <= 9999
          ? Optional.of(moment.toInstant().truncatedTo(ChronoUnit.MICROS))
          : Optional.empty();
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }
}
