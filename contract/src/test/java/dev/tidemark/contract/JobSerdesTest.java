package dev.tidemark.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.contract.catalog.job.JobSchedule;
import dev.tidemark.contract.job.JobCommand;
import dev.tidemark.contract.job.JobLog;
import dev.tidemark.contract.job.JobRequest;
import dev.tidemark.contract.job.JobState;
import dev.tidemark.contract.job.QueueState;
import dev.tidemark.contract.job.ScheduleState;
import dev.tidemark.contract.job.WorkOrder;
import dev.tidemark.contract.job.WorkerState;
import dev.tidemark.contract.schedule.Cron;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serde;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is written is read again as it was. */
class JobSerdesTest {
  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00.123456Z");
  private static final String ID = "00ff-018f3c1e-7b1a-4c7e-9d7e-3a1f2b4c5d6e";

  static Stream<JobCommand> commands() {
    return Stream.of(
        new JobCommand.Submit(ID, request(Optional.of("shop \u00e9 1")), NOON),
        new JobCommand.Submit(ID, request(Optional.empty()), NOON),
        new JobCommand.Cancel(ID),
        new JobCommand.Retry(ID, NOON),
        new JobCommand.Reschedule(ID, NOON),
        new JobCommand.Progressed(ID, 2, "worker-1", 50, "half"),
        new JobCommand.Saved(ID, 2, "worker-1", "page 7"),
        new JobCommand.Succeeded(ID, 2, "worker-1", Optional.of("{\"rows\":3}")),
        new JobCommand.Succeeded(ID, 2, "worker-1", Optional.empty()),
        new JobCommand.Failed(ID, 2, "worker-1", "no such shop", true),
        new JobCommand.HandedBack(ID, 2, "worker-1"),
        new JobCommand.Alive("worker-1", Set.of("a", "b"), 8, Map.of(ID, 2), Duration.ofSeconds(7)),
        new JobCommand.Gone("worker-1"),
        new JobCommand.Pause("shop", "user/7"),
        new JobCommand.Resume("shop", "user/7"),
        new JobCommand.Forget(NOON),
        new JobCommand.PutSchedule(schedule(), "user/7"),
        new JobCommand.DropSchedule("nightly", "user/7"),
        new JobCommand.PauseSchedule("nightly", "user/7"),
        new JobCommand.ResumeSchedule("nightly", "user/7"),
        new JobCommand.Trigger("nightly", ID, "user/7"),
        new JobCommand.Backfill("nightly", NOON.minusSeconds(99), NOON, "user/7"));
  }

  private static JobRequest request(Optional<String> text) {
    return new JobRequest(
        "sync_products",
        "shop",
        7,
        text,
        text,
        "{\"since\":\"2026-01-01\",\"price\":12.50}",
        "user/7",
        NOON.minusSeconds(1));
  }

  private static JobSchedule schedule() {
    Map<String, Object> input = new LinkedHashMap<>();
    input.put("price", new BigDecimal("12.50"));
    input.put("shops", List.of(1, 2));
    return new JobSchedule(
        "nightly",
        "sync_products",
        Cron.parse("30 2 * * mon-fri"),
        ZoneId.of("Europe/Madrid"),
        JobSchedule.Missed.ALL,
        input);
  }

  @Test
  void schedulesAre() {
    for (ScheduleState.Origin origin : ScheduleState.Origin.values()) {
      for (Optional<Instant> time : List.of(Optional.<Instant>empty(), Optional.of(NOON))) {
        ScheduleState state =
            new ScheduleState(
                schedule(),
                origin,
                true,
                "user/7",
                NOON,
                time,
                time,
                time.map(_ -> ID),
                3,
                time.map(_ -> "there is no such type"));
        assertThat(again(JobSerdes.schedule(), state)).isEqualTo(state);
      }
    }
  }

  @Test
  void linesQueuesAndWorkersAre() {
    JobLog line = new JobLog(ID, 2, "worker-1", NOON, "page 7 of 9");
    assertThat(again(JobSerdes.log(), line)).isEqualTo(line);
    QueueState queue = new QueueState("shop", 3, true, "user/7", NOON);
    assertThat(again(JobSerdes.queue(), queue)).isEqualTo(queue);
    WorkerState worker = new WorkerState("worker-1", 3, Set.of("a", "b"), 8, NOON);
    assertThat(again(JobSerdes.worker(), worker)).isEqualTo(worker);
  }

  @ParameterizedTest
  @MethodSource("commands")
  void commandsAre(JobCommand command) {
    assertThat(again(JobSerdes.command(), command)).isEqualTo(command);
  }

  @Test
  void ordersAre() {
    for (WorkOrder.Why why : WorkOrder.Why.values()) {
      WorkOrder end = new WorkOrder.End(ID, 3, "worker-1", why);
      assertThat(again(JobSerdes.order(), end)).isEqualTo(end);
    }
    WorkOrder begin =
        new WorkOrder.Begin(
            ID, 1, "worker-1", "a", "[1,2]", NOON, NOON.plusSeconds(1), Optional.of("page 7"));
    assertThat(again(JobSerdes.order(), begin)).isEqualTo(begin);
  }

  @Test
  void statesAre() {
    for (JobState.Status status : JobState.Status.values()) {
      JobState least = state(status, Optional.empty(), Optional.empty());
      assertThat(again(JobSerdes.state(), least)).isEqualTo(least);
    }
    JobState whole =
        state(
            JobState.Status.READY,
            Optional.of("text"),
            Optional.of(new JobState.Progress(50, "half")));
    assertThat(again(JobSerdes.state(), whole)).isEqualTo(whole);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"kind\":\"explode\"}",
        "{\"kind\":\"cancel\"}",
        "{\"kind\":\"fail\",\"id\":\"1\",\"attempt\":\"2\",\"worker\":\"w\",\"error\":\"e\"}",
        "{\"kind\":\"reschedule\",\"id\":\"1\",\"due\":\"tomorrow\"}",
        "{\"kind\":\"alive\",\"worker\":\"w\",\"slots\":-1,\"lease_ms\":4000}"
      })
  void whatIsNoCommandIsRefused(String json) {
    assertThatThrownBy(
            () -> JobSerdes.command().deserializer().deserialize("topic", json.getBytes(UTF_8)))
        .isInstanceOf(SerializationException.class);
  }

  private static JobState state(
      JobState.Status status, Optional<String> text, Optional<JobState.Progress> progress) {
    return new JobState(
        ID,
        request(text),
        status,
        NOON,
        NOON,
        1,
        4,
        text.map(_ -> NOON),
        text,
        text.isPresent(),
        text.map(_ -> JobState.Hold.WORKER),
        progress,
        List.of(new JobState.Failure(1, "error", "no", NOON, text.map(_ -> NOON), text)),
        text.map(_ -> "{\"rows\":3}"),
        text);
  }

  private static <T> T again(Serde<T> serde, T value) {
    return serde.deserializer().deserialize("topic", serde.serializer().serialize("topic", value));
  }
}
