package dev.tidemark.api.health;

import dev.tidemark.api.problem.Documented;
import dev.tidemark.api.security.Caller;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.security.annotation.Secured;
import io.micronaut.security.rules.SecurityRule;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;

/** Open to everyone, because whoever restarts a process holds no token; details are not. */
@Controller("/health")
@Secured(SecurityRule.IS_ANONYMOUS)
@Tag(name = "operation")
class HealthController {
  private final HealthChecks checks;

  HealthController(HealthChecks checks) {
    this.checks = checks;
  }

  @Get
  @ExecuteOn(TaskExecutors.BLOCKING)
  @ApiResponse(responseCode = Documented.REFUSED, ref = Documented.PROBLEM)
  @ApiResponse(responseCode = Documented.FAILED, ref = Documented.PROBLEM)
  @Operation(
      operationId = "health",
      summary = "How the process and its components are",
      description =
          "The same as readiness. Components are listed for operators and admins; the status code"
              + " is for everyone.")
  @ApiResponse(responseCode = "200", description = "Every component does its work.")
  @ApiResponse(responseCode = "503", description = "At least one component is not well.")
  MutableHttpResponse<HealthReport> health(HttpRequest<?> request) {
    return readiness(request);
  }

  @Get("/liveness")
  @ApiResponse(responseCode = Documented.REFUSED, ref = Documented.PROBLEM)
  @ApiResponse(responseCode = Documented.FAILED, ref = Documented.PROBLEM)
  @Operation(
      operationId = "liveness",
      summary = "Whether the process is alive",
      description = "Restart the process if this does not answer. Asks no other component.")
  @ApiResponse(responseCode = "200", description = "The process is alive.")
  HealthReport liveness() {
    return HealthReport.ALIVE;
  }

  @Get("/readiness")
  @ExecuteOn(TaskExecutors.BLOCKING)
  @ApiResponse(responseCode = Documented.REFUSED, ref = Documented.PROBLEM)
  @ApiResponse(responseCode = Documented.FAILED, ref = Documented.PROBLEM)
  @Operation(
      operationId = "readiness",
      summary = "Whether the process can do its work",
      description =
          "Send requests elsewhere while this is not 200. Components are listed for operators and"
              + " admins.")
  @ApiResponse(responseCode = "200", description = "Every component does its work.")
  @ApiResponse(responseCode = "503", description = "At least one component is not well.")
  MutableHttpResponse<HealthReport> readiness(HttpRequest<?> request) {
    boolean withComponents = Caller.of(request).filter(Caller::operates).isPresent();
    HealthReport report = HealthReport.of(checks.ask(), withComponents);
    HttpStatus status = report.works() ? HttpStatus.OK : HttpStatus.SERVICE_UNAVAILABLE;
    return HttpResponse.<HealthReport>status(status).body(report);
  }
}
