package dev.tidemark.api.jobs;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.api.problem.Documented;
import dev.tidemark.api.problem.Problem;
import dev.tidemark.api.problem.ProblemException;
import dev.tidemark.api.problem.ProblemType;
import dev.tidemark.api.security.Role;
import dev.tidemark.api.wire.RequestJson;
import dev.tidemark.contract.WireSerdes;
import dev.tidemark.contract.catalog.Catalog;
import dev.tidemark.contract.catalog.job.JobCatalog;
import dev.tidemark.contract.catalog.job.JobSchedule;
import dev.tidemark.contract.catalog.job.JobSchedule.Missed;
import dev.tidemark.contract.catalog.job.JobType;
import dev.tidemark.contract.job.JobCommand;
import dev.tidemark.contract.job.JobState;
import dev.tidemark.contract.job.Place;
import dev.tidemark.contract.job.ScheduleState;
import dev.tidemark.contract.schedule.Cron;
import dev.tidemark.pipeline.board.JobBoard;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Consumes;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Delete;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.Put;
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
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Schedules: what is due by itself, and when. */
@Controller("/api/schedules")
@Tag(name = "schedules")
@SecurityRequirement(name = "bearer")
class ScheduleController {
  private static final Logger LOG = LoggerFactory.getLogger(ScheduleController.class);
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final int MOST_FIRES = 100;
  private static final int FEW_FIRES = 5;
  private static final String NAME = "[a-z][a-z0-9_]{0,62}";
  private static final TypeReference<LinkedHashMap<String, @Nullable Object>> INPUT =
      new TypeReference<>() {};

  private final JobDesk desk;
  private final JobCatalog catalog;
  private final RequestJson json;
  private final InstantSource clock;

  ScheduleController(JobDesk desk, Catalog catalog, RequestJson json, InstantSource clock) {
    this.desk = desk;
    this.catalog = catalog.jobs();
    this.json = json;
    this.clock = clock;
  }

  @Get
  @ExecuteOn(TaskExecutors.BLOCKING)
  @Secured({Role.IS_OPERATOR, Role.IS_ANALYST, Role.IS_ADMIN})
  @ApiResponse(responseCode = Documented.REFUSED, ref = Documented.PROBLEM)
  @ApiResponse(responseCode = Documented.FAILED, ref = Documented.PROBLEM)
  @Operation(
      operationId = "listSchedules",
      summary = "All schedules",
      description = "With when each is due next.")
  @ApiResponse(
      responseCode = "200",
      description = "The schedules.",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = JobBodies.Schedules.class)))
  MutableHttpResponse<?> list() {
    JobAnswers.requireJobs(catalog);
    ObjectNode answer = JobJson.object();
    ArrayNode all = answer.putArray("schedules");
    for (ScheduleState state : desk.board().schedules()) {
      all.add(ScheduleJson.of(state, 1, clock.instant()));
    }
    return JobAnswers.ok(answer);
  }

  @Get("/{name}")
  @ExecuteOn(TaskExecutors.BLOCKING)
  @Secured({Role.IS_OPERATOR, Role.IS_ANALYST, Role.IS_ADMIN})
  @ApiResponse(responseCode = Documented.REFUSED, ref = Documented.PROBLEM)
  @ApiResponse(responseCode = Documented.FAILED, ref = Documented.PROBLEM)
  @Operation(
      operationId = "getSchedule",
      summary = "A schedule",
      description =
          "With the times at which it is due next; where clocks are changed it says what that does.")
  @ApiResponse(
      responseCode = "200",
      description = "The schedule.",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = JobBodies.Schedule.class)))
  MutableHttpResponse<?> get(
      HttpRequest<?> request,
      @Parameter(description = "The schedule.") String name,
      @Parameter(description = "How many times to tell, 1 to 100; 5 if it is not given.")
          @QueryValue("count")
          @Nullable String count) {
    JobAnswers.onlyQuery(request, List.of("count"));
    int most = JobAnswers.number(request, "count", 1, MOST_FIRES, FEW_FIRES);
    return JobAnswers.ok(ScheduleJson.of(known(name), most, clock.instant()));
  }

  @Put("/{name}")
  @Consumes(MediaType.APPLICATION_JSON)
  @ExecuteOn(TaskExecutors.BLOCKING)
  @Secured({Role.IS_OPERATOR, Role.IS_ADMIN})
  @ApiResponse(responseCode = Documented.REFUSED, ref = Documented.PROBLEM)
  @ApiResponse(responseCode = Documented.FAILED, ref = Documented.PROBLEM)
  @Operation(
      operationId = "putSchedule",
      summary = "Make or change a schedule",
      description =
          "'job' and 'cron', and 'zone' (UTC if it is not given), 'missed' (skip, once or all), 'input'. One of the catalog stays changed until it is dropped, or the catalog changes it.")
  @RequestBody(
      required = true,
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = JobBodies.NewSchedule.class)))
  @ApiResponse(
      responseCode = "200",
      description = "The schedule.",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = JobBodies.Schedule.class)))
  @ApiResponse(
      responseCode = "202",
      description = "It was asked for.",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = JobBodies.Schedule.class)))
  MutableHttpResponse<?> put(
      HttpRequest<?> request,
      @Parameter(description = "Its name.") String name,
      @Body byte[] body) {
    JobAnswers.requireJobs(catalog);
    JobFaults faults = new JobFaults();
    if (!name.matches(NAME)) {
      throw new ProblemException(
          Problem.invalid(
              "/path/name", "A name has a lower-case letter, then at most 62 of a-z, 0-9 and _."));
    }
    Optional<JobSchedule> read = read(name, json.object(body), faults);
    faults.refuse();
    JobSchedule schedule = read.orElseThrow();
    return say(
        request,
        new JobCommand.PutSchedule(schedule, JobAnswers.by(request)),
        board ->
            board.schedule(name).filter(state -> same(state.schedule(), schedule)).isPresent());
  }

  /** Numbers of an input may be of another class after their way through a topic. */
  private static boolean same(JobSchedule one, JobSchedule other) {
    return one.job().equals(other.job())
        && one.cron().equals(other.cron())
        && one.zone().equals(other.zone())
        && one.missed() == other.missed()
        && WireSerdes.exactJson()
            .valueToTree(one.input())
            .toString()
            .equals(WireSerdes.exactJson().valueToTree(other.input()).toString());
  }

  private Optional<JobSchedule> read(String name, ObjectNode body, JobFaults faults) {
    JobFields fields = new JobFields(body, "", faults);
    fields.only(List.of("job", "cron", "zone", "missed", "input"));
    Optional<JobType> type = fields.text("job", 63).flatMap(catalog::type);
    if (type.isEmpty()) {
      fields.fault("job", "'job' is a job type of the catalog.");
    }
    Cron cron = cron(fields);
    ZoneId zone = zone(fields);
    Missed missed = missed(fields);
    Map<String, @Nullable Object> input =
        fields
            .object("input")
            .map(object -> WireSerdes.exactJson().convertValue(object, INPUT))
            .orElseGet(LinkedHashMap::new);
    return cron == null || !faults.isEmpty()
        ? Optional.empty()
        : Optional.of(new JobSchedule(name, type.orElseThrow().name(), cron, zone, missed, input));
  }

  private static @Nullable Cron cron(JobFields fields) {
    Optional<String> text = fields.text("cron", 200);
    if (text.isEmpty()) {
      fields.fault("cron", "'cron' has five fields, minute hour day month weekday.");
      return null;
    }
    try {
      return Cron.parse(text.get());
    } catch (IllegalArgumentException e) {
      fields.fault("cron", String.valueOf(e.getMessage()));
      return null;
    }
  }

  private static ZoneId zone(JobFields fields) {
    try {
      return fields.text("zone", 100).map(ZoneId::of).orElse(ZoneId.of("UTC"));
    } catch (DateTimeException _) {
      fields.fault("zone", "'zone' is a time zone such as Europe/Madrid.");
      return ZoneId.of("UTC");
    }
  }

  private static Missed missed(JobFields fields) {
    String text = fields.text("missed", 10).orElse("once");
    for (Missed missed : Missed.values()) {
      if (missed.name().toLowerCase(Locale.ROOT).equals(text)) {
        return missed;
      }
    }
    fields.fault("missed", "'missed' is skip, once or all.");
    return Missed.ONCE;
  }

  @Delete("/{name}")
  @ExecuteOn(TaskExecutors.BLOCKING)
  @Secured({Role.IS_OPERATOR, Role.IS_ADMIN})
  @ApiResponse(responseCode = Documented.REFUSED, ref = Documented.PROBLEM)
  @ApiResponse(responseCode = Documented.FAILED, ref = Documented.PROBLEM)
  @Operation(
      operationId = "dropSchedule",
      summary = "Drop a schedule",
      description =
          "One of the catalog that was changed is as the catalog has it again; one that is as there can only be paused.")
  @ApiResponse(
      responseCode = "200",
      description = "What was dropped.",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = JobBodies.Dropped.class)))
  @ApiResponse(
      responseCode = "202",
      description = "It was asked for.",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = JobBodies.Dropped.class)))
  MutableHttpResponse<?> drop(
      HttpRequest<?> request, @Parameter(description = "The schedule.") String name) {
    ScheduleState state = known(name);
    if (state.origin() == ScheduleState.Origin.CATALOG) {
      throw JobAnswers.problem(
          ProblemType.JOB_NOT_IN_STATE, "It is in the catalog, unchanged. Pause it instead.");
    }
    String by = JobAnswers.by(request);
    desk.say(List.of(new JobCommand.DropSchedule(name, by)));
    LOG.info("{} drops the schedule {}", by, name);
    JobBoard board = desk.board();
    boolean done =
        JobWaits.until(
            board,
            () ->
                board
                    .schedule(name)
                    .filter(now -> now.origin() != ScheduleState.Origin.CATALOG)
                    .isEmpty(),
            PATIENCE);
    return JobAnswers.json(
        done ? HttpStatus.OK : HttpStatus.ACCEPTED,
        JobJson.object().put("name", name).put("restored", board.schedule(name).isPresent()));
  }

  @Post("/{name}/pause")
  @ExecuteOn(TaskExecutors.BLOCKING)
  @Secured({Role.IS_OPERATOR, Role.IS_ADMIN})
  @ApiResponse(responseCode = Documented.REFUSED, ref = Documented.PROBLEM)
  @ApiResponse(responseCode = Documented.FAILED, ref = Documented.PROBLEM)
  @Operation(
      operationId = "pauseSchedule",
      summary = "Pause a schedule",
      description = "Nothing is due by it until it is resumed, and nothing is missed.")
  @ApiResponse(
      responseCode = "200",
      description = "The schedule.",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = JobBodies.Schedule.class)))
  @ApiResponse(
      responseCode = "202",
      description = "It was asked for.",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = JobBodies.Schedule.class)))
  MutableHttpResponse<?> pause(
      HttpRequest<?> request, @Parameter(description = "The schedule.") String name) {
    known(name);
    return say(
        request,
        new JobCommand.PauseSchedule(name, JobAnswers.by(request)),
        board -> board.schedule(name).filter(ScheduleState::paused).isPresent());
  }

  @Post("/{name}/resume")
  @ExecuteOn(TaskExecutors.BLOCKING)
  @Secured({Role.IS_OPERATOR, Role.IS_ADMIN})
  @ApiResponse(responseCode = Documented.REFUSED, ref = Documented.PROBLEM)
  @ApiResponse(responseCode = Documented.FAILED, ref = Documented.PROBLEM)
  @Operation(
      operationId = "resumeSchedule",
      summary = "Let a schedule go on",
      description = "From now on; what would have been due meanwhile is not made up for.")
  @ApiResponse(
      responseCode = "200",
      description = "The schedule.",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = JobBodies.Schedule.class)))
  @ApiResponse(
      responseCode = "202",
      description = "It was asked for.",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = JobBodies.Schedule.class)))
  MutableHttpResponse<?> resume(
      HttpRequest<?> request, @Parameter(description = "The schedule.") String name) {
    known(name);
    return say(
        request,
        new JobCommand.ResumeSchedule(name, JobAnswers.by(request)),
        board -> board.schedule(name).filter(state -> !state.paused()).isPresent());
  }

  @Post("/{name}/trigger")
  @ExecuteOn(TaskExecutors.BLOCKING)
  @Secured({Role.IS_OPERATOR, Role.IS_ADMIN})
  @ApiResponse(responseCode = Documented.REFUSED, ref = Documented.PROBLEM)
  @ApiResponse(responseCode = Documented.FAILED, ref = Documented.PROBLEM)
  @Operation(
      operationId = "triggerSchedule",
      summary = "Make a job of a schedule now",
      description = "When it is due next stays as it was.")
  @ApiResponse(
      responseCode = "201",
      description = "The job.",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = JobBodies.Job.class)))
  @ApiResponse(
      responseCode = "202",
      description = "It was asked for.",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = JobBodies.Accepted.class)))
  MutableHttpResponse<?> trigger(
      HttpRequest<?> request, @Parameter(description = "The schedule.") String name) {
    ScheduleState state = known(name);
    JobType type =
        catalog
            .type(state.schedule().job())
            .orElseThrow(
                () ->
                    JobAnswers.problem(
                        ProblemType.JOB_NOT_IN_STATE, "The catalog has no such job any more."));
    UUID random = UUID.randomUUID();
    String id = Place.of(catalog, type, Optional.empty(), Optional.empty(), random).id(random);
    String by = JobAnswers.by(request);
    desk.say(List.of(new JobCommand.Trigger(name, id, by)));
    LOG.info("{} triggers the schedule {}: job {}", by, name, id);
    Optional<JobState> job = JobWaits.job(desk.board(), id, PATIENCE);
    return job.<MutableHttpResponse<?>>map(
            known -> JobAnswers.json(HttpStatus.CREATED, JobJson.whole(known)))
        .orElseGet(
            () ->
                JobAnswers.json(
                    HttpStatus.ACCEPTED, JobJson.object().put("id", id).put("status", "QUEUED")))
        .header(HttpHeaders.LOCATION, JobAnswers.PATH + id);
  }

  @Post("/{name}/backfill")
  @Consumes(MediaType.APPLICATION_JSON)
  @ExecuteOn(TaskExecutors.BLOCKING)
  @Secured({Role.IS_OPERATOR, Role.IS_ADMIN})
  @ApiResponse(responseCode = Documented.REFUSED, ref = Documented.PROBLEM)
  @ApiResponse(responseCode = Documented.FAILED, ref = Documented.PROBLEM)
  @Operation(
      operationId = "backfillSchedule",
      summary = "Make up for times that have passed",
      description =
          "A job for each time after 'after' and up to 'until' (now if it is not given) at which it was or would have been due, unless there is one; at most 1,000, the last ones.")
  @RequestBody(
      required = true,
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = JobBodies.Backfill.class)))
  @ApiResponse(
      responseCode = "202",
      description = "It was asked for.",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = JobBodies.Backfilled.class)))
  MutableHttpResponse<?> backfill(
      HttpRequest<?> request,
      @Parameter(description = "The schedule.") String name,
      @Body byte[] body) {
    ScheduleState state = known(name);
    Instant now = clock.instant();
    JobFaults faults = new JobFaults();
    JobFields fields = new JobFields(json.object(body), "", faults);
    fields.only(List.of("after", "until"));
    Optional<Instant> after = fields.time("after");
    Instant until = fields.time("until").orElse(now);
    if (after.isEmpty() && faults.isEmpty()) {
      faults.add("/after", "'after' is a time with its offset, such as 2026-03-01T12:00:00Z.");
    }
    if (until.isAfter(now)) {
      faults.add("/until", "'until' is not in the future.");
    }
    if (after.filter(time -> !time.isBefore(until)).isPresent()) {
      faults.add("/after", "'after' is before 'until'.");
    }
    if (after.filter(time -> time.isBefore(now.minus(JobCommand.Backfill.FURTHEST))).isPresent()) {
      faults.add(
          "/after", "'after' is at most " + JobCommand.Backfill.FURTHEST.toDays() + " days ago.");
    }
    faults.refuse();
    Instant from = after.orElseThrow();
    desk.say(List.of(new JobCommand.Backfill(name, from, until, JobAnswers.by(request))));
    LOG.info("{} backfills {} from {} to {}", JobAnswers.by(request), name, from, until);
    int times =
        state
            .schedule()
            .cron()
            .between(from, until, state.schedule().zone(), JobCommand.Backfill.MOST)
            .size();
    return JobAnswers.json(
        HttpStatus.ACCEPTED, JobJson.object().put("name", name).put("times", times));
  }

  private MutableHttpResponse<?> say(
      HttpRequest<?> request, JobCommand.OfSchedule command, Predicate<JobBoard> wanted) {
    JobBoard board = desk.board();
    desk.say(List.of(command));
    LOG.info(
        "{}: {} of {}", JobAnswers.by(request), command.getClass().getSimpleName(), command.name());
    boolean done = JobWaits.until(board, () -> wanted.test(board), PATIENCE);
    ObjectNode answer =
        board
            .schedule(command.name())
            .map(state -> ScheduleJson.of(state, FEW_FIRES, clock.instant()))
            .orElseGet(() -> JobJson.object().put("name", command.name()));
    return JobAnswers.json(done ? HttpStatus.OK : HttpStatus.ACCEPTED, answer);
  }

  private ScheduleState known(String name) {
    JobAnswers.requireJobs(catalog);
    return desk.board()
        .schedule(name)
        .orElseThrow(() -> JobAnswers.problem(ProblemType.UNKNOWN_SCHEDULE));
  }
}
