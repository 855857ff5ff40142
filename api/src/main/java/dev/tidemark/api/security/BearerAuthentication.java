package dev.tidemark.api.security;

import dev.tidemark.api.problem.Problem;
import dev.tidemark.api.problem.ProblemException;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.security.authentication.Authentication;
import io.micronaut.security.filters.AuthenticationFetcher;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Reads the bearer token of a request and lets the verifier judge it. */
@Singleton
final class BearerAuthentication implements AuthenticationFetcher<HttpRequest<?>> {
  private static final String SCHEME = "Bearer ";
  private static final String OFFERED = "tidemark.bearer.";
  private static final String REFUSAL = "tidemark.refusal";
  private static final Duration KEYS_RETRY = Duration.ofSeconds(5);

  private final TokenVerifier verifier;
  private final Optional<ScrapeToken> scrapeToken;
  private final ExecutorService blocking;

  BearerAuthentication(
      TokenSettings settings,
      Optional<ScrapeToken> scrapeToken,
      InstantSource clock,
      @Named(TaskExecutors.BLOCKING) ExecutorService blocking) {
    this.verifier = new TokenVerifier(settings, clock);
    this.scrapeToken = scrapeToken;
    this.blocking = blocking;
  }

  @Override
  public Publisher<Authentication> fetchAuthentication(HttpRequest<?> request) {
    List<String> headers = request.getHeaders().getAll(HttpHeaders.AUTHORIZATION);
    Optional<String> offered = offered(request);
    if (headers.isEmpty() && offered.isEmpty()) {
      return Mono.empty();
    }
    if (headers.size() > 1 || (!headers.isEmpty() && !startsWithScheme(headers.getFirst()))) {
      return refused(request, "one bearer token is expected");
    }
    String token =
        headers.isEmpty()
            ? offered.orElseThrow()
            : headers.getFirst().substring(SCHEME.length()).strip();
    if (scrapeToken.isPresent() && scrapeToken.get().is(token)) {
      return Mono.just(new CallerAuthentication(ScrapeToken.CALLER));
    }
    if (!verifier.mayBlock(token)) {
      return answer(request, verifier.judge(token));
    }
    return Mono.fromCallable(() -> verifier.judge(token))
        .subscribeOn(Schedulers.fromExecutorService(blocking))
        .flatMap(verdict -> answer(request, verdict));
  }

  /** Why the token of a request was refused; empty if there was none. */
  static Optional<String> refusalOf(HttpRequest<?> request) {
    return request.getAttribute(REFUSAL, String.class);
  }

  private static Mono<Authentication> answer(HttpRequest<?> request, Verdict verdict) {
    return switch (verdict) {
      case Verdict.Accepted accepted -> Mono.just(new CallerAuthentication(accepted.caller()));
      case Verdict.Refused refused -> refused(request, refused.reason());
      case Verdict.Undecided _ ->
          Mono.error(
              new ProblemException(
                  Problem.unavailable(
                      "The keys that tokens are checked with cannot be had right now.",
                      KEYS_RETRY)));
    };
  }

  private static Mono<Authentication> refused(HttpRequest<?> request, String reason) {
    request.setAttribute(REFUSAL, reason);
    return Mono.empty();
  }

  /** A browser can send no header with a WebSocket, but it can offer a protocol of this name. */
  private static Optional<String> offered(HttpRequest<?> request) {
    if (!request.getHeaders().contains(HttpHeaders.SEC_WEBSOCKET_KEY)) {
      return Optional.empty();
    }
    return request.getHeaders().getAll(HttpHeaders.SEC_WEBSOCKET_PROTOCOL).stream()
        .flatMap(header -> Arrays.stream(header.split(",", -1)))
        .map(String::strip)
        .filter(protocol -> protocol.startsWith(OFFERED))
        .map(protocol -> protocol.substring(OFFERED.length()))
        .findFirst();
  }

  private static boolean startsWithScheme(String header) {
    return header.regionMatches(true, 0, SCHEME, 0, SCHEME.length());
  }
}
