package dev.tidemark.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.contract.sync.ConflictType;
import dev.tidemark.contract.sync.Expected;
import dev.tidemark.contract.sync.OperationKind;
import dev.tidemark.contract.sync.Outcome;
import dev.tidemark.contract.sync.Permission;
import dev.tidemark.contract.sync.Result;
import dev.tidemark.contract.sync.RowEffect;
import dev.tidemark.contract.sync.RowWrite;
import dev.tidemark.contract.sync.Ruling;
import dev.tidemark.contract.sync.Strategy;
import dev.tidemark.contract.sync.Submission;
import dev.tidemark.contract.sync.SubmittedBatch;
import dev.tidemark.contract.sync.SyncOperation;
import dev.tidemark.contract.sync.WriteAnswer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serde;
import org.junit.jupiter.api.Test;

/** What is written is read again as it was. */
class SyncSerdesTest {
  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00.123456Z");
  private static final EntityKey KEY = new EntityKey("activity", "1,%2F");
  private static final Version VERSION = new Version(2, 77);
  private static final Submission WHOLE =
      new Submission(
          new SyncOperation(
              "op-1",
              "phone",
              KEY,
              OperationKind.UPDATE,
              json("{\"price\": 12.50, \"note\": null}"),
              VERSION,
              NOON,
              NOON.minusSeconds(9),
              Strategy.MERGE,
              OptionalLong.of(41)),
          "key-1",
          "abc",
          "batch-1",
          3,
          NOON.plusSeconds(1),
          Permission.of(Set.of("public", "user/1")),
          List.of(new EntityKey("municipality", "3")),
          json("{\"visits\": 5}"),
          "op-0",
          "op-00",
          "request-1");
  private static final Submission LEAST =
      new Submission(
          new SyncOperation(
              "op-2",
              "phone",
              KEY,
              OperationKind.DELETE,
              json("{}"),
              null,
              NOON,
              NOON,
              Strategy.MANUAL,
              OptionalLong.empty()),
          "key-2",
          "abc",
          "batch-1",
          0,
          NOON,
          Permission.ofEverything(),
          List.of(),
          null,
          null,
          null,
          "request-1");
  private static final Ruling CONFLICT =
      new Ruling(
          Result.APPLIED,
          ConflictType.UPDATE_UPDATE,
          List.of("price"),
          "merged",
          "fields",
          null,
          json("{\"reason\": \"fields\"}"),
          VERSION,
          json("{\"price\": 1}"),
          json("{\"price\": 2}"));
  private static final Ruling REFUSED =
      new Ruling(
          Result.REFUSED,
          null,
          List.of(),
          null,
          "refused",
          json("{\"code\": \"not_found\"}"),
          json("{}"),
          null,
          null,
          null);

  @Test
  void submissions() {
    comesBack(SyncSerdes.submission(), WHOLE);
    comesBack(SyncSerdes.submission(), LEAST);
  }

  @Test
  void batches() {
    comesBack(
        SyncSerdes.batch(),
        new SubmittedBatch(
            "phone",
            "batch-1",
            NOON,
            NOON.minusMillis(5),
            Duration.ofMillis(-5),
            "request-1",
            List.of(new SubmittedBatch.Accepted(1, "op-1")),
            List.of(new SubmittedBatch.Invalid(0, json("{\"status\": 422}")))));
    comesBack(
        SyncSerdes.batch(),
        new SubmittedBatch("phone", "b", NOON, null, Duration.ZERO, "r", List.of(), List.of()));
  }

  @Test
  void writes() {
    RowWrite.Entry whole = new RowWrite.Entry(WHOLE, CONFLICT);
    RowWrite.Entry least = new RowWrite.Entry(LEAST, REFUSED);
    ObjectNode row = json("{\"price\": 1}");
    comesBack(
        SyncSerdes.rowWrite(),
        new RowWrite(
            KEY,
            "w1",
            new RowEffect.Update(row),
            new Expected.Present(json("{\"price\": 0}")),
            List.of(whole, least),
            json("{\"price\": 12.50}"),
            true));
    comesBack(
        SyncSerdes.rowWrite(),
        new RowWrite(
            KEY,
            "w2",
            new RowEffect.Insert(row),
            new Expected.Absent(),
            List.of(whole),
            null,
            false));
    comesBack(
        SyncSerdes.rowWrite(),
        new RowWrite(
            KEY,
            "w3",
            new RowEffect.Delete(),
            new Expected.Present(row),
            List.of(least),
            null,
            false));
    comesBack(
        SyncSerdes.rowWrite(),
        new RowWrite(
            KEY, "w4", new RowEffect.None(), new Expected.Absent(), List.of(least), null, false));
  }

  @Test
  void answers() {
    for (WriteAnswer.Kind kind : WriteAnswer.Kind.values()) {
      comesBack(SyncSerdes.writeAnswer(), new WriteAnswer(KEY, "w1", kind, List.of("op-1")));
    }
  }

  @Test
  void outcomes() {
    comesBack(
        SyncSerdes.outcome(),
        new Outcome(
            "op-1",
            "phone",
            KEY,
            "batch-1",
            3,
            "key-1",
            "abc",
            OperationKind.UPDATE,
            json("{\"price\": 12.50}"),
            VERSION,
            Result.APPLIED,
            ConflictType.UPDATE_UPDATE,
            List.of("price"),
            "merged",
            "fields",
            null,
            VERSION,
            json("{\"price\": 1}"),
            json("{\"price\": 2}"),
            null,
            "op-0",
            "request-1",
            NOON,
            NOON.plusSeconds(1),
            new Version(2, 78),
            json("{\"price\": 3}")));
  }

  @Test
  void whatIsMissingIsNamed() {
    assertThatThrownBy(
            () ->
                SyncSerdes.submission()
                    .deserializer()
                    .deserialize(
                        "tidemark.operation",
                        "{\"operation\": \"1\"}".getBytes(java.nio.charset.StandardCharsets.UTF_8)))
        .isInstanceOf(SerializationException.class)
        .hasMessageContaining("'device' is missing");
  }

  private static <T> void comesBack(Serde<T> serde, T value) {
    byte[] bytes = serde.serializer().serialize("topic", value);
    assertThat(serde.deserializer().deserialize("topic", bytes)).isEqualTo(value);
  }

  private static ObjectNode json(String text) {
    try {
      return (ObjectNode) WireSerdes.exactJson().readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(text, e);
    }
  }
}
