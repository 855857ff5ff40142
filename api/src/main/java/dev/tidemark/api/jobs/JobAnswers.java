package dev.tidemark.api.jobs;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.api.problem.Problem;
import dev.tidemark.api.problem.ProblemException;
import dev.tidemark.api.problem.ProblemType;
import dev.tidemark.api.security.Caller;
import dev.tidemark.contract.WireSerdes;
import dev.tidemark.contract.catalog.job.JobCatalog;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.MutableHttpResponse;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** What all endpoints about jobs have in common. */
public final class JobAnswers {
  static final String PATH = "/api/sync/jobs/";

  private JobAnswers() {}

  public static MutableHttpResponse<?> json(HttpStatus status, JsonNode json) {
    try {
      return HttpResponse.<byte[]>status(status)
          .body(WireSerdes.exactJson().writeValueAsBytes(json))
          .contentType(MediaType.APPLICATION_JSON_TYPE)
          .header(HttpHeaders.CACHE_CONTROL, "no-store");
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a JSON tree cannot be written", e);
    }
  }

  public static MutableHttpResponse<?> ok(JsonNode json) {
    return json(HttpStatus.OK, json);
  }

  public static String by(HttpRequest<?> request) {
    return "user/" + Caller.of(request).orElseThrow().subject();
  }

  public static ProblemException problem(ProblemType type) {
    return new ProblemException(Problem.of(type));
  }

  public static ProblemException problem(ProblemType type, String detail) {
    return new ProblemException(Problem.of(type, detail));
  }

  public static void requireJobs(JobCatalog catalog) {
    if (catalog.types().isEmpty()) {
      throw problem(ProblemType.NOT_FOUND, "The catalog of this deployment declares no jobs.");
    }
  }

  /** The only value of a query parameter. */
  static Optional<String> query(HttpRequest<?> request, String name) {
    List<String> given = request.getParameters().getAll(name);
    if (given.size() > 1) {
      throw new ProblemException(
          Problem.invalid("/query/" + name, "'" + name + "' is given more than once."));
    }
    return given.stream().findFirst();
  }

  static void onlyQuery(HttpRequest<?> request, Collection<String> names) {
    for (String name : request.getParameters().names()) {
      if (!names.contains(name)) {
        throw new ProblemException(
            Problem.invalid(
                "/query/" + name, "There is " + String.join(", ", names) + ", nothing else."));
      }
    }
  }

  static int number(HttpRequest<?> request, String name, int least, int most, int otherwise) {
    Optional<String> text = query(request, name);
    if (text.isEmpty()) {
      return otherwise;
    }
    if (text.get().matches("[0-9]{1,9}")) {
      int number = Integer.parseInt(text.get());
      if (number >= least && number <= most) {
        return number;
      }
    }
    throw new ProblemException(
        Problem.invalid(
            "/query/" + name, "'" + name + "' is a number from " + least + " to " + most + "."));
  }
}
