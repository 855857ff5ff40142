package dev.tidemark.pipeline.scopelog;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.tidemark.contract.ScopedChange.Kind;
import dev.tidemark.contract.Times;
import dev.tidemark.contract.Version;
import dev.tidemark.contract.WireSerdes;
import dev.tidemark.pipeline.scopelog.core.ScopedRecord;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.common.errors.SerializationException;
import org.jspecify.annotations.Nullable;

/**
 * Reads a scoped change as far as the log needs it, and leaves the row alone: what devices are told
 * is cut out as it stands.
 */
final class ScopedRecordReader {
  private @Nullable String scope;
  private List<String> scopes = List.of();
  private @Nullable String type;
  private @Nullable String id;
  private @Nullable String kind;
  private @Nullable String version;
  private @Nullable String committed;
  private @Nullable String device;
  private long transaction;
  private byte @Nullable [] change;

  private ScopedRecordReader() {}

  /**
   * @throws SerializationException if it is none
   */
  static ScopedRecord read(byte[] bytes) {
    ScopedRecordReader reader = new ScopedRecordReader();
    try (JsonParser json = WireSerdes.exactJson().getFactory().createParser(bytes)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw new SerializationException("a scoped change is a JSON object");
      }
      for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
        json.nextToken();
        reader.member(name, json, bytes);
      }
      if (json.nextToken() != null) {
        throw new SerializationException("something follows the scoped change");
      }
      return reader.record();
    } catch (IOException | IllegalArgumentException | DateTimeException e) {
      throw new SerializationException("not a scoped change: " + e.getMessage(), e);
    }
  }

  private void member(String name, JsonParser json, byte[] bytes) throws IOException {
    switch (name) {
      case "scope" -> scope = json.getValueAsString();
      case "scopes" -> {
        scopes = new ArrayList<>(2);
        while (json.nextToken() != JsonToken.END_ARRAY) {
          scopes.add(json.getValueAsString());
        }
      }
      case "change" -> {
        int from = Math.toIntExact(json.currentTokenLocation().getByteOffset());
        if (json.currentToken() != JsonToken.START_OBJECT) {
          throw new SerializationException("field 'change' is no object");
        }
        for (String field = json.nextFieldName(); field != null; field = json.nextFieldName()) {
          json.nextToken();
          changeMember(field, json);
        }
        int to = Math.toIntExact(json.currentTokenLocation().getByteOffset()) + 1;
        change = Arrays.copyOfRange(bytes, from, to);
      }
      default -> json.skipChildren();
    }
  }

  private void changeMember(String name, JsonParser json) throws IOException {
    switch (name) {
      case "type" -> type = json.getValueAsString();
      case "id" -> id = json.getValueAsString();
      case "kind" -> kind = json.getValueAsString();
      case "version" -> version = json.getValueAsString();
      case "committed_at" -> committed = json.getValueAsString();
      case "transaction" -> transaction = json.getLongValue();
      case "origin" -> origin(json);
      default -> json.skipChildren();
    }
  }

  private void origin(JsonParser json) throws IOException {
    if (json.currentToken() != JsonToken.START_OBJECT) {
      return;
    }
    for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
      json.nextToken();
      if (name.equals("device")) {
        device = json.getValueAsString();
      } else {
        json.skipChildren();
      }
    }
  }

  private ScopedRecord record() {
    Kind what = Kind.parse(present("kind", kind));
    if (what != Kind.TRUNCATE) {
      present("id", id);
    }
    byte[] told = change;
    if (told == null) {
      throw new SerializationException("field 'change' is missing");
    }
    Instant moment = Times.parse(present("committed_at", committed));
    return new ScopedRecord(
        scope,
        scopes,
        present("type", type),
        what == Kind.TRUNCATE ? null : id,
        what,
        Version.parse(present("version", version)),
        transaction,
        ChronoUnit.MICROS.between(Instant.EPOCH, moment),
        device,
        told);
  }

  private static String present(String name, @Nullable String value) {
    if (value == null) {
      throw new SerializationException("field '" + name + "' is missing");
    }
    return value;
  }
}
