package dev.tidemark.api.problem;

import io.micronaut.core.annotation.Introspected;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The shape of a problem, for the OpenAPI document; {@link ProblemJson} writes it. */
@Introspected
@Schema(name = "Problem", description = "What went wrong, as RFC 9457 tells it.")
record ProblemBody(
    @Schema(
            description = "The address of a page that explains this type.",
            example = "/problems/not-found")
        String type,
    @Schema(description = "The type in a few words.") String title,
    @Schema(description = "The HTTP status.") int status,
    @Schema(description = "What went wrong this time.") String detail,
    @Schema(description = "The path that was asked for.") String instance,
    @Schema(description = "The request's id; the logs know it too.") String requestId,
    @Schema(description = "The places of the request that are at fault.")
        @Nullable List<Fault> errors) {
  @Introspected
  @Schema(name = "Fault", description = "One place of the request that is at fault.")
  record Fault(
      @Schema(description = "A JSON pointer into the body, or to a parameter.") String pointer,
      @Schema(description = "What is wrong there.") String detail) {}
}
