package dev.tidemark.standalone.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.net.http.HttpResponse;
import java.util.TreeSet;

/** What every answer has to be, whatever was asked. */
final class Answers {
  private static final JsonMapper JSON = new JsonMapper();

  private Answers() {}

  /** Never our fault; a fault of the sender's is told as a problem. */
  static void check(String method, String said, HttpResponse<String> answer) {
    String context = said + "\n-> " + answer.statusCode() + " " + answer.body();
    // Only who wants what is on its way may be told to come again.
    boolean mayWait = said.contains("min_version=");
    assertThat(answer.statusCode())
        .as(context)
        .matches(status -> (status >= 200 && status <= 499) || (status == 503 && mayWait));
    if (answer.statusCode() >= 400 && !method.equals("HEAD")) {
      assertThat(answer.headers().firstValue("Content-Type").orElse(""))
          .as(context)
          .startsWith("application/problem+json");
      problem(read(answer.body()), answer.statusCode(), context);
      assertThat(answer.body())
          .as(context)
          .doesNotContainPattern("Exception|\\bat dev\\.|org\\.postgresql");
    }
  }

  /** Each operation of a batch has exactly one place in its answer. */
  static void checkBatch(int operations, JsonNode answer, String context) {
    TreeSet<Integer> places = new TreeSet<>();
    int count = 0;
    for (String list : new String[] {"successes", "conflicts", "errors"}) {
      for (JsonNode entry : answer.path(list)) {
        places.add(entry.path("index").asInt(-1));
        count++;
      }
    }
    for (JsonNode index : answer.path("pending")) {
      places.add(index.asInt());
      count++;
    }
    assertThat(count).as(context).isEqualTo(places.size());
    if (operations >= 0) {
      assertThat(count).as(context).isEqualTo(operations);
    }
    for (JsonNode error : answer.path("errors")) {
      assertThat(error.path("status").asInt()).as(context).isBetween(400, 499);
      problem(error, error.path("status").asInt(), context);
    }
  }

  private static void problem(JsonNode problem, int status, String context) {
    assertThat(problem.path("type").asText()).as(context).startsWith("/problems/");
    assertThat(problem.path("title").asText()).as(context).isNotBlank();
    assertThat(problem.path("status").asInt()).as(context).isEqualTo(status);
    assertThat(problem.path("detail").asText()).as(context).isNotBlank();
  }

  static JsonNode read(String body) {
    try {
      return JSON.readTree(body);
    } catch (JsonProcessingException e) {
      throw new AssertionError(body, e);
    }
  }
}
