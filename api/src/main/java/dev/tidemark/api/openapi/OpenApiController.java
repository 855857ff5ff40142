package dev.tidemark.api.openapi;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tidemark.api.problem.Documented;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Produces;
import io.micronaut.security.annotation.Secured;
import io.micronaut.security.rules.SecurityRule;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.security.SecurityRequirement;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** Serves the document to whoever may use what it describes. */
@Controller("/openapi.yml")
@Secured(SecurityRule.IS_AUTHENTICATED)
@Tag(name = "documents")
@SecurityRequirement(name = "bearer")
class OpenApiController {
  static final String RESOURCE = "/META-INF/swagger/tidemark-api.yml";

  @Get
  @Produces("application/yaml")
  @ApiResponse(responseCode = Documented.REFUSED, ref = Documented.PROBLEM)
  @ApiResponse(responseCode = Documented.FAILED, ref = Documented.PROBLEM)
  @Operation(
      operationId = "openapi",
      summary = "This document",
      description = "The OpenAPI document of this service, made from its code.")
  @ApiResponse(responseCode = "200", description = "The document.")
  String document() {
    try (InputStream resource = OpenApiController.class.getResourceAsStream(RESOURCE)) {
      if (resource == null) {
        throw new IllegalStateException("the jar holds no " + RESOURCE);
      }
      return new String(resource.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("the OpenAPI document cannot be read", e);
    }
  }
}
