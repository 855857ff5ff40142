package dev.tidemark.api.problem;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import dev.tidemark.api.request.RequestId;
import dev.tidemark.api.request.RequestScope;
import io.micronaut.core.convert.exceptions.ConversionErrorException;
import io.micronaut.core.type.Argument;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpMethod;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.server.exceptions.response.ErrorContext;
import io.micronaut.http.server.exceptions.response.ErrorResponseProcessor;
import io.micronaut.web.router.exceptions.UnsatisfiedRouteException;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Turns every error that the framework finds into a problem. The framework's own messages are not
 * passed on: they name classes and repeat input. What helps the caller is said again in our words.
 */
@Singleton
public final class ProblemResponses implements ErrorResponseProcessor<byte[]> {
  @Override
  public MutableHttpResponse<byte[]> processResponse(
      ErrorContext context, MutableHttpResponse<?> response) {
    Problem problem = problemOf(context, response.code());
    return fill(response.status(problem.type().status()), problem, context.getRequest());
  }

  /** Makes a response tell a problem. */
  public static MutableHttpResponse<byte[]> fill(
      MutableHttpResponse<?> response, Problem problem, HttpRequest<?> request) {
    problem
        .retryAfter()
        .ifPresent(after -> response.header(HttpHeaders.RETRY_AFTER, seconds(after)));
    @SuppressWarnings("unchecked") // a response without a body is a response of any body
    MutableHttpResponse<byte[]> typed = (MutableHttpResponse<byte[]>) response;
    typed.contentType(ProblemJson.MEDIA_TYPE);
    if (request.getMethod() != HttpMethod.HEAD) {
      RequestId id = RequestScope.of(request).id();
      typed.body(ProblemJson.bytes(problem, request.getPath(), id));
    }
    return typed;
  }

  /** Whole seconds, rounded up: asking again too early only costs another refusal. */
  public static String seconds(Duration duration) {
    return Long.toString(Math.max(1, duration.plusMillis(999).toSeconds()));
  }

  private static Problem problemOf(ErrorContext context, int status) {
    Optional<Throwable> cause = context.getRootCause();
    if (cause.isPresent()) {
      Throwable thrown = cause.get();
      JsonProcessingException json = find(thrown, JsonProcessingException.class);
      if (json != null && status < 500) {
        return malformed(json);
      }
      if (thrown instanceof ConversionErrorException conversion) {
        return unreadable(conversion.getArgument(), "could not be read");
      }
      if (thrown instanceof UnsatisfiedRouteException unsatisfied) {
        return unreadable(unsatisfied.getArgument(), "is missing");
      }
    }
    return Problem.of(ProblemType.ofStatus(status));
  }

  private static Problem unreadable(Argument<?> argument, String what) {
    String name = argument.getName();
    return Problem.invalid("/" + name, "'" + name + "' " + what + ".");
  }

  /** What is said of a body that is no JSON. */
  public static Problem malformed(JsonProcessingException exception) {
    if (find(exception, StreamConstraintsException.class) != null) {
      return Problem.of(
          ProblemType.MALFORMED_JSON, "The JSON nests too deeply or holds too long a value.");
    }
    JsonLocation location = exception.getLocation();
    if (location == null || location.getLineNr() < 1) {
      return Problem.of(ProblemType.MALFORMED_JSON, "The body is not one JSON document.");
    }
    String place = "line " + location.getLineNr() + ", column " + location.getColumnNr();
    return new Problem(
        ProblemType.MALFORMED_JSON,
        "The body is not one JSON document: it could not be read from " + place + " on.",
        List.of(new Problem.Fault("", place)),
        Optional.empty());
  }

  private static <T> @Nullable T find(Throwable thrown, Class<T> kind) {
    int depth = 0;
    for (Throwable t = thrown; t != null && depth < 10; t = t.getCause()) {
      if (kind.isInstance(t)) {
        return kind.cast(t);
      }
      depth++;
    }
    return null;
  }
}
