package dev.tidemark.api.sync;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;

/** Where a page of conflicts ends; opaque to callers. */
public record ConflictCursor(Instant written, UUID operation) {
  public ConflictCursor {
    requireNonNull(written, "written is null");
    requireNonNull(operation, "operation is null");
  }

  static Optional<ConflictCursor> parse(String text) {
    try {
      String[] parts = new String(Base64.getUrlDecoder().decode(text), UTF_8).split(" ", -1);
      return parts.length == 2
          ? Optional.of(new ConflictCursor(Instant.parse(parts[0]), UUID.fromString(parts[1])))
          : Optional.empty();
    } catch (IllegalArgumentException | DateTimeException e) {
      return Optional.empty();
    }
  }

  String text() {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString((written + " " + operation).getBytes(UTF_8));
  }
}
