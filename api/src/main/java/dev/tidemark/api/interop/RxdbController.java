package dev.tidemark.api.interop;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.api.live.LiveHub;
import dev.tidemark.api.live.Subscriber;
import dev.tidemark.api.live.Subscription;
import dev.tidemark.api.problem.Documented;
import dev.tidemark.api.problem.Problem;
import dev.tidemark.api.problem.ProblemException;
import dev.tidemark.api.pull.ChangeFeed;
import dev.tidemark.api.pull.Changes;
import dev.tidemark.api.pull.PullSettings;
import dev.tidemark.api.security.Caller;
import dev.tidemark.api.security.Role;
import dev.tidemark.api.sync.SyncSettings;
import dev.tidemark.api.sync.Visit;
import dev.tidemark.api.wire.RequestJson;
import dev.tidemark.contract.EntityKey;
import dev.tidemark.contract.WireSerdes;
import dev.tidemark.pipeline.scopelog.core.Entry;
import dev.tidemark.pipeline.scopelog.core.LogView;
import dev.tidemark.pipeline.scopelog.core.Reading;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Consumes;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Post;
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
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.security.SecurityRequirement;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;

/** The server half of RxDB's replication, for one entity type each. */
@Controller("/interop/rxdb/{type}")
@Secured(Role.IS_DEVICE)
@Tag(name = "interop")
@SecurityRequirement(name = "bearer")
class RxdbController {
  private static final int PAGE = 100;
  private static final int LARGEST_PAGE = 5_000;
  private static final Duration RETRY = Duration.ofSeconds(1);

  private final Changes changes;
  private final ChangeFeed feed;
  private final LiveHub hub;
  private final Pushes pushes;
  private final Present present;
  private final RequestJson json;
  private final SyncSettings sync;
  private final PullSettings pulls;
  private final InteropMeters meters;

  RxdbController(
      Changes changes,
      ChangeFeed feed,
      LiveHub hub,
      Pushes pushes,
      Present present,
      RequestJson json,
      SyncSettings sync,
      PullSettings pulls,
      InteropMeters meters) {
    this.changes = changes;
    this.feed = feed;
    this.hub = hub;
    this.pushes = pushes;
    this.present = present;
    this.json = json;
    this.sync = sync;
    this.pulls = pulls;
    this.meters = meters;
  }

  @Get("/pull")
  @ExecuteOn(TaskExecutors.BLOCKING)
  @ApiResponse(responseCode = Documented.REFUSED, ref = Documented.PROBLEM)
  @ApiResponse(responseCode = Documented.FAILED, ref = Documented.PROBLEM)
  @Operation(
      operationId = "pullRxdb",
      summary = "What an RxDB collection lacks",
      description =
          "What the pull handler of the package returns. Fewer documents than the limit mean that"
              + " there are no more right now. 410 if the cursor is too old: pull everything without"
              + " one, and drop what does not come.")
  @ApiResponse(
      responseCode = "200",
      description = "Documents, and where to go on.",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = InteropBodies.RxdbPulled.class)))
  MutableHttpResponse<?> pull(
      HttpRequest<?> request,
      @Parameter(description = "The entity type.") String type,
      @Parameter(description = "The cursor of the checkpoint; absent at first.")
          @QueryValue("cursor")
          @Nullable String cursor,
      @Parameter(
              description = "How many documents, at least, if there are as many: 100 by default.",
              schema = @Schema(type = "integer", minimum = "1", maximum = "5000"))
          @QueryValue("limit")
          @Nullable String limit)
      throws IOException {
    long started = System.nanoTime();
    Caller caller = Caller.of(request).orElseThrow();
    String named = present.type(type).name();
    int most = limit(limit);
    Optional<Reading> reading =
        Optional.ofNullable(cursor)
            .filter(text -> !text.isEmpty())
            .map(text -> changes.reading(text, Optional.of(new TreeSet<>(Set.of(named))), caller));
    Rows rows = present.rows(Dialect.RXDB, named);
    present.await();
    Spool spool = new Spool(pulls.pageBytes());
    boolean written = false;
    try {
      new RxdbPull(changes, rows, named, caller).write(reading, most, spool);
      MutableHttpResponse<?> answer = spool.answer();
      written = true;
      meters.pulled(Dialect.RXDB, reading.isEmpty() ? "first" : "delta", started);
      return answer;
    } finally {
      if (!written) {
        spool.abandon();
      }
    }
  }

  private static int limit(@Nullable String text) {
    if (text == null) {
      return PAGE;
    }
    if (text.matches("\\d{1,4}")) {
      int limit = Integer.parseInt(text);
      if (limit >= 1 && limit <= LARGEST_PAGE) {
        return limit;
      }
    }
    throw new ProblemException(
        Problem.invalid(
            "/query/limit", "'limit' is a whole number from 1 to " + LARGEST_PAGE + "."));
  }

  @Post("/push")
  @Consumes(MediaType.APPLICATION_JSON)
  @ExecuteOn(TaskExecutors.BLOCKING)
  @ApiResponse(responseCode = Documented.REFUSED, ref = Documented.PROBLEM)
  @ApiResponse(responseCode = Documented.FAILED, ref = Documented.PROBLEM)
  @Operation(
      operationId = "pushRxdb",
      summary = "What was done to an RxDB collection",
      description =
          "Takes what the push handler of the package hands over. Each row is an operation that is"
              + " decided like any other; 'conflicts' has every row that is not as the device has"
              + " it, merged and refused ones too. 503 if not all of it is through in time: sending"
              + " it again is safe.")
  @RequestBody(
      required = true,
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = InteropBodies.RxdbPush.class)))
  @ApiResponse(
      responseCode = "200",
      description = "Rows that are not as the device has them, and what became of each operation.",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = InteropBodies.RxdbPushed.class)))
  MutableHttpResponse<?> push(
      HttpRequest<?> request,
      @Body byte[] body,
      @Parameter(description = "The entity type.") String type,
      @Parameter(description = "How conflicts are decided, as in a batch; merge by default.")
          @QueryValue("strategy")
          @Nullable String strategy)
      throws IOException {
    long started = System.nanoTime();
    Visit visit = Visit.of(request, sync.patience());
    String named = present.type(type).name();
    ObjectNode push = json.object(body);
    if (!(push.get("rows") instanceof ArrayNode pushed)) {
      throw PushRequest.invalid("/rows", "'rows' is missing, or no array.");
    }
    PushRequest.requireFew(pushed.size(), "/rows");
    Rows rows = present.rows(Dialect.RXDB, named);
    List<RxdbPush.Row> read = RxdbPush.read(named, rows, pushed);
    List<Settled> settled =
        pushes.take(
            Dialect.RXDB,
            read.stream().map(RxdbPush.Row::pushed).toList(),
            PushRequest.sent(push),
            PushRequest.strategy(strategy),
            visit);
    meters.pushed(Dialect.RXDB, settled, started);
    if (settled.stream().anyMatch(Settled::isPending)) {
      throw new ProblemException(
          Problem.unavailable(
              "Not all of it is through yet. What is will be answered as it was.", RETRY));
    }
    present.await();
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    answer.putArray("conflicts").addAll(conflicts(rows, read, settled, visit.caller().scopes()));
    ArrayNode outcomes = answer.putArray("outcomes");
    settled.forEach(one -> outcomes.add(one.outcome()));
    return answer(answer);
  }

  private Collection<ObjectNode> conflicts(
      Rows rows, List<RxdbPush.Row> read, List<Settled> settled, Set<String> scopes) {
    Map<Pushed, Settled> bySource = new HashMap<>();
    settled.forEach(one -> bySource.put(one.pushed(), one));
    Map<String, ObjectNode> conflicts = new LinkedHashMap<>();
    try (LogView log = feed.view()) {
      for (RxdbPush.Row row : read) {
        String id = row.pushed().idText();
        EntityKey key = Optional.ofNullable(bySource.get(row.pushed())).orElseThrow().key();
        ObjectNode now =
            log.newest(scopes, key.type(), key.id())
                .filter(Entry::put)
                .map(rows::told)
                .orElseGet(() -> Rows.gone(id));
        if (!row.isMetBy(now)) {
          conflicts.put(id, now.put(Dialect.ID, id));
        }
      }
    }
    return conflicts.values();
  }

  @Get("/stream")
  @Produces(MediaType.TEXT_EVENT_STREAM)
  @ExecuteOn(TaskExecutors.BLOCKING)
  @ApiResponse(responseCode = Documented.REFUSED, ref = Documented.PROBLEM)
  @ApiResponse(responseCode = Documented.FAILED, ref = Documented.PROBLEM)
  @Operation(
      operationId = "streamRxdb",
      summary = "When an RxDB collection has something to pull",
      description =
          "Server-sent events without content: 'resync' at once, and whenever something new is"
              + " there, at most five times a second. Hand each to the package as RESYNC.")
  @ApiResponse(
      responseCode = "200",
      description = "Events: resync, heartbeat, error.",
      content =
          @Content(mediaType = MediaType.TEXT_EVENT_STREAM, schema = @Schema(type = "string")))
  MutableHttpResponse<Publisher<Event<String>>> stream(
      HttpRequest<?> request, @Parameter(description = "The entity type.") String type) {
    Caller caller = Caller.of(request).orElseThrow();
    String named = present.type(type).name();
    Reading now;
    try (LogView log = feed.view()) {
      now = Reading.settled(log.end(), caller.scopes(), Set.of(named));
    }
    ResyncLine line = new ResyncLine(request.getPath());
    Subscriber subscriber =
        new Subscriber(Subscription.changesOf(named), now, caller, line, changes);
    Publisher<Event<String>> events = line.events().doFinally(_ -> hub.remove(subscriber));
    hub.add(subscriber);
    return HttpResponse.ok(events)
        .contentType(MediaType.TEXT_EVENT_STREAM_TYPE)
        .header(HttpHeaders.CACHE_CONTROL, "private, no-store")
        .header("X-Accel-Buffering", "no");
  }

  private static MutableHttpResponse<?> answer(JsonNode answer) throws IOException {
    return HttpResponse.ok(WireSerdes.exactJson().writeValueAsBytes(answer))
        .contentType(MediaType.APPLICATION_JSON_TYPE)
        .header(HttpHeaders.CACHE_CONTROL, "private, no-store");
  }
}
