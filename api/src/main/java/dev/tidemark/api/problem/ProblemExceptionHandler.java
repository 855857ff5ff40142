package dev.tidemark.api.problem;

import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.server.exceptions.ExceptionHandler;
import jakarta.inject.Singleton;

/** Answers with the problem that our own code raised. */
@Singleton
final class ProblemExceptionHandler
    implements ExceptionHandler<ProblemException, MutableHttpResponse<?>> {
  @Override
  @SuppressWarnings("rawtypes") // the interface is declared so
  public MutableHttpResponse<?> handle(HttpRequest request, ProblemException exception) {
    Problem problem = exception.problem();
    return ProblemResponses.fill(
        HttpResponse.status(problem.type().status(), problem.type().title()), problem, request);
  }
}
