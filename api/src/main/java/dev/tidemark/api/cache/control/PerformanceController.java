package dev.tidemark.api.cache.control;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.api.cache.ViewCache;
import dev.tidemark.api.problem.Documented;
import dev.tidemark.api.security.Role;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micronaut.http.MediaType;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.security.annotation.Secured;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.security.SecurityRequirement;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.Collection;
import java.util.concurrent.TimeUnit;

/** A report of how the parts of this node perform. */
@Controller("/api/performance")
@Secured({Role.IS_OPERATOR, Role.IS_ADMIN})
@Tag(name = "cache")
@SecurityRequirement(name = "bearer")
class PerformanceController {
  private final ViewCache cache;
  private final CacheReport report;
  private final MeterRegistry meters;

  PerformanceController(ViewCache cache, CacheReport report, MeterRegistry meters) {
    this.cache = cache;
    this.report = report;
    this.meters = meters;
  }

  @Get
  @ExecuteOn(TaskExecutors.BLOCKING)
  @ApiResponse(responseCode = Documented.REFUSED, ref = Documented.PROBLEM)
  @ApiResponse(responseCode = Documented.FAILED, ref = Documented.PROBLEM)
  @Operation(
      operationId = "getPerformance",
      summary = "How the parts of this node perform",
      description = "Cache, the queue of device operations, polling and live, and all requests.")
  @ApiResponse(
      responseCode = "200",
      description = "The report.",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = CacheBodies.Performance.class)))
  MutableHttpResponse<?> performance() {
    ObjectNode json = Replies.object();
    ObjectNode cached = json.putObject("cache");
    cached.put("requests", report.hits() + report.misses());
    cached.put("hit_rate", report.hitRate());
    cached.put("fetch_ms", Replies.rounded(cache.meters().fetchMillis()));
    cached.put("invalidations", cache.meters().invalidations());
    cached.put("invalidation_ms", Replies.rounded(cache.meters().delayMillis()));
    cached.put("errors", cache.meters().errors());
    ObjectNode queue = json.putObject("queue");
    queue.put("batches", count("tidemark.sync.batches"));
    queue.put("batch_ms", mean("tidemark.sync.batches"));
    queue.put("waiting", gauge("tidemark.sync.waiting"));
    ObjectNode polling = json.putObject("polling");
    polling.put("pulls", count("tidemark.pull.pages"));
    polling.put("pull_ms", mean("tidemark.pull.pages"));
    polling.put("live_connections", gauge("tidemark.live.connections"));
    ObjectNode overall = json.putObject("overall");
    overall.put("requests", count("http.server.requests"));
    overall.put("response_ms", mean("http.server.requests"));
    overall.put("slowest_ms", slowest("http.server.requests"));
    overall.put("uptime_seconds", report.uptimeSeconds());
    return Replies.ok(json);
  }

  private Collection<Timer> timers(String name) {
    return meters.find(name).timers();
  }

  private long count(String name) {
    return timers(name).stream().mapToLong(Timer::count).sum();
  }

  private double mean(String name) {
    long count = count(name);
    double total =
        timers(name).stream().mapToDouble(timer -> timer.totalTime(TimeUnit.MILLISECONDS)).sum();
    return count == 0 ? 0 : Replies.rounded(total / count);
  }

  private double slowest(String name) {
    return Replies.rounded(
        timers(name).stream()
            .mapToDouble(timer -> timer.max(TimeUnit.MILLISECONDS))
            .max()
            .orElse(0));
  }

  private long gauge(String name) {
    return (long) meters.find(name).gauges().stream().mapToDouble(Gauge::value).sum();
  }
}
