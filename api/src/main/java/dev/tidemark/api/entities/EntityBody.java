package dev.tidemark.api.entities;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.micronaut.core.annotation.Introspected;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The shape of an entity, for the OpenAPI document; {@link EntityJson} writes it. */
@Introspected
@Schema(name = "Entity", description = "An entity as it is now.")
record EntityBody(
    @Schema(description = "The type, as the catalog names it.") String type,
    @Schema(description = "The id, as in the keys of the topics.") String id,
    @Schema(
            description = "Grows with every change of this entity; sorts as text.",
            example = "0001-00000000016B3748")
        String version,
    @Schema(description = "The row, column by column, with exact values.")
        Map<String, Object> fields,
    @JsonProperty("committed_at")
        @Schema(description = "When the last change was committed.", format = "date-time")
        String committedAt,
    @JsonProperty("field_versions")
        @Schema(description = "Which version gave each field its value; with include=meta.")
        @Nullable Map<String, String> fieldVersions,
    @Schema(description = "Who caused the last change, if known; with include=meta.")
        @Nullable OriginBody origin) {
  @Introspected
  @Schema(name = "Origin", description = "Who caused a change.")
  record OriginBody(
      @Schema(description = "The device, if one asked for it.") @Nullable String device,
      @Schema(description = "The operation or job that it carries out.") String operation) {}
}
