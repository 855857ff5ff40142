package dev.tidemark.api.live;

import dev.tidemark.api.problem.Documented;
import dev.tidemark.api.pull.Changes;
import dev.tidemark.api.security.Caller;
import dev.tidemark.api.security.Role;
import dev.tidemark.contract.catalog.Catalog;
import dev.tidemark.pipeline.scopelog.core.Reading;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Header;
import io.micronaut.http.annotation.Produces;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.http.sse.Event;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.security.annotation.Secured;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.security.SecurityRequirement;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;

/** The second door: the same as server-sent events. */
@Controller("/api/sync/live")
@Secured(Role.IS_DEVICE)
@Tag(name = "changes")
@SecurityRequirement(name = "bearer")
class LiveEvents {
  private final Catalog catalog;
  private final Changes changes;
  private final LiveHub hub;

  LiveEvents(Catalog catalog, Changes changes, LiveHub hub) {
    this.catalog = catalog;
    this.changes = changes;
    this.hub = hub;
  }

  @Get
  @Produces(MediaType.TEXT_EVENT_STREAM)
  @ExecuteOn(TaskExecutors.BLOCKING)
  @ApiResponse(responseCode = Documented.REFUSED, ref = Documented.PROBLEM)
  @ApiResponse(responseCode = Documented.FAILED, ref = Documented.PROBLEM)
  @Operation(
      operationId = "live",
      summary = "Changes as they land",
      description =
          "Server-sent events: what has happened since the cursor, then what happens. The id of an"
              + " event is the cursor behind it. The same path takes a WebSocket: see docs/api.md.")
  @ApiResponse(
      responseCode = "200",
      description = "Events: changes, caught_up, outcome, heartbeat, error.",
      content =
          @Content(mediaType = MediaType.TEXT_EVENT_STREAM, schema = @Schema(type = "string")))
  MutableHttpResponse<Publisher<Event<String>>> events(
      HttpRequest<?> request,
      @Parameter(description = "Where to go on; absent for a first sync.") @QueryValue("cursor")
          @Nullable String cursor,
      @Parameter(description = "Entity types, with commas between; all if absent.")
          @QueryValue("types")
          @Nullable String types,
      @Parameter(description = "The id of the last event, when a connection is made again.")
          @Header("Last-Event-ID")
          @Nullable String lastEvent) {
    Caller caller = Caller.of(request).orElseThrow();
    Optional<String> from =
        Optional.ofNullable(lastEvent)
            .filter(text -> !text.isEmpty())
            .or(() -> Optional.ofNullable(cursor));
    Subscription subscription = Subscription.of(from, Optional.ofNullable(types), catalog);
    Reading reading =
        from.map(
                text ->
                    changes.reading(
                        text,
                        types == null ? Optional.empty() : Optional.of(subscription.types()),
                        caller))
            .orElse(null);
    EventLine line = new EventLine();
    Subscriber subscriber = new Subscriber(subscription, reading, caller, line, changes);
    Publisher<Event<String>> events = line.events().doFinally(_ -> hub.remove(subscriber));
    hub.add(subscriber);
    return HttpResponse.ok(events)
        .contentType(MediaType.TEXT_EVENT_STREAM_TYPE)
        .header(HttpHeaders.CACHE_CONTROL, "private, no-store")
        .header("X-Accel-Buffering", "no");
  }
}
