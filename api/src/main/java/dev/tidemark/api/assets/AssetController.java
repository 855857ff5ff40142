package dev.tidemark.api.assets;

import dev.tidemark.api.problem.Documented;
import dev.tidemark.api.problem.Problem;
import dev.tidemark.api.problem.ProblemException;
import dev.tidemark.api.problem.ProblemType;
import dev.tidemark.api.request.AcceptEncoding;
import dev.tidemark.api.request.IfNoneMatch;
import io.micronaut.context.annotation.Context;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Header;
import io.micronaut.http.annotation.Produces;
import io.micronaut.security.annotation.Secured;
import io.micronaut.security.rules.SecurityRule;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Open to everyone: a browser sends no token with what a page refers to. */
@Context
@Controller(Assets.PATH)
@Secured(SecurityRule.IS_ANONYMOUS)
@Tag(name = "documents")
class AssetController {
  private static final String FOR_EVER = "public, max-age=31536000, immutable";

  @Get("/{file}")
  @Produces(MediaType.ALL)
  @ApiResponse(responseCode = Documented.REFUSED, ref = Documented.PROBLEM)
  @ApiResponse(responseCode = Documented.FAILED, ref = Documented.PROBLEM)
  @Operation(
      operationId = "getAsset",
      summary = "A file of a page",
      description =
          "Needs no token. The name has a hash of the content, so a copy may be kept for ever;"
              + " another hash is not found.")
  @ApiResponse(
      responseCode = "200",
      description = "The file.",
      content =
          @Content(mediaType = MediaType.ALL, schema = @Schema(type = "string", format = "binary")))
  @ApiResponse(responseCode = "304", description = "The caller has it.")
  MutableHttpResponse<?> asset(
      @Parameter(description = "The file, such as page-0123456789ab.css.") String file,
      @Parameter(description = "gzip, if the caller understands it.")
          @Header(HttpHeaders.ACCEPT_ENCODING)
          @Nullable String acceptEncoding,
      @Parameter(description = "The ETag of the copy that the caller has: 304 if it is the same.")
          @Header(HttpHeaders.IF_NONE_MATCH)
          @Nullable String ifNoneMatch) {
    Asset asset =
        Assets.at(Assets.PATH + "/" + file)
            .orElseThrow(() -> new ProblemException(Problem.of(ProblemType.NOT_FOUND)));
    boolean compressed = asset.gzip().isPresent() && AcceptEncoding.takesGzip(acceptEncoding);
    String etag = asset.etag(compressed);
    boolean known = ifNoneMatch != null && IfNoneMatch.matches(ifNoneMatch, etag);
    MutableHttpResponse<byte[]> response =
        known
            ? HttpResponse.notModified()
            : HttpResponse.ok(compressed ? asset.gzip().orElseThrow() : asset.content())
                .contentType(asset.type());
    if (compressed && !known) {
      response.header(HttpHeaders.CONTENT_ENCODING, "gzip");
    }
    if (asset.gzip().isPresent()) {
      response.header(HttpHeaders.VARY, HttpHeaders.ACCEPT_ENCODING);
    }
    return response.header(HttpHeaders.ETAG, etag).header(HttpHeaders.CACHE_CONTROL, FOR_EVER);
  }
}
