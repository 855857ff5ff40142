package dev.tidemark.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.contract.catalog.EntityType;
import dev.tidemark.contract.catalog.TableName;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TopicCheckTest {
  private static final Topic<EntityKey, EntityChange> TICKETS = Topics.change(type("ticket"));

  @Test
  void aTopicAsItIsCreatedRaisesNoComplaint() {
    assertThat(complaints(TICKETS, 4, Map.of())).isEmpty();
    assertThat(complaints(Topics.POSITION, 1, Map.of())).isEmpty();
    assertThat(complaints(Topics.CAPTURE_COMMAND, 1, Map.of())).isEmpty();
    assertThat(complaints(Topics.DEAD_LETTER, 1, Map.of())).isEmpty();
  }

  @Test
  void anotherNumberOfPartitionsIsNamedWithTheRemedy() {
    assertThat(complaints(TICKETS, 7, Map.of()))
        .singleElement()
        .asString()
        .contains("tidemark.change.ticket has 7 partitions where 4 are set")
        .contains("TIDEMARK_PARTITIONS=7");
    assertThat(complaints(Topics.POSITION, 2, Map.of()))
        .singleElement()
        .asString()
        .contains("tidemark.position has 2 partitions and must have one");
  }

  @Test
  void aTopicThatForgetsWhatMustStayIsRefused() {
    assertThat(complaints(TICKETS, 4, Map.of("retention.ms", "604800000")))
        .singleElement()
        .asString()
        .contains("retention.ms=604800000")
        .contains("--add-config retention.ms=-1");
    assertThat(complaints(TICKETS, 4, Map.of("cleanup.policy", "compact")))
        .singleElement()
        .asString()
        .contains("cleanup.policy=compact and must have delete");
  }

  @Test
  void aTopicThatKeepsMoreThanItMustIsFine() {
    assertThat(complaints(Topics.CAPTURE_COMMAND, 1, Map.of("retention.ms", "-1"))).isEmpty();
    assertThat(complaints(TICKETS, 4, Map.of("max.message.bytes", "20000000"))).isEmpty();
  }

  @Test
  void aTopicThatTakesSmallerRecordsThanItsWriterSendsIsRefused() {
    assertThat(complaints(TICKETS, 4, Map.of("max.message.bytes", "1048588")))
        .singleElement()
        .asString()
        .contains("takes batches of 1048588 bytes at most");
  }

  @Test
  void onlyAReplicatedTopicAsksForTwoReplicasInSync() {
    assertThat(TopicProvisioner.configuration(TICKETS, 1))
        .containsEntry("min.insync.replicas", "1");
    assertThat(TopicProvisioner.configuration(TICKETS, 3))
        .containsEntry("min.insync.replicas", "2");
  }

  private static List<String> complaints(
      Topic<?, ?> topic, int partitions, Map<String, String> different) {
    Map<String, String> configuration = new HashMap<>(TopicProvisioner.configuration(topic, 1));
    configuration.putAll(different);
    return TopicCheck.complaints(topic, 4, partitions, configuration);
  }

  static EntityType type(String name) {
    return new EntityType(
        name, "", TableName.parse(name), List.of("id"), List.of(), List.of(), List.of(), Map.of());
  }
}
