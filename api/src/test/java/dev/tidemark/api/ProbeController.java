package dev.tidemark.api;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.api.problem.Problem;
import dev.tidemark.api.problem.ProblemException;
import io.micronaut.context.annotation.Requires;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Consumes;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.Produces;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.security.annotation.Secured;
import io.micronaut.security.rules.SecurityRule;
import java.time.Duration;
import java.util.Map;
import org.slf4j.LoggerFactory;

/** Routes that bring about what the product's own routes do not, or not yet. */
@Requires(env = "probe")
@Secured(SecurityRule.IS_AUTHENTICATED)
@Controller("/probe")
class ProbeController {
  @Get("/ok")
  Map<String, String> ok() {
    return Map.of("ok", "yes");
  }

  @Get("/logs")
  @ExecuteOn(TaskExecutors.BLOCKING)
  Map<String, String> logs() {
    LoggerFactory.getLogger("probe").warn("from within");
    return Map.of("thread", Thread.currentThread().isVirtual() ? "virtual" : "platform");
  }

  @Get("/page")
  @Produces(MediaType.TEXT_HTML)
  String page() {
    return "<p>hello</p>";
  }

  @Post("/body")
  @Consumes(MediaType.APPLICATION_JSON)
  Map<String, Integer> body(@Body JsonNode body) {
    return Map.of("size", body.size());
  }

  @Get("/number")
  Map<String, Integer> number(@QueryValue("n") int n) {
    return Map.of("n", n);
  }

  @Get("/broken")
  Map<String, String> broken() {
    throw new IllegalStateException("SELECT password FROM users on 127.0.0.1 failed");
  }

  @Get("/away")
  Map<String, String> away() {
    throw new ProblemException(Problem.unavailable("Come back later.", Duration.ofMillis(1_500)));
  }
}
