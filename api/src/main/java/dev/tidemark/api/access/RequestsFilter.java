package dev.tidemark.api.access;

import dev.tidemark.api.request.RequestId;
import dev.tidemark.api.request.RequestScope;
import dev.tidemark.api.security.Caller;
import io.micrometer.core.instrument.Meter.MeterProvider;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micronaut.context.propagation.slf4j.MdcPropagationContext;
import io.micronaut.core.order.Ordered;
import io.micronaut.core.propagation.MutablePropagatedContext;
import io.micronaut.http.BasicHttpAttributes;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.RequestFilter;
import io.micronaut.http.annotation.ResponseFilter;
import io.micronaut.http.annotation.ServerFilter;
import io.micronaut.http.filter.ServerFilterPhase;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * The outermost filter: gives the request its id, and writes its log line and its time when it is
 * answered. The log names the template of the path, never the path: ids and queries are the
 * callers' data.
 */
@ServerFilter("/**")
final class RequestsFilter implements Ordered {
  static final String REQUEST_ID = "requestId";
  static final String UNMATCHED = "(none)";

  /** How a route says of a variable that it takes any characters. */
  private static final String ANYTHING = ":[^/]+}";

  private static final Logger ACCESS = LoggerFactory.getLogger("dev.tidemark.api.access");
  private static final Duration[] BUCKETS = {
    Duration.ofMillis(1),
    Duration.ofMillis(2),
    Duration.ofMillis(5),
    Duration.ofMillis(10),
    Duration.ofMillis(25),
    Duration.ofMillis(50),
    Duration.ofMillis(100),
    Duration.ofMillis(250),
    Duration.ofMillis(500),
    Duration.ofSeconds(1),
    Duration.ofMillis(2500),
    Duration.ofSeconds(5),
    Duration.ofSeconds(10)
  };

  private final MeterProvider<Timer> timers;

  RequestsFilter(MeterRegistry meters) {
    this.timers =
        Timer.builder("http.server.requests")
            .description("Time from a request's first filter to its answer.")
            .serviceLevelObjectives(BUCKETS)
            .withRegistry(meters);
  }

  @Override
  public int getOrder() {
    return ServerFilterPhase.FIRST.before();
  }

  @RequestFilter
  void begin(HttpRequest<?> request, MutablePropagatedContext context) {
    RequestScope scope = RequestScope.of(request);
    context.add(new MdcPropagationContext(Map.of(REQUEST_ID, scope.id().text())));
  }

  @ResponseFilter
  void end(HttpRequest<?> request, MutableHttpResponse<?> response) {
    RequestScope scope = RequestScope.of(request);
    response.header(RequestId.HEADER, scope.id().text());
    long nanos = System.nanoTime() - scope.startedNanos();
    String path =
        BasicHttpAttributes.getUriTemplate(request).orElse(UNMATCHED).replace(ANYTHING, "}");
    String status = Integer.toString(response.code());
    timers
        .withTags("method", request.getMethod().name(), "uri", path, "status", status)
        .record(nanos, TimeUnit.NANOSECONDS);
    log(request, response, scope, path, nanos);
  }

  private static void log(
      HttpRequest<?> request,
      MutableHttpResponse<?> response,
      RequestScope scope,
      String path,
      long nanos) {
    // The last filter may run on a thread that the context was not carried to.
    Optional<String> outside = Optional.ofNullable(MDC.get(REQUEST_ID));
    MDC.put(REQUEST_ID, scope.id().text());
    try {
      LoggingEventBuilder line =
          ACCESS
              .atInfo()
              .addKeyValue("method", request.getMethod().name())
              .addKeyValue("path", path)
              .addKeyValue("status", response.code())
              .addKeyValue("millis", nanos / 1_000_000.0);
      Optional<Caller> caller = Caller.of(request);
      if (caller.isPresent()) {
        line = line.addKeyValue("subject", caller.get().subject());
        Optional<String> device = caller.get().device();
        if (device.isPresent()) {
          line = line.addKeyValue("device", device.get());
        }
      }
      line.log("{} {} {}", request.getMethod(), path, response.code());
    } finally {
      outside.ifPresentOrElse(id -> MDC.put(REQUEST_ID, id), () -> MDC.remove(REQUEST_ID));
    }
  }
}
