package dev.tidemark.api.webhooks;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.api.jobs.JobAnswers;
import dev.tidemark.api.jobs.JobDesk;
import dev.tidemark.api.jobs.JobFaults;
import dev.tidemark.api.jobs.JobJson;
import dev.tidemark.api.jobs.Submissions;
import dev.tidemark.api.problem.Documented;
import dev.tidemark.api.problem.Problem;
import dev.tidemark.api.problem.ProblemException;
import dev.tidemark.api.problem.ProblemType;
import dev.tidemark.contract.catalog.Catalog;
import dev.tidemark.contract.catalog.job.JobCatalog;
import dev.tidemark.contract.job.JobCommand;
import dev.tidemark.contract.webhook.WebhookSignature;
import dev.tidemark.contract.webhook.WebhookSignature.Verdict;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Consumes;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Post;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.security.annotation.Secured;
import io.micronaut.security.rules.SecurityRule;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What other programs tell us becomes a job. Open to those without a token, and to nobody without a
 * signature: where no secret is set, everything is refused.
 */
@Controller("/api/webhooks")
@Secured(SecurityRule.IS_ANONYMOUS)
@Tag(name = "webhooks")
class WebhookController {
  private static final Logger LOG = LoggerFactory.getLogger(WebhookController.class);
  private static final String TYPE = "receive_webhook";
  private static final int LARGEST_BODY = 48 * 1024;
  private static final int LONGEST_HEADER = 200;
  private static final Pattern PART = Pattern.compile("[a-z0-9_-]{1,40}");
  private static final Pattern ID = Pattern.compile("[!-~]{1,100}");
  private static final List<String> KEPT =
      List.of(HttpHeaders.CONTENT_TYPE, HttpHeaders.USER_AGENT, WebhookSignature.EVENT_HEADER);

  /** A source without a secret takes as long to refuse as one with another. */
  private static final String NOBODYS = UUID.randomUUID().toString();

  private final WebhookSettings settings;
  private final JobDesk desk;
  private final JobCatalog catalog;
  private final Submissions submissions;
  private final InstantSource clock;

  WebhookController(
      WebhookSettings settings,
      JobDesk desk,
      Catalog catalog,
      Submissions submissions,
      InstantSource clock) {
    this.settings = settings;
    this.desk = desk;
    this.catalog = catalog.jobs();
    this.submissions = submissions;
    this.clock = clock;
  }

  @Post("/{source}")
  @Consumes(MediaType.ALL)
  @ExecuteOn(TaskExecutors.BLOCKING)
  @ApiResponse(responseCode = Documented.REFUSED, ref = Documented.PROBLEM)
  @ApiResponse(responseCode = Documented.FAILED, ref = Documented.PROBLEM)
  @Operation(
      operationId = "receiveWebhook",
      summary = "What another program tells us",
      description =
          "Needs no token but the header Tidemark-Signature, made with the secret of the source, and Tidemark-Id, the same each time the same is told.")
  @RequestBody(required = true, content = @Content(mediaType = MediaType.ALL))
  @ApiResponse(
      responseCode = "202",
      description = "It is on its way.",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = WebhookBodies.Taken.class)))
  MutableHttpResponse<?> receive(
      HttpRequest<?> request,
      @Parameter(in = ParameterIn.PATH, description = "Who tells it.") String source,
      @Body byte @Nullable [] body) {
    return receive(request, Optional.of(source).filter(WebhookController::isPart), body);
  }

  @Post("/{source}/{name}")
  @Consumes(MediaType.ALL)
  @ExecuteOn(TaskExecutors.BLOCKING)
  @ApiResponse(responseCode = Documented.REFUSED, ref = Documented.PROBLEM)
  @ApiResponse(responseCode = Documented.FAILED, ref = Documented.PROBLEM)
  @Operation(
      operationId = "receiveNamedWebhook",
      summary = "What one of many programs of a kind tells us",
      description =
          "The same, of a source such as integration/1: a sales platform of which something is read then.")
  @RequestBody(required = true, content = @Content(mediaType = MediaType.ALL))
  @ApiResponse(
      responseCode = "202",
      description = "It is on its way.",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = WebhookBodies.Taken.class)))
  MutableHttpResponse<?> receive(
      HttpRequest<?> request,
      @Parameter(in = ParameterIn.PATH, description = "What kind of program.") String source,
      @Parameter(in = ParameterIn.PATH, description = "Which of them.") String name,
      @Body byte @Nullable [] body) {
    return receive(
        request,
        Optional.of(source + "/" + name).filter(_ -> isPart(source) && isPart(name)),
        body);
  }

  private static boolean isPart(String text) {
    return PART.matcher(text).matches();
  }

  private MutableHttpResponse<?> receive(
      HttpRequest<?> request, Optional<String> named, byte @Nullable [] given) {
    byte[] body = given == null ? new byte[0] : given;
    verify(request, named, body);
    String source = named.orElseThrow();
    if (catalog.type(TYPE).isEmpty()) {
      throw JobAnswers.problem(
          ProblemType.NOT_FOUND, "The catalog of this deployment declares no " + TYPE + ".");
    }
    if (body.length > LARGEST_BODY) {
      throw tooLarge();
    }
    String id =
        header(request, WebhookSignature.ID_HEADER)
            .filter(text -> ID.matcher(text).matches())
            .orElseThrow(
                () ->
                    new ProblemException(
                        Problem.invalid(
                            "/header/" + WebhookSignature.ID_HEADER,
                            "'%s' is 1 to 100 characters without spaces."
                                .formatted(WebhookSignature.ID_HEADER))));
    JobCommand.Submit submit = job(request, source, id, text(body));
    desk.say(List.of(submit));
    LOG.info("{} tells {}, which is the job {}", source, id, submit.id());
    return JobAnswers.json(HttpStatus.ACCEPTED, JobJson.object().put("job", submit.id()));
  }

  private void verify(HttpRequest<?> request, Optional<String> source, byte[] body) {
    Optional<String> secret = source.flatMap(settings::secretOf);
    Verdict verdict =
        WebhookSignature.verify(
            secret.orElse(NOBODYS),
            header(request, WebhookSignature.HEADER).orElse(""),
            header(request, WebhookSignature.ID_HEADER).orElse(""),
            body,
            clock.instant(),
            WebhookSignature.TOLERANCE);
    if (secret.isEmpty() || verdict == Verdict.FORGED || verdict == Verdict.UNREADABLE) {
      throw JobAnswers.problem(
          ProblemType.UNAUTHENTICATED,
          "The call bears no %s of this source.".formatted(WebhookSignature.HEADER));
    }
    if (verdict == Verdict.STALE) {
      throw JobAnswers.problem(
          ProblemType.UNAUTHENTICATED,
          "The call was signed more than %d minutes ago, or by a clock that is ahead."
              .formatted(WebhookSignature.TOLERANCE.toMinutes()));
    }
  }

  private JobCommand.Submit job(HttpRequest<?> request, String source, String id, String body) {
    ObjectNode wanted = JobJson.object().put("type", TYPE);
    wanted.put("unique_key", source + "/" + id);
    ObjectNode input = wanted.putObject("input").put("source", source).put("id", id);
    ObjectNode headers = input.putObject("headers");
    for (String name : KEPT) {
      header(request, name)
          .filter(value -> value.length() <= LONGEST_HEADER)
          .ifPresent(value -> headers.put(name, value));
    }
    input.put("body", body);
    JobFaults faults = new JobFaults();
    return submissions
        .read(wanted, "", false, "webhook/" + source, clock.instant(), faults)
        // Nothing else can be wrong with it.
        .orElseThrow(WebhookController::tooLarge);
  }

  private static ProblemException tooLarge() {
    return JobAnswers.problem(
        ProblemType.BODY_TOO_LARGE,
        "What is told may have %,d bytes, less if much of it has to be escaped in JSON."
            .formatted(LARGEST_BODY));
  }

  private static String text(byte[] body) {
    try {
      String text = UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
      if (text.indexOf('\0') < 0) {
        return text;
      }
    } catch (CharacterCodingException _) {
      // Said below.
    }
    throw JobAnswers.problem(ProblemType.BAD_REQUEST, "The body is no text in UTF-8.");
  }

  private static Optional<String> header(HttpRequest<?> request, String name) {
    List<String> all = request.getHeaders().getAll(name);
    return all.size() == 1 ? Optional.of(all.getFirst()) : Optional.empty();
  }
}
