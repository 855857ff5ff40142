package dev.tidemark.standalone.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.tidemark.contract.WireSerdes;
import java.time.Instant;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/** A record as a line. */
record RecordLine(boolean pretty) {
  private static final String TYPE = "ce_type";

  String of(ConsumerRecord<String, String> found) {
    Header type = found.headers().lastHeader(TYPE);
    String what = type == null ? "" : "  " + new String(type.value(), UTF_8);
    return Instant.ofEpochMilli(found.timestamp())
        + "  "
        + found.partition()
        + "@"
        + found.offset()
        + "  "
        + found.key()
        + what
        + (pretty ? "\n" : "  ")
        + value(found.value());
  }

  private String value(String value) {
    if (value == null) {
      return "(deleted)";
    }
    if (!pretty) {
      return value;
    }
    try {
      return WireSerdes.exactJson().readTree(value).toPrettyString();
    } catch (JsonProcessingException notJson) {
      return value;
    }
  }
}
