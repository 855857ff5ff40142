package dev.tidemark.api.security;

import dev.tidemark.api.problem.Problem;
import dev.tidemark.api.problem.ProblemResponses;
import dev.tidemark.api.problem.ProblemType;
import io.micronaut.context.annotation.Replaces;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.server.exceptions.ExceptionHandler;
import io.micronaut.security.authentication.AuthorizationException;
import io.micronaut.security.authentication.DefaultAuthorizationExceptionHandler;
import jakarta.inject.Singleton;
import java.util.Optional;

/** 401 with a challenge for the unknown, 403 for the known who may not. */
@Singleton
@Replaces(DefaultAuthorizationExceptionHandler.class)
final class AuthorizationProblems
    implements ExceptionHandler<AuthorizationException, MutableHttpResponse<?>> {
  private static final String CHALLENGE = "Bearer realm=\"tidemark\"";

  @Override
  @SuppressWarnings("rawtypes") // the interface is declared so
  public MutableHttpResponse<?> handle(HttpRequest request, AuthorizationException exception) {
    HttpRequest<?> asked = request;
    if (exception.isForbidden()) {
      return answer(asked, Problem.of(ProblemType.FORBIDDEN));
    }
    Optional<String> refusal = BearerAuthentication.refusalOf(asked);
    Problem problem =
        refusal
            .map(reason -> Problem.of(ProblemType.UNAUTHENTICATED, sentence(reason)))
            .orElseGet(() -> Problem.of(ProblemType.UNAUTHENTICATED));
    String challenge =
        refusal
            .map(
                reason ->
                    CHALLENGE + ", error=\"invalid_token\", error_description=\"" + reason + "\"")
            .orElse(CHALLENGE);
    return answer(asked, problem).header(HttpHeaders.WWW_AUTHENTICATE, challenge);
  }

  private static MutableHttpResponse<?> answer(HttpRequest<?> request, Problem problem) {
    return ProblemResponses.fill(
        HttpResponse.status(problem.type().status(), problem.type().title()), problem, request);
  }

  private static String sentence(String reason) {
    return Character.toUpperCase(reason.charAt(0)) + reason.substring(1) + ".";
  }
}
