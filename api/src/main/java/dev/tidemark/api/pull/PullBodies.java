package dev.tidemark.api.pull;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.Map;

/** The shapes of the answers, for the OpenAPI document. They are written elsewhere. */
final class PullBodies {
  private PullBodies() {}

  @Schema(name = "Changes", description = "A page of changes.")
  record Changes(
      List<Change> changes,
      @Schema(description = "Where the next page begins.") String cursor,
      @Schema(description = "Whether there is more right now: come again at once.")
          @JsonProperty("has_more")
          boolean hasMore,
      @Schema(description = "In how many seconds a device that polls should come again.")
          @JsonProperty("poll_after")
          int pollAfter) {}

  @Schema(name = "Change", description = "What happened to a row last.")
  record Change(
      @Schema(description = "The entity type.") String type,
      @Schema(description = "The entity's id.") String id,
      @Schema(description = "put: the row is so. remove: the caller has it no more.") String kind,
      @Schema(description = "The entity's version after it.") String version,
      @Schema(description = "The database transaction's id; 0 in a snapshot.") long transaction,
      @Schema(description = "When it was committed.") @JsonProperty("committed_at")
          String committedAt,
      @Schema(description = "Who caused it, if that is known.") Map<String, String> origin,
      @Schema(description = "The whole row, for a put.") Map<String, Object> data,
      @Schema(description = "True if the caller's own operation did it.") boolean echo) {}
}
