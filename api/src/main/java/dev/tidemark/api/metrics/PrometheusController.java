package dev.tidemark.api.metrics;

import dev.tidemark.api.problem.Documented;
import dev.tidemark.api.security.Role;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Produces;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.security.annotation.Secured;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.security.SecurityRequirement;
import io.swagger.v3.oas.annotations.tags.Tag;

/** For Prometheus, which comes with an operator's token or the scrape token. */
@Controller("/prometheus")
@Secured({Role.IS_OPERATOR, Role.IS_ADMIN, Role.IS_SCRAPER})
@Tag(name = "operation")
@SecurityRequirement(name = "bearer")
class PrometheusController {
  private static final String TEXT_FORMAT = "text/plain; version=0.0.4; charset=utf-8";

  private final PrometheusMeterRegistry registry;

  PrometheusController(PrometheusMeterRegistry registry) {
    this.registry = registry;
  }

  @Get
  @Produces(TEXT_FORMAT)
  @ExecuteOn(TaskExecutors.BLOCKING)
  @ApiResponse(responseCode = Documented.REFUSED, ref = Documented.PROBLEM)
  @ApiResponse(responseCode = Documented.FAILED, ref = Documented.PROBLEM)
  @Operation(
      operationId = "metrics",
      summary = "All metrics of the process",
      description = "In the text format of Prometheus. Needs operator, admin or the scrape token.")
  @ApiResponse(responseCode = "200", description = "The metrics.")
  String metrics() {
    return registry.scrape();
  }
}
