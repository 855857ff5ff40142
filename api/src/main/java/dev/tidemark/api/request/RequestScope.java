package dev.tidemark.api.request;

import io.micronaut.http.HttpRequest;

/**
 * What belongs to one request for as long as it is handled.
 *
 * @param startedNanos when its handling began, on the nano clock
 */
public record RequestScope(RequestId id, long startedNanos) {
  private static final String ATTRIBUTE = "tidemark.request";

  /**
   * The scope of a request. One is opened here if no filter did: errors that the framework finds
   * before the filters run need an id as well.
   */
  public static RequestScope of(HttpRequest<?> request) {
    return request
        .getAttribute(ATTRIBUTE, RequestScope.class)
        .orElseGet(
            () -> {
              RequestScope scope =
                  new RequestScope(
                      RequestId.of(request.getHeaders().get(RequestId.HEADER)), System.nanoTime());
              request.setAttribute(ATTRIBUTE, scope);
              return scope;
            });
  }
}
