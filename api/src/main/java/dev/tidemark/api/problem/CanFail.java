package dev.tidemark.api.problem;

import static java.lang.annotation.ElementType.METHOD;
import static java.lang.annotation.ElementType.TYPE;
import static java.lang.annotation.RetentionPolicy.RUNTIME;

import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import java.lang.annotation.Documented;
import java.lang.annotation.Retention;
import java.lang.annotation.Target;

/** Says in the OpenAPI document that an operation can end in a problem like any other. */
@Documented
@Retention(RUNTIME)
@Target({TYPE, METHOD})
@ApiResponse(
    responseCode = "default",
    description = "A problem: see its type.",
    content =
        @Content(
            mediaType = ProblemJson.MEDIA_TYPE,
            schema = @Schema(implementation = ProblemBody.class)))
public @interface CanFail {}
