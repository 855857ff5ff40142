package dev.tidemark.pipeline.entities;

import static dev.tidemark.pipeline.entities.core.Changes.delete;
import static dev.tidemark.pipeline.entities.core.Changes.insert;
import static dev.tidemark.pipeline.entities.core.Changes.read;
import static dev.tidemark.pipeline.entities.core.Changes.row;
import static dev.tidemark.pipeline.entities.core.Changes.truncate;
import static dev.tidemark.pipeline.entities.core.Changes.update;
import static dev.tidemark.pipeline.entities.core.Changes.v;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.contract.EntityKey;
import dev.tidemark.contract.Topics;
import dev.tidemark.contract.catalog.Catalog;
import dev.tidemark.pipeline.entities.core.EntityState;
import dev.tidemark.pipeline.entities.core.EntityState.Deleted;
import dev.tidemark.pipeline.entities.core.EntityState.Live;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.streams.errors.ProcessorStateException;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EntitiesTopologyTest {
  @TempDir Path stateDirectory;
  private EntitiesFixture topology;

  @BeforeEach
  void start() {
    topology = new EntitiesFixture(stateDirectory);
  }

  @AfterEach
  void stop() {
    topology.close();
  }

  @Test
  void anEntityIsWhatItsLastChangeMadeOfIt() {
    topology.receive(insert("ticket/1", v(1, 10), row("id", 1, "title", "a", "state", "open")));
    topology.receive(
        update("ticket/1", v(1, 20), row("id", 1, "title", "a", "state", "done"), "state"));

    assertThat(topology.state("ticket/1"))
        .isInstanceOfSatisfying(
            Live.class,
            live -> {
              assertThat(live.row()).isEqualTo(row("id", 1, "title", "a", "state", "done"));
              assertThat(live.version()).isEqualTo(v(1, 20));
              assertThat(live.fieldVersions())
                  .isEqualTo(Map.of("id", v(1, 10), "title", v(1, 10), "state", v(1, 20)));
            });
    assertThat(topology.counted("replaced", "")).isEqualTo(2);
  }

  @Test
  void aDeletedEntityLeavesATombstoneAndCanComeBack() {
    topology.receive(insert("ticket/1", v(1, 10), row("id", 1)));
    topology.receive(delete("ticket/1", v(1, 20), row("id", 1)));
    assertThat(topology.state("ticket/1"))
        .isInstanceOfSatisfying(
            Deleted.class, deleted -> assertThat(deleted.lastRow()).isEqualTo(row("id", 1)));

    topology.receive(insert("ticket/1", v(1, 21), row("id", 1)));
    assertThat(topology.state("ticket/1")).isInstanceOf(Live.class);
  }

  @Test
  void whatComesAgainOrTooLateChangesNothing() {
    topology.receive(insert("ticket/1", v(1, 10), row("id", 1, "title", "a")));
    topology.receive(update("ticket/1", v(1, 30), row("id", 1, "title", "c"), "title"));
    EntityState before = topology.state("ticket/1");

    topology.receive(update("ticket/1", v(1, 30), row("id", 1, "title", "c"), "title"));
    topology.receive(update("ticket/1", v(1, 20), row("id", 1, "title", "b"), "title"));

    assertThat(topology.state("ticket/1")).isEqualTo(before);
    assertThat(topology.counted("ignored", "repeated")).isEqualTo(1);
    assertThat(topology.counted("ignored", "stale")).isEqualTo(1);
  }

  @Test
  void aSnapshotFillsInAndANewEpochWins() {
    topology.receive(read("ticket/1", v(1, 0), row("id", 1, "title", "read")));
    topology.receive(insert("ticket/2", v(1, 10), row("id", 2, "title", "changed")));
    topology.receive(read("ticket/2", v(1, 0), row("id", 2, "title", "read")));

    assertThat(title("ticket/1")).isEqualTo("read");
    assertThat(title("ticket/2")).isEqualTo("changed");
    assertThat(topology.counted("ignored", "known_from_changes")).isEqualTo(1);

    topology.receive(read("ticket/2", v(2, 0), row("id", 2, "title", "read again")));
    assertThat(title("ticket/2")).isEqualTo("read again");
  }

  @Test
  void aTruncateEndsTheEntitiesOfItsTypeThatAreNotNewer() {
    topology.receive(insert("ticket/1", v(1, 10), row("id", 1)));
    topology.receive(insert("ticket/2", v(1, 90), row("id", 2)));
    topology.receive(insert("product/1", v(1, 10), row("id", 1)));

    topology.receive(truncate("ticket", v(1, 50)));

    assertThat(topology.state("ticket/1"))
        .isInstanceOfSatisfying(
            Deleted.class, deleted -> assertThat(deleted.version()).isEqualTo(v(1, 50)));
    assertThat(topology.state("ticket/2")).isInstanceOf(Live.class);
    assertThat(topology.state("product/1")).isInstanceOf(Live.class);
    assertThat(topology.registry.get("tidemark.entities.truncated").counter().count()).isEqualTo(1);
  }

  @Test
  void aTruncateEndsWhereTheNextTypeBegins() {
    topology.receive(insert("product/1", v(1, 10), row("id", 1)));
    topology.receive(insert("ticket/1", v(1, 10), row("id", 1)));

    topology.receive(truncate("product", v(1, 50)));

    assertThat(topology.state("product/1")).isInstanceOf(Deleted.class);
    assertThat(topology.state("ticket/1")).isInstanceOf(Live.class);
  }

  @Test
  void aTruncateOfManyEntitiesGoesOnBetweenOtherChanges() {
    int many = 2 * TruncationSweep.STEP + 1;
    for (int i = 0; i < many; i++) {
      topology.receive(insert("product/" + i, v(1, 10), row("id", i)));
    }
    topology.receive(truncate("product", v(1, 50)));
    topology.receive(insert("product/99999999", v(1, 60), row("id", 99_999_999)));
    topology.receive(truncate("ticket", v(1, 70)));
    assertThat(live(many)).isBetween(1L, many - 1L);

    topology.letTimePass(EntitiesProcessor.SWEEP_INTERVAL.multipliedBy(3));

    assertThat(live(many)).isZero();
    assertThat(topology.state("product/99999999")).isInstanceOf(Live.class);
    assertThat(pendingTruncates()).isFalse();
  }

  @Test
  void aTruncateThatWasInterruptedGoesOnAfterARestart() {
    int many = TruncationSweep.STEP + 1;
    for (int i = 0; i < many; i++) {
      topology.receive(insert("product/" + i, v(1, 10), row("id", i)));
    }
    topology.receive(truncate("product", v(1, 50)));
    assertThat(live(many)).isEqualTo(1);

    List<EntityKey> told = new ArrayList<>();
    TruncationSweep restarted =
        new TruncationSweep(
            topology.store(EntitiesTopology.ENTITIES),
            topology.store(EntitiesTopology.TRUNCATIONS),
            new EntitiesMeters(new SimpleMeterRegistry()),
            (key, state) -> told.add(key));
    restarted.step();
    restarted.step();

    assertThat(live(many)).isZero();
    assertThat(told).as("what those who wait for it are told of").hasSize(1);
  }

  @Test
  void aRecordThatCannotBeReadBecomesADeadLetterAndTheStreamGoesOn() {
    topology.receiveBytes("ticket/1".getBytes(UTF_8), "{not json".getBytes(UTF_8));
    topology.receiveBytes("no key at all".getBytes(UTF_8), "{}".getBytes(UTF_8));
    topology.receive(insert("ticket/2", v(1, 10), row("id", 2)));

    List<TestRecord<byte[], byte[]>> letters = topology.deadLetters.readRecordsToList();
    assertThat(letters).hasSize(2);
    TestRecord<byte[], byte[]> letter = letters.getFirst();
    assertThat(letter.key()).isEqualTo("ticket/1".getBytes(UTF_8));
    assertThat(letter.value()).isEqualTo("{not json".getBytes(UTF_8));
    assertThat(header(letter, "topic")).isEqualTo(Topics.changeName("ticket"));
    assertThat(header(letter, "partition")).isEqualTo("0");
    assertThat(header(letter, "offset")).isEqualTo("0");
    assertThat(header(letter, "exception")).endsWith("SerializationException");
    assertThat(header(letter, "message"))
        .contains("not a record of " + Topics.changeName("ticket"));
    assertThat(header(letter, "stacktrace")).contains("\tat ");
    assertThat(topology.state("ticket/2")).isInstanceOf(Live.class);
  }

  @Test
  void aRecordThatContradictsItselfBecomesADeadLetter() {
    topology.receive(EntityKey.parse("ticket/1"), insert("ticket/2", v(1, 10), row("id", 2)));
    topology.receiveBytes("ticket/3".getBytes(UTF_8), null);

    assertThat(topology.deadLetters.readRecordsToList())
        .extracting(letter -> header(letter, "message"))
        .containsExactly(
            "the record's key is ticket/1, but its value is a change of ticket/2",
            "a change topic has no tombstones, yet the value is null");
    assertThat(topology.state("ticket/2")).isNull();
  }

  @Test
  void aStateThatCannotBeReadStopsTheTopologyInsteadOfDeadLetteringTheStream() {
    topology.receive(insert("ticket/1", v(1, 10), row("id", 1)));
    topology.damage("ticket/1");

    assertThatThrownBy(
            () -> topology.receive(insert("ticket/1", v(1, 20), row("id", 1, "title", "b"))))
        .hasRootCauseInstanceOf(ProcessorStateException.class);
    assertThat(topology.deadLetters.isEmpty()).isTrue();
  }

  @Test
  void aCatalogWithoutTypesIsRefused() {
    assertThatThrownBy(() -> new EntitiesTopology(new Catalog(List.of()), topology.registry))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private String title(String key) {
    return topology.state(key) instanceof Live live ? live.row().path("title").asText() : "";
  }

  private long live(int products) {
    long live = 0;
    for (int i = 0; i < products; i++) {
      if (topology.state("product/" + i) instanceof Live) {
        live++;
      }
    }
    return live;
  }

  private boolean pendingTruncates() {
    try (var pending = topology.<String, EntityState>store(EntitiesTopology.TRUNCATIONS).all()) {
      return pending.hasNext();
    }
  }

  private static String header(TestRecord<byte[], byte[]> letter, String name) {
    Header header = letter.headers().lastHeader("__streams.errors." + name);
    return header == null ? "" : new String(header.value(), UTF_8);
  }
}
