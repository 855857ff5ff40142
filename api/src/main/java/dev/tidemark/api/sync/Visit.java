package dev.tidemark.api.sync;

import dev.tidemark.api.request.RequestId;
import dev.tidemark.api.request.RequestScope;
import dev.tidemark.api.security.Caller;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import java.time.Duration;

/**
 * Who asks, in which request, and how long they wait.
 *
 * @param authorization the header as it came: another node checks the token itself
 */
public record Visit(Caller caller, String authorization, RequestId request, Duration patience) {
  public static Visit of(HttpRequest<?> request, Duration patience) {
    return new Visit(
        Caller.of(request).orElseThrow(),
        request.getHeaders().get(HttpHeaders.AUTHORIZATION, String.class).orElse(""),
        RequestScope.of(request).id(),
        patience);
  }
}
