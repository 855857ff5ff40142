package dev.tidemark.api.entities;

import dev.tidemark.pipeline.entities.core.EntityState;
import java.util.Optional;

/** What came of a question. */
sealed interface EntityAnswer {
  /** The entity as it is. */
  record Present(EntityState.Live state) implements EntityAnswer {}

  /** None that the caller may see. Certain. */
  record Absent() implements EntityAnswer {}

  /** The owner's answer, to be passed on as it is. */
  record Relayed(int status, Optional<String> etag, byte[] body, Optional<String> contentType)
      implements EntityAnswer {}

  /** Nothing can be said right now. */
  record Unavailable(String why) implements EntityAnswer {}
}
