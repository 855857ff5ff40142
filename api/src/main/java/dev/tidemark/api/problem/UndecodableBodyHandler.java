package dev.tidemark.api.problem;

import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.server.exceptions.ExceptionHandler;
import io.netty.handler.codec.DecoderException;
import jakarta.inject.Singleton;

/** A body that is not encoded as its {@code Content-Encoding} says is the sender's fault. */
@Singleton
final class UndecodableBodyHandler
    implements ExceptionHandler<DecoderException, MutableHttpResponse<?>> {
  @Override
  @SuppressWarnings("rawtypes") // the interface is declared so
  public MutableHttpResponse<?> handle(HttpRequest request, DecoderException exception) {
    return ProblemResponses.fill(
        HttpResponse.badRequest(),
        Problem.of(
            ProblemType.BAD_REQUEST, "The body is not encoded as its Content-Encoding says."),
        request);
  }
}
