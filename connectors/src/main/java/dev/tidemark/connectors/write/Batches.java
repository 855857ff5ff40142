package dev.tidemark.connectors.write;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidemark.contract.WireSerdes;
import dev.tidemark.contract.sync.SubmittedBatch;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes down which operations came together, and who sent them. */
final class Batches {
  private static final ObjectMapper JSON = WireSerdes.exactJson();

  // A row that was made by this very statement has no xmax: such a batch is new, and counts.
  private static final String UPSERT =
      """
      WITH input AS MATERIALIZED (
        SELECT * FROM jsonb_to_recordset(?::jsonb) AS i(
          n int, device_id text, batch_id text, received_at timestamptz, sent_at timestamptz,
          ahead_ms bigint, request_id text, operations uuid[], indexes integer[], errors jsonb)),
      written AS (
        INSERT INTO tidemark.batch AS b (device_id, batch_id, received_at, sent_at, ahead_ms,
          request_id, operations, indexes, errors, open)
        SELECT device_id, batch_id, received_at, sent_at, ahead_ms, request_id, operations, indexes,
          errors, true
        FROM input ORDER BY device_id, batch_id
        ON CONFLICT (device_id, batch_id) DO UPDATE SET operations = excluded.operations,
          indexes = excluded.indexes, errors = excluded.errors, open = true
        RETURNING b.device_id, b.xmax = 0 AS fresh),
      fresh AS (
        SELECT device_id, count(*) FILTER (WHERE fresh) AS batches FROM written GROUP BY device_id),
      latest AS (
        SELECT DISTINCT ON (device_id) device_id, batch_id, ahead_ms,
          min(received_at) OVER (PARTITION BY device_id) AS first_seen, received_at AS last_seen
        FROM input ORDER BY device_id, received_at DESC, n DESC)
      INSERT INTO tidemark.device AS d (device_id, first_seen, last_seen, last_batch, ahead_ms,
        batches)
      SELECT l.device_id, l.first_seen, l.last_seen, l.batch_id, l.ahead_ms, f.batches
      FROM latest l JOIN fresh f ON f.device_id = l.device_id ORDER BY l.device_id
      ON CONFLICT (device_id) DO UPDATE SET
        first_seen = least(d.first_seen, excluded.first_seen),
        last_seen = greatest(d.last_seen, excluded.last_seen),
        last_batch = CASE WHEN excluded.last_seen >= d.last_seen
          THEN excluded.last_batch ELSE d.last_batch END,
        ahead_ms = CASE WHEN excluded.last_seen >= d.last_seen
          THEN excluded.ahead_ms ELSE d.ahead_ms END,
        batches = d.batches + excluded.batches
      """;

  /** Names a batch. */
  private record Key(String device, String batch) {}

  private final Database database;

  Batches(Database database) {
    this.database = database;
  }

  void write(List<SubmittedBatch> batches) throws SQLException {
    if (batches.isEmpty()) {
      return;
    }
    PreparedStatement upsert = database.prepare(UPSERT);
    upsert.setString(1, json(once(batches)));
    upsert.executeUpdate();
  }

  /** A statement may touch a row once; what was submitted again stands, but arrived when it did. */
  private static Collection<SubmittedBatch> once(List<SubmittedBatch> batches) {
    Map<Key, SubmittedBatch> byKey = new LinkedHashMap<>();
    for (SubmittedBatch batch : batches) {
      byKey.merge(
          new Key(batch.device(), batch.id()),
          batch,
          (first, again) ->
              new SubmittedBatch(
                  first.device(),
                  first.id(),
                  first.received(),
                  first.sent(),
                  first.ahead(),
                  first.request(),
                  again.operations(),
                  again.errors()));
    }
    return byKey.values();
  }

  private static String json(Collection<SubmittedBatch> batches) {
    StringWriter text = new StringWriter(512 * batches.size());
    try (JsonGenerator json = JSON.createGenerator(text)) {
      json.writeStartArray();
      int n = 0;
      for (SubmittedBatch batch : batches) {
        write(json, n++, batch);
      }
      json.writeEndArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  private static void write(JsonGenerator json, int n, SubmittedBatch batch) throws IOException {
    Instant sent = batch.sent();
    json.writeStartObject();
    json.writeNumberField("n", n);
    json.writeStringField("device_id", batch.device());
    json.writeStringField("batch_id", batch.id());
    json.writeStringField("received_at", batch.received().toString());
    json.writeStringField("sent_at", sent == null ? null : sent.toString());
    json.writeNumberField("ahead_ms", batch.ahead().toMillis());
    json.writeStringField("request_id", batch.request());
    json.writeArrayFieldStart("operations");
    for (SubmittedBatch.Accepted accepted : batch.operations()) {
      json.writeString(accepted.operation());
    }
    json.writeEndArray();
    json.writeArrayFieldStart("indexes");
    for (SubmittedBatch.Accepted accepted : batch.operations()) {
      json.writeNumber(accepted.index());
    }
    json.writeEndArray();
    json.writeArrayFieldStart("errors");
    for (SubmittedBatch.Invalid invalid : batch.errors()) {
      json.writeStartObject();
      json.writeNumberField("index", invalid.index());
      json.writeFieldName("problem");
      json.writeTree(invalid.problem());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
  }
}
