package dev.tidemark.api.interop;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.api.problem.Documented;
import dev.tidemark.api.pull.ChangeFeed;
import dev.tidemark.api.pull.PullSettings;
import dev.tidemark.api.security.Caller;
import dev.tidemark.api.security.Role;
import dev.tidemark.api.sync.BatchReader;
import dev.tidemark.api.sync.DeviceMemory;
import dev.tidemark.api.sync.Place;
import dev.tidemark.api.sync.SyncSettings;
import dev.tidemark.api.sync.Visit;
import dev.tidemark.api.wire.RequestJson;
import dev.tidemark.contract.EntityKey;
import dev.tidemark.contract.Version;
import dev.tidemark.contract.WireSerdes;
import dev.tidemark.contract.catalog.Catalog;
import dev.tidemark.contract.sync.OperationKind;
import dev.tidemark.pipeline.scopelog.core.Entry;
import dev.tidemark.pipeline.scopelog.core.LogView;
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
import io.micronaut.http.annotation.QueryValue;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The server half of WatermelonDB's synchronize(). */
@Controller("/interop/watermelon/sync")
@Secured(Role.IS_DEVICE)
@Tag(name = "interop")
@SecurityRequirement(name = "bearer")
class WatermelonController {
  private final Catalog catalog;
  private final WatermelonPull pull;
  private final Pushes pushes;
  private final Present present;
  private final ChangeFeed feed;
  private final DeviceMemory memory;
  private final RequestJson json;
  private final SyncSettings sync;
  private final PullSettings pulls;
  private final InteropMeters meters;

  WatermelonController(
      Catalog catalog,
      WatermelonPull pull,
      Pushes pushes,
      Present present,
      ChangeFeed feed,
      DeviceMemory memory,
      RequestJson json,
      SyncSettings sync,
      PullSettings pulls,
      InteropMeters meters) {
    this.catalog = catalog;
    this.pull = pull;
    this.pushes = pushes;
    this.present = present;
    this.feed = feed;
    this.memory = memory;
    this.json = json;
    this.sync = sync;
    this.pulls = pulls;
    this.meters = meters;
  }

  @Get
  @ExecuteOn(TaskExecutors.BLOCKING)
  @ApiResponse(responseCode = Documented.REFUSED, ref = Documented.PROBLEM)
  @ApiResponse(responseCode = Documented.FAILED, ref = Documented.PROBLEM)
  @Operation(
      operationId = "pullWatermelon",
      summary = "What a WatermelonDB app lacks",
      description =
          "All of it in one answer, as of one moment: what pullChanges of the package returns. Every"
              + " row is in 'updated'. If what was removed since is not known any more, all rows"
              + " come and experimentalStrategy is 'replacement'.")
  @ApiResponse(
      responseCode = "200",
      description = "What the app lacks.",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = InteropBodies.WatermelonPulled.class)))
  MutableHttpResponse<?> pull(
      HttpRequest<?> request,
      @Parameter(description = "The timestamp of the last pull; absent, null or 0 at first.")
          @QueryValue("last_pulled_at")
          @Nullable String lastPulled,
      @Parameter(description = "The app's tables, each an entity type, with commas between.")
          @QueryValue("tables")
          @Nullable String tables,
      @Parameter(description = "What the package says of a migration, as JSON; absent or null.")
          @QueryValue("migration")
          @Nullable String migration,
      @Parameter(description = "The version of the app's schema; nothing depends on it.")
          @QueryValue("schema_version")
          @Nullable String schemaVersion)
      throws IOException {
    long started = System.nanoTime();
    Caller caller = Caller.of(request).orElseThrow();
    String device = BatchReader.device(caller);
    WatermelonQuestion question = WatermelonQuestion.of(catalog, lastPulled, tables, migration);
    Spool spool = new Spool(pulls.pageBytes());
    boolean written = false;
    try {
      WatermelonPull.Kind kind = pull.write(question, device, caller.scopes(), spool);
      MutableHttpResponse<?> answer = spool.answer();
      written = true;
      meters.pulled(Dialect.WATERMELON, InteropMeters.name(kind), started);
      return answer;
    } finally {
      if (!written) {
        spool.abandon();
      }
    }
  }

  @Post
  @Consumes(MediaType.APPLICATION_JSON)
  @ExecuteOn(TaskExecutors.BLOCKING)
  @ApiResponse(responseCode = Documented.REFUSED, ref = Documented.PROBLEM)
  @ApiResponse(responseCode = Documented.FAILED, ref = Documented.PROBLEM)
  @Operation(
      operationId = "pushWatermelon",
      summary = "What a WatermelonDB app has done",
      description =
          "Takes what pushChanges of the package hands over. Each row is an operation that is"
              + " decided like any other; what was refused, or is not through yet, is among"
              + " experimentalRejectedIds and stays pending in the app. Sending it again is safe.")
  @RequestBody(
      required = true,
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = InteropBodies.WatermelonPush.class)))
  @ApiResponse(
      responseCode = "200",
      description = "What became of each row.",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = InteropBodies.WatermelonPushed.class)))
  MutableHttpResponse<?> push(
      HttpRequest<?> request,
      @Body byte[] body,
      @Parameter(description = "How conflicts are decided, as in a batch; merge by default.")
          @QueryValue("strategy")
          @Nullable String strategy)
      throws IOException {
    long started = System.nanoTime();
    Visit visit = Visit.of(request, sync.patience());
    String device = BatchReader.device(visit.caller());
    ObjectNode push = json.object(body);
    ObjectNode changes = WatermelonPush.changes(push);
    OptionalLong lastPulled = lastPulled(push.path("last_pulled_at"));
    Optional<WatermelonPull.Since> since =
        lastPulled.isPresent() ? pull.since(device, lastPulled.getAsLong()) : Optional.empty();
    List<Settled> settled =
        pushes.take(
            Dialect.WATERMELON,
            read(changes, since, visit.caller().scopes()),
            PushRequest.sent(push),
            PushRequest.strategy(strategy),
            visit);
    owe(device, settled, since, visit.caller().scopes());
    meters.pushed(Dialect.WATERMELON, settled, started);
    return HttpResponse.ok(WireSerdes.exactJson().writeValueAsBytes(answer(settled)))
        .contentType(MediaType.APPLICATION_JSON_TYPE)
        .header(HttpHeaders.CACHE_CONTROL, "no-store");
  }

  private static OptionalLong lastPulled(JsonNode json) {
    if (json.isMissingNode() || json.isNull()) {
      return OptionalLong.empty();
    }
    if (json.isIntegralNumber() && json.canConvertToLong() && json.longValue() >= 0) {
      return OptionalLong.of(json.longValue());
    }
    throw PushRequest.invalid(
        "/last_pulled_at", "'last_pulled_at' is a timestamp as it was given.");
  }

  private List<Pushed> read(
      ObjectNode changes, Optional<WatermelonPull.Since> since, Set<String> scopes) {
    try (LogView log = feed.view()) {
      return new WatermelonPush(
              type -> present.sentRows(Dialect.WATERMELON, type),
              (type, id) -> log.newest(scopes, type, id).map(row -> versionSeen(row, since)))
          .read(changes);
    }
  }

  /** What came since then the person has not seen: they deleted what was there before. */
  private static Version versionSeen(Entry row, Optional<WatermelonPull.Since> since) {
    boolean pulled = since.filter(one -> row.position().offset() < one.offset()).isPresent();
    return pulled
        ? row.version()
        : new Version(row.version().epoch(), Math.max(0, row.version().lsn() - 1));
  }

  /**
   * Notes the rows that the next pull would not tell by itself. The package marks them as synced
   * and keeps what the device has set, which need not be what is there.
   */
  private void owe(
      String device,
      List<Settled> settled,
      Optional<WatermelonPull.Since> since,
      Set<String> scopes) {
    present.await();
    List<EntityKey> owed = new ArrayList<>();
    long end;
    try (LogView log = feed.view()) {
      end = log.end().offset();
      for (Settled one : settled) {
        if (!staysPending(one) && isNamed(one)) {
          EntityKey key = one.key();
          Optional<Entry> row = log.newest(scopes, key.type(), key.id());
          boolean isTold =
              since.isPresent()
                  && row.filter(entry -> entry.position().offset() >= since.get().offset())
                      .isPresent();
          // Of what could not be read only a row that is there has to come back.
          boolean comesBack = one.place() instanceof Place.Through || row.isPresent();
          if (!isTold && comesBack) {
            owed.add(key);
          }
        }
      }
    }
    memory.owe(device, owed, end);
  }

  /** Whether it is of a table that there is; a device may send any name. */
  private boolean isNamed(Settled settled) {
    return catalog.type(settled.pushed().type()).isPresent();
  }

  /** Whether the package keeps the row as unsent: nothing that a person typed is lost. */
  private static boolean staysPending(Settled settled) {
    return settled.isPending()
        || (settled.isError() && settled.pushed().kind() != OperationKind.DELETE);
  }

  private static ObjectNode answer(List<Settled> settled) {
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    ObjectNode rejected = answer.putObject("experimentalRejectedIds");
    ArrayNode outcomes = answer.putArray("outcomes");
    for (Settled one : settled) {
      if (staysPending(one)) {
        rejected.withArrayProperty(one.pushed().type()).add(one.pushed().idText());
      }
      outcomes.add(one.outcome().put("table", one.pushed().type()));
    }
    return answer;
  }
}
