package dev.tidemark.api;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.contract.Origin;
import dev.tidemark.contract.ScopedChange;
import dev.tidemark.contract.ScopedChange.Kind;
import dev.tidemark.contract.Topics;
import dev.tidemark.contract.Version;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/** What capture writes for devices, written by a test. */
public final class ScopedTopic implements AutoCloseable {
  private final KafkaProducer<String, ScopedChange> producer;
  private long lsn = 100;

  public ScopedTopic(String kafka) {
    Serializer<ScopedChange> values = Topics.SCOPED_CHANGE.valueSerde().serializer();
    producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", kafka, "transactional.id", UUID.randomUUID().toString()),
            new StringSerializer(),
            values);
    producer.initTransactions();
  }

  public ScopedChange put(String scope, String type, String id, @Nullable String device) {
    ObjectNode row = JsonNodeFactory.instance.objectNode().put("id", id).put("at", lsn);
    Origin origin = device == null ? null : new Origin(device, "operation-" + id);
    return change(scope, List.of(scope), type, id, Kind.PUT, origin, row);
  }

  /** A row with these columns. */
  public ScopedChange row(String scope, String type, String id, ObjectNode data) {
    return change(scope, List.of(scope), type, id, Kind.PUT, null, data);
  }

  public ScopedChange remove(String scope, String type, String id, String... now) {
    return change(scope, List.of(now), type, id, Kind.REMOVE, null, null);
  }

  private ScopedChange change(
      String scope,
      List<String> scopes,
      String type,
      String id,
      Kind kind,
      @Nullable Origin origin,
      @Nullable ObjectNode row) {
    lsn++;
    return new ScopedChange(
        scope, scopes, type, id, kind, new Version(1, lsn), lsn, Instant.now(), origin, row);
  }

  /** The same, committed at another time. */
  public static ScopedChange at(Instant committed, ScopedChange change) {
    return new ScopedChange(
        change.scope(),
        change.scopes(),
        change.type(),
        change.id(),
        change.kind(),
        change.version(),
        change.transaction(),
        committed,
        change.origin(),
        change.data());
  }

  public void commit(ScopedChange... changes) {
    begin(changes);
    end();
  }

  /** Sends, and leaves the transaction open. */
  // A send that fails makes the commit fail, so its future says nothing new.
  @SuppressWarnings("FutureReturnValueIgnored")
  public void begin(ScopedChange... changes) {
    producer.beginTransaction();
    for (ScopedChange change : changes) {
      producer.send(new ProducerRecord<>(Topics.SCOPED_CHANGE.name(), change.key(), change));
    }
    producer.flush();
  }

  public void end() {
    producer.commitTransaction();
  }

  @Override
  public void close() {
    producer.close();
  }
}
