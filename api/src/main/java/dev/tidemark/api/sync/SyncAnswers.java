package dev.tidemark.api.sync;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.api.problem.Problem;
import dev.tidemark.api.problem.ProblemResponses;
import dev.tidemark.contract.WireSerdes;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.MutableHttpResponse;

/** Answers of this package as HTTP responses; numbers keep every digit. */
final class SyncAnswers {
  private SyncAnswers() {}

  static MutableHttpResponse<?> json(HttpStatus status, JsonNode json) {
    try {
      return HttpResponse.<byte[]>status(status)
          .body(WireSerdes.exactJson().writeValueAsBytes(json))
          .contentType(MediaType.APPLICATION_JSON_TYPE)
          .header(HttpHeaders.CACHE_CONTROL, "no-store");
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a JSON tree cannot be written", e);
    }
  }

  /** 200, or 202 with the place where the rest will be. */
  static MutableHttpResponse<?> batch(Answer answer) {
    return answer.settled()
        ? json(HttpStatus.OK, answer.json())
        : json(HttpStatus.ACCEPTED, answer.json())
            .header(HttpHeaders.LOCATION, "/api/sync/batches/" + answer.batch());
  }

  static MutableHttpResponse<?> problem(HttpRequest<?> request, Problem problem) {
    return ProblemResponses.fill(
        HttpResponse.status(problem.type().status(), problem.type().title()), problem, request);
  }
}
