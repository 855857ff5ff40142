package dev.tidemark.contract;

import dev.tidemark.contract.Topic.Retention;
import dev.tidemark.contract.Topic.Spread;
import dev.tidemark.contract.catalog.Catalog;
import dev.tidemark.contract.catalog.EntityType;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.serialization.Serdes;

/** The catalogue of topics. Nobody else writes a topic's name. */
public final class Topics {
  private static final String PREFIX = "tidemark.";
  private static final String CHANGE_PREFIX = PREFIX + "change.";

  /** Where capture is: written in the same Kafka transaction as the changes it speaks of. */
  public static final Topic<String, CapturePosition> POSITION =
      new Topic<>(
          PREFIX + "position",
          "Where capture is in the write-ahead log, committed together with the changes it covers.",
          Serdes.String(),
          WireSerdes.capturePosition(),
          "the replication slot's name",
          "a capture position",
          Spread.SINGLE,
          Retention.LATEST_PER_KEY,
          List.of("capture"),
          List.of("capture"));

  /** How capture knows each table: its columns, and whether its changes flow. */
  public static final Topic<String, CapturedTable> CAPTURED_TABLE =
      new Topic<>(
          PREFIX + "captured-table",
          "The shape of each captured table and whether its changes flow.",
          Serdes.String(),
          WireSerdes.capturedTable(),
          "the entity type",
          "a captured table",
          Spread.SINGLE,
          Retention.LATEST_PER_KEY,
          List.of("capture"),
          List.of("capture", "the api"));

  /** What could not be processed, with the reason. */
  public static final Topic<byte[], byte[]> DEAD_LETTER =
      new Topic<>(
          PREFIX + "dead-letter",
          "Records that could not be processed, as they were, with the reason in their headers.",
          Serdes.ByteArray(),
          Serdes.ByteArray(),
          "the key of the record as it was",
          "the value of the record as it was",
          Spread.SINGLE,
          Retention.KEPT,
          List.of("capture", "every topology"),
          List.of("the operator"));

  /** What operators ask of capture while it runs. */
  public static final Topic<String, CaptureCommand> CAPTURE_COMMAND =
      new Topic<>(
          PREFIX + "capture-command",
          "What an operator asks of capture: snapshot a table, accept a changed table.",
          Serdes.String(),
          WireSerdes.captureCommand(),
          "the entity type",
          "a capture command",
          Spread.SINGLE,
          Retention.ONE_DAY,
          List.of("the command line"),
          List.of("capture"));

  private Topics() {}

  /** The committed changes of one entity type. */
  public static Topic<EntityKey, EntityChange> change(EntityType type) {
    return new Topic<>(
        changeName(type.name()),
        type.description().isEmpty()
            ? "Every committed change of " + type.table() + "."
            : "Every committed change of " + type.table() + ". " + type.description(),
        WireSerdes.entityKey(),
        WireSerdes.entityChange(),
        "the entity, as type/id",
        "a change",
        Spread.BY_ENTITY,
        Retention.KEPT,
        List.of("capture"),
        List.of("entities", "your consumers"));
  }

  /** The name of the change topic of an entity type. */
  public static String changeName(String type) {
    return CHANGE_PREFIX + type;
  }

  /** All topics of a deployment with this catalog, state stores' own topics aside. */
  public static List<Topic<?, ?>> of(Catalog catalog) {
    List<Topic<?, ?>> topics = new ArrayList<>();
    for (EntityType type : catalog.types()) {
      topics.add(change(type));
    }
    topics.add(POSITION);
    topics.add(CAPTURED_TABLE);
    topics.add(CAPTURE_COMMAND);
    topics.add(DEAD_LETTER);
    return topics;
  }
}
