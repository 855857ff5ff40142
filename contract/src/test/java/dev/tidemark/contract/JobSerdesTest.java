package dev.tidemark.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.contract.job.JobCommand;
import dev.tidemark.contract.job.JobState;
import dev.tidemark.contract.job.WorkOrder;
import java.time.Instant;
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
        new JobCommand.Submit(
            ID,
            "sync_products",
            Optional.of(7),
            Optional.of("shop \u00e9 1"),
            Optional.of("all"),
            "{\"since\":\"2026-01-01\",\"price\":12.50}",
            NOON,
            "user/7",
            NOON.minusSeconds(1)),
        new JobCommand.Submit(
            ID,
            "sync_products",
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            "null",
            NOON,
            "user/7",
            NOON),
        new JobCommand.Cancel(ID),
        new JobCommand.Retry(ID),
        new JobCommand.Reschedule(ID, NOON),
        new JobCommand.Progressed(ID, 2, "worker-1", 50, "half"),
        new JobCommand.Succeeded(ID, 2, "worker-1", Optional.of("{\"rows\":3}")),
        new JobCommand.Succeeded(ID, 2, "worker-1", Optional.empty()),
        new JobCommand.Failed(ID, 2, "worker-1", "no such shop", true),
        new JobCommand.HandedBack(ID, 2, "worker-1"),
        new JobCommand.Alive("worker-1", Set.of("a", "b"), 8, Map.of(ID, 2)),
        new JobCommand.Gone("worker-1"),
        new JobCommand.Pause("shop"),
        new JobCommand.Resume("shop"));
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
        new WorkOrder.Begin(ID, 1, "worker-1", "a", "[1,2]", NOON, NOON.plusSeconds(1));
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
        "{\"kind\":\"alive\",\"worker\":\"w\",\"slots\":0}"
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
        "sync_products",
        "shop",
        5,
        text,
        text,
        "{}",
        "user/7",
        NOON,
        status,
        NOON,
        NOON,
        1,
        text,
        text.isPresent(),
        text.map(_ -> JobState.Hold.WORKER),
        progress,
        List.of(new JobState.Failure(1, "error", "no", NOON)),
        text.map(_ -> "{\"rows\":3}"),
        text);
  }

  private static <T> T again(Serde<T> serde, T value) {
    return serde.deserializer().deserialize("topic", serde.serializer().serialize("topic", value));
  }
}
