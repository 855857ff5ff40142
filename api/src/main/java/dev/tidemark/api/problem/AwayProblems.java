package dev.tidemark.api.problem;

import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.server.exceptions.ExceptionHandler;
import jakarta.inject.Singleton;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is not there for the moment is no fault of the request: the caller comes again. */
@Singleton
final class AwayProblems implements ExceptionHandler<AwayException, MutableHttpResponse<?>> {
  private static final Logger LOG = LoggerFactory.getLogger(AwayProblems.class);
  private static final Duration RETRY = Duration.ofSeconds(1);

  @Override
  @SuppressWarnings("rawtypes") // the interface is declared so
  public MutableHttpResponse<?> handle(HttpRequest request, AwayException exception) {
    LOG.warn("A request cannot be answered: {}", exception.getMessage(), exception.getCause());
    Problem problem =
        Problem.unavailable("A part that the answer needs does not answer right now.", RETRY);
    HttpRequest<?> asked = request;
    return ProblemResponses.fill(
        HttpResponse.status(problem.type().status(), problem.type().title()), problem, asked);
  }
}
