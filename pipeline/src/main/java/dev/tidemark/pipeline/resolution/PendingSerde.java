package dev.tidemark.pipeline.resolution;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.contract.SyncSerdes;
import dev.tidemark.contract.Version;
import dev.tidemark.contract.WireSerdes;
import dev.tidemark.contract.sync.Submission;
import java.io.IOException;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.errors.ProcessorStateException;

/**
 * Operations on their way, as they are stored: one byte that names the format, then compact JSON.
 * What cannot be read is the store's fault and never a record's.
 */
final class PendingSerde {
  private static final byte FORMAT = 1;
  private static final ObjectMapper JSON = WireSerdes.exactJson();

  private PendingSerde() {}

  static Serde<Pending> serde() {
    return Serdes.serdeFrom(
        (topic, pending) -> pending == null ? null : write(pending),
        (topic, bytes) -> bytes == null ? null : read(bytes));
  }

  private static byte[] write(Pending pending) {
    ObjectNode json = JSON.createObjectNode();
    json.put("phase", pending.phase().name());
    json.put("write", pending.write());
    json.put("taken", pending.taken());
    if (pending.version() != null) {
      json.put("version", pending.version().toString());
    }
    json.put("due", pending.due());
    json.put("tries", pending.tries());
    json.put("alone", pending.alone());
    json.put("parent", pending.parentMissingSince());
    ArrayNode operations = json.putArray("operations");
    pending.operations().forEach(operation -> operations.add(SyncSerdes.write(operation)));
    try {
      byte[] body = JSON.writeValueAsBytes(json);
      byte[] bytes = new byte[body.length + 1];
      bytes[0] = FORMAT;
      System.arraycopy(body, 0, bytes, 1, body.length);
      return bytes;
    } catch (JsonProcessingException e) {
      throw new ProcessorStateException("cannot write the pending operations of an entity", e);
    }
  }

  private static Pending read(byte[] bytes) {
    if (bytes.length == 0 || bytes[0] != FORMAT) {
      throw new ProcessorStateException(
          "pending operations are in format "
              + (bytes.length == 0 ? "none" : bytes[0])
              + ", and this program reads format "
              + FORMAT
              + " only: start the version that wrote them");
    }
    try {
      JsonNode json = JSON.readTree(bytes, 1, bytes.length - 1);
      List<Submission> operations = new ArrayList<>();
      for (JsonNode operation : json.path("operations")) {
        operations.add(SyncSerdes.readSubmission(operation));
      }
      String version = json.path("version").textValue();
      return new Pending(
          Pending.Phase.valueOf(json.path("phase").asText()),
          json.path("write").asText(),
          operations,
          json.path("taken").intValue(),
          version == null ? null : Version.parse(version),
          json.path("due").longValue(),
          json.path("tries").intValue(),
          json.path("alone").intValue(),
          json.path("parent").longValue());
    } catch (IOException
        | IllegalArgumentException
        | DateTimeException
        | SerializationException e) {
      throw new ProcessorStateException("the stored operations of an entity are damaged", e);
    }
  }
}
