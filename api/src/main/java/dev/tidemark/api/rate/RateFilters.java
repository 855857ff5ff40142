package dev.tidemark.api.rate;

import dev.tidemark.api.problem.Problem;
import dev.tidemark.api.problem.ProblemException;
import dev.tidemark.api.problem.ProblemResponses;
import dev.tidemark.api.request.Hop;
import dev.tidemark.api.security.Caller;
import io.github.bucket4j.TimeMeter;
import io.micronaut.core.order.Ordered;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.RequestFilter;
import io.micronaut.http.annotation.ResponseFilter;
import io.micronaut.http.annotation.ServerFilter;
import io.micronaut.http.filter.ServerFilterPhase;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;

/** The two limits: by address before the token is looked at, by subject after. */
final class RateFilters {
  private static final int MOST_KEYS = 50_000;
  private static final String ANSWER = "tidemark.rate";

  private RateFilters() {}

  /** Limits what one address may ask. */
  @ServerFilter("/**")
  static final class ByAddress implements Ordered {
    private final RateLimiter limiter;
    private final int hops;
    private final Peers peers;

    ByAddress(RateSettings settings, Peers peers) {
      this.peers = peers;
      this.limiter = new RateLimiter(settings.perAddress(), MOST_KEYS, TimeMeter.SYSTEM_NANOTIME);
      this.hops = settings.forwardedHops();
    }

    @Override
    public int getOrder() {
      return ServerFilterPhase.SECURITY.before();
    }

    @RequestFilter
    void limit(HttpRequest<?> request) {
      InetAddress peer = request.getRemoteAddress().getAddress();
      if (request.getHeaders().contains(Hop.HEADER) && peers.isPeer(peer)) {
        return;
      }
      List<String> forwarded =
          request.getHeaders().getAll("X-Forwarded-For").stream()
              .flatMap(header -> Arrays.stream(header.split(",", -1)))
              .toList();
      String key = ClientAddress.keyOf(peer, forwarded, hops);
      require(request, limiter, limiter.ask(key), "this address");
    }
  }

  /** Limits what one subject may ask, and tells every answer how much is left. */
  @ServerFilter("/**")
  static final class BySubject implements Ordered {
    private final RateLimiter limiter;

    BySubject(RateSettings settings) {
      this.limiter = new RateLimiter(settings.perSubject(), MOST_KEYS, TimeMeter.SYSTEM_NANOTIME);
    }

    @Override
    public int getOrder() {
      return ServerFilterPhase.SECURITY.after();
    }

    @RequestFilter
    void limit(HttpRequest<?> request) {
      Caller.of(request)
          .ifPresent(
              caller -> require(request, limiter, limiter.ask(caller.subject()), "this subject"));
    }
  }

  /** Puts the narrower limit that was asked into the headers of the answer, granted or not. */
  @ServerFilter("/**")
  static final class Tell implements Ordered {
    @Override
    public int getOrder() {
      return ServerFilterPhase.FIRST.after();
    }

    @ResponseFilter
    void tell(HttpRequest<?> request, MutableHttpResponse<?> response) {
      request
          .getAttribute(ANSWER, Told.class)
          .ifPresent(
              told -> {
                response.header(
                    "RateLimit-Policy",
                    "\"default\";q="
                        + told.rate().requests()
                        + ";w="
                        + told.rate().per().toSeconds());
                response.header(
                    "RateLimit",
                    "\"default\";r="
                        + told.answer().remaining()
                        + ";t="
                        + ProblemResponses.seconds(told.answer().retryAfter()));
              });
    }
  }

  private record Told(Rate rate, RateLimiter.Answer answer) {}

  private static void require(
      HttpRequest<?> request, RateLimiter limiter, RateLimiter.Answer answer, String whose) {
    request.setAttribute(ANSWER, new Told(limiter.rate(), answer));
    if (!answer.granted()) {
      throw new ProblemException(
          Problem.rateLimited(
              "More requests came in from "
                  + whose
                  + " than "
                  + limiter.rate().requests()
                  + " in "
                  + limiter.rate().per().toSeconds()
                  + " s.",
              answer.retryAfter()));
    }
  }
}
