package dev.tidemark.connectors.write;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidemark.contract.Origin;
import dev.tidemark.contract.WireSerdes;
import dev.tidemark.contract.sync.RowWrite;
import dev.tidemark.contract.sync.SyncOperation;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;

/** Announces in the log, in front of the changes, who causes them. */
final class Origins {
  private static final ObjectMapper JSON = WireSerdes.exactJson();
  private static final String EMIT = "SELECT pg_logical_emit_message(true, 'tidemark.origin', ?)";

  private final Database database;

  Origins(Database database) {
    this.database = database;
  }

  void announce(List<RowGroup> groups) throws SQLException {
    if (groups.stream().allMatch(group -> group.shape().effect() == Effect.NONE)) {
      return;
    }
    PreparedStatement emit = database.prepare(EMIT);
    emit.setString(1, json(groups));
    emit.executeQuery().close();
  }

  private static String json(List<RowGroup> groups) {
    StringWriter text = new StringWriter(4096);
    try (JsonGenerator json = JSON.createGenerator(text)) {
      json.writeStartObject();
      json.writeArrayFieldStart("entities");
      for (RowGroup group : groups) {
        if (group.shape().effect() != Effect.NONE) {
          for (Pending pending : group.writes()) {
            json.writeStartArray();
            json.writeString(pending.write().key().canonical());
            json.writeTree(WireSerdes.writeKnownOrigin(origin(pending.write())));
            json.writeEndArray();
          }
        }
      }
      json.writeEndArray();
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  private static Origin origin(RowWrite write) {
    SyncOperation last = write.entries().getLast().submission().operation();
    return new Origin(last.device(), last.id(), last.sequence(), write.sent());
  }
}
