package dev.tidemark.api.problem;

import io.micronaut.core.annotation.Introspected;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.security.annotation.Secured;
import io.micronaut.security.rules.SecurityRule;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.security.SecurityRequirement;
import io.swagger.v3.oas.annotations.tags.Tag;

/** Explains each type of problem in words, at the address that the problem names. */
@Controller("/problems")
@Secured(SecurityRule.IS_AUTHENTICATED)
@Tag(name = "problems")
@SecurityRequirement(name = "bearer")
class ProblemPages {
  /** One type of problem in words. */
  @Introspected
  @Schema(name = "ProblemPage", description = "One type of problem in words.")
  record Page(String type, String title, int status, String explanation) {}

  @Get("/{slug}")
  @ApiResponse(responseCode = Documented.REFUSED, ref = Documented.PROBLEM)
  @ApiResponse(responseCode = Documented.FAILED, ref = Documented.PROBLEM)
  @Operation(
      operationId = "explainProblem",
      summary = "What a type of problem means",
      description = "The page behind the 'type' of a problem: what it means and what to do.")
  @ApiResponse(responseCode = "200", description = "The type in words.")
  MutableHttpResponse<Page> explain(
      @Parameter(description = "The last part of the problem's type.") String slug) {
    ProblemType type =
        ProblemType.ofSlug(slug)
            .orElseThrow(
                () ->
                    new ProblemException(
                        Problem.of(
                            ProblemType.NOT_FOUND, "There is no type of problem of this name.")));
    return HttpResponse.ok(
            new Page(type.address(), type.title(), type.status(), type.explanation()))
        .header("Cache-Control", "private, max-age=86400");
  }
}
