package dev.tidemark.pipeline.resolution;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.tidemark.contract.SyncSerdes;
import dev.tidemark.contract.Topic;
import dev.tidemark.contract.sync.Expected;
import dev.tidemark.contract.sync.RowEffect;
import dev.tidemark.contract.sync.RowWrite;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.Serializer;

/**
 * Writes that fit into a record. One that does not, because its row is huge, becomes the refusal of
 * its operations: a dead letter would leave a device waiting for ever.
 */
final class WriteSerde {
  private WriteSerde() {}

  static Serde<RowWrite> fitting() {
    return fitting(Topic.MAX_RECORD_BYTES);
  }

  static Serde<RowWrite> fitting(int maxBytes) {
    Serializer<RowWrite> serializer = SyncSerdes.rowWrite().serializer();
    return Serdes.serdeFrom(
        (topic, write) -> {
          byte[] bytes = serializer.serialize(topic, write);
          return bytes == null || bytes.length <= maxBytes
              ? bytes
              : serializer.serialize(topic, refused(write));
        },
        SyncSerdes.rowWrite().deserializer());
  }

  private static RowWrite refused(RowWrite write) {
    return new RowWrite(
        write.key(),
        write.id(),
        new RowEffect.None(),
        write.expected() instanceof Expected.Absent
            ? write.expected()
            : new Expected.Present(JsonNodeFactory.instance.objectNode()),
        write.entries().stream()
            .map(
                entry ->
                    new RowWrite.Entry(
                        entry.submission(),
                        Rulings.undecidable("too_large", "The row is too large to be decided on.")))
            .toList(),
        null,
        false);
  }
}
