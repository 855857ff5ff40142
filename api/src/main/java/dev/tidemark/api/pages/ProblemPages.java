package dev.tidemark.api.pages;

import dev.tidemark.api.problem.Documented;
import dev.tidemark.api.problem.Problem;
import dev.tidemark.api.problem.ProblemException;
import dev.tidemark.api.problem.ProblemType;
import dev.tidemark.api.request.Accept;
import io.micronaut.core.annotation.Introspected;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Produces;
import io.micronaut.security.annotation.Secured;
import io.micronaut.security.rules.SecurityRule;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;

/**
 * Explains each type of problem in words, at the address that the problem names. Open to everyone:
 * who follows the address in a browser can send no token, and a reader of 401 has none.
 */
@Controller("/problems")
@Secured(SecurityRule.IS_ANONYMOUS)
@Tag(name = "problems")
class ProblemPages {
  /** One type of problem in words. */
  @Introspected
  @Schema(name = "ProblemPage", description = "One type of problem in words.")
  record Page(String type, String title, int status, String explanation) {}

  @Get("/{slug}")
  @Produces({MediaType.APPLICATION_JSON, MediaType.TEXT_HTML})
  @ApiResponse(responseCode = Documented.REFUSED, ref = Documented.PROBLEM)
  @ApiResponse(responseCode = Documented.FAILED, ref = Documented.PROBLEM)
  @Operation(
      operationId = "explainProblem",
      summary = "What a type of problem means",
      description =
          "The page behind the 'type' of a problem: what it means and what to do. Needs no token."
              + " A browser gets a page, whoever else JSON.")
  @ApiResponse(
      responseCode = "200",
      description = "The type in words.",
      content = {
        @Content(
            mediaType = MediaType.APPLICATION_JSON,
            schema = @Schema(implementation = Page.class)),
        @Content(mediaType = MediaType.TEXT_HTML, schema = @Schema(type = "string"))
      })
  MutableHttpResponse<?> explain(
      HttpRequest<?> request,
      @Parameter(description = "The last part of the problem's type.") String slug) {
    ProblemType type =
        ProblemType.ofSlug(slug)
            .orElseThrow(
                () ->
                    new ProblemException(
                        Problem.of(
                            ProblemType.NOT_FOUND, "There is no type of problem of this name.")));
    return Accept.prefersPage(request.getHeaders().getAll(HttpHeaders.ACCEPT))
        ? page(type)
        : json(type);
  }

  private static MutableHttpResponse<?> json(ProblemType type) {
    return HttpResponse.ok(
            new Page(type.address(), type.title(), type.status(), type.explanation()))
        .contentType(MediaType.APPLICATION_JSON_TYPE)
        .header(HttpHeaders.CACHE_CONTROL, "private, max-age=86400")
        .header(HttpHeaders.VARY, HttpHeaders.ACCEPT);
  }

  /** Asked for each time: after an update it refers to other assets. */
  private static MutableHttpResponse<?> page(ProblemType type) {
    return HttpResponse.ok(ProblemHtml.of(type))
        .contentType("text/html; charset=utf-8")
        .header(HttpHeaders.CACHE_CONTROL, "private, no-cache")
        .header(HttpHeaders.VARY, HttpHeaders.ACCEPT);
  }
}
