package dev.tidemark.connectors.capture;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tidemark.connectors.capture.encoding.EncodedChange;
import dev.tidemark.connectors.capture.encoding.ScopedEncoder.Scoped;
import dev.tidemark.contract.CapturePosition;
import dev.tidemark.contract.CapturedTable;
import dev.tidemark.contract.ChangeKind;
import dev.tidemark.contract.CloudEventHeaders;
import dev.tidemark.contract.DeadLetterHeaders;
import dev.tidemark.contract.EntityKey;
import dev.tidemark.contract.Topics;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Sends changes and the position they lead to in one Kafka transaction. Making one fences every
 * earlier producer of the same slot, and ends what it had left open. One thread.
 */
final class ChangeProducer implements AutoCloseable {
  private static final Header SPEC_VERSION =
      header(CloudEventHeaders.SPEC_VERSION, CloudEventHeaders.THE_SPEC_VERSION);
  private static final Header CONTENT_TYPE =
      header(CloudEventHeaders.CONTENT_TYPE, CloudEventHeaders.JSON);

  private static final Header OUTCOME = header(CloudEventHeaders.TYPE, CloudEventHeaders.OUTCOME);
  private static final Header SCOPED =
      header(CloudEventHeaders.TYPE, CloudEventHeaders.SCOPED_CHANGE);

  private final CaptureSettings settings;
  private final KafkaProducer<byte[], byte[]> producer;
  private final Map<ChangeKind, Header> types = new EnumMap<>(ChangeKind.class);
  private final Header source;
  private final Map<String, String> topics = new HashMap<>();
  private final Map<String, Integer> partitions = new HashMap<>();
  private final byte[] positionKey;

  private boolean open;
  private Instant latest = Instant.MIN;
  private Header latestTime = header(CloudEventHeaders.TIME, "");

  ChangeProducer(CaptureSettings settings, Duration transactionTimeout) {
    this.settings = settings;
    this.source = header(CloudEventHeaders.SOURCE, CloudEventHeaders.source(settings.slot()));
    this.positionKey = settings.slot().getBytes(UTF_8);
    for (ChangeKind kind : ChangeKind.values()) {
      types.put(kind, header(CloudEventHeaders.TYPE, CloudEventHeaders.type(kind)));
    }
    this.producer =
        new KafkaProducer<>(
            configuration(settings, transactionTimeout),
            new ByteArraySerializer(),
            new ByteArraySerializer());
    producer.initTransactions();
  }

  private static Properties configuration(CaptureSettings settings, Duration transactionTimeout) {
    Properties properties = new Properties();
    properties.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, settings.kafka());
    properties.put(ProducerConfig.CLIENT_ID_CONFIG, "tidemark-capture-" + settings.slot());
    properties.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, "tidemark-capture-" + settings.slot());
    properties.put(
        ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, Math.toIntExact(transactionTimeout.toMillis()));
    properties.put(ProducerConfig.ACKS_CONFIG, "all");
    // A commit flushes at once; until then records wait for each other, or the first of them would
    // go alone and the transaction would be two requests.
    properties.put(ProducerConfig.LINGER_MS_CONFIG, 5);
    properties.put(ProducerConfig.BATCH_SIZE_CONFIG, 256 * 1024);
    properties.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
    properties.put(ProducerConfig.BUFFER_MEMORY_CONFIG, 64L * 1024 * 1024);
    properties.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, settings.maxRecordBytes() + 1024 * 1024);
    properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 10_000);
    properties.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 10_000);
    properties.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 20_000);
    properties.put(ProducerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, 500);
    // A transaction that begins while the markers of the last one are being written is told to try
    // again; the default pause would cost a hundred milliseconds.
    properties.put(ProducerConfig.RETRY_BACKOFF_MS_CONFIG, 2);
    properties.put(ProducerConfig.RETRY_BACKOFF_MAX_MS_CONFIG, 200);
    return properties;
  }

  /**
   * Sends a change; a truncate goes to every partition of its topic.
   *
   * @return false if it was put aside instead
   */
  boolean send(EncodedChange change) {
    begin();
    String topic = topics.computeIfAbsent(change.type(), Topics::changeName);
    if (change.value().length > settings.maxRecordBytes()) {
      sendDeadLetter(change, topic, tooLarge("the change", change.value().length), null);
      return false;
    }
    EntityKey key = change.key();
    if (key != null) {
      enqueue(record(topic, null, change, change.value()));
      return true;
    }
    int count = partitions.computeIfAbsent(topic, name -> producer.partitionsFor(name).size());
    for (int partition = 0; partition < count; partition++) {
      enqueue(record(topic, partition, change, change.value()));
    }
    return true;
  }

  /**
   * Tells a scope of a change that was sent.
   *
   * @param index the number of this record among those of the change
   * @return false if it was put aside instead
   */
  boolean sendScoped(EncodedChange change, Scoped scoped, int index) {
    begin();
    int size = scoped.key().length + scoped.value().length;
    if (size > settings.maxRecordBytes()) {
      String reason = tooLarge("what a scope is told of the change", size);
      sendDeadLetter(change, Topics.SCOPED_CHANGE.name(), reason, null);
      return false;
    }
    EntityKey key = change.key();
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(
            Topics.SCOPED_CHANGE.name(),
            0,
            change.committedAt().toEpochMilli(),
            scoped.key(),
            scoped.value());
    describe(record, id(change) + "-" + index, SCOPED, key == null ? null : key.bytes(), change);
    enqueue(record);
    return true;
  }

  /** Puts a change of a stopped table aside, with the reason. */
  void sendDeadLetter(EncodedChange change, String reason) {
    begin();
    String topic = topics.computeIfAbsent(change.type(), Topics::changeName);
    sendDeadLetter(change, topic, reason, change.value());
  }

  /** Puts aside what was meant for a topic; without its value if that is too large. */
  private void sendDeadLetter(
      EncodedChange change, String topic, String reason, byte @Nullable [] value) {
    ProducerRecord<byte[], byte[]> record =
        record(Topics.DEAD_LETTER.name(), null, change, value == null ? new byte[0] : value);
    record.headers().add(header(DeadLetterHeaders.REASON, reason));
    record.headers().add(header(DeadLetterHeaders.TOPIC, topic));
    enqueue(record);
  }

  private String tooLarge(String what, int size) {
    return what
        + " has "
        + size
        + " bytes, more than the "
        + settings.maxRecordBytes()
        + " that a record may have (TIDEMARK_CAPTURE_MAX_RECORD_BYTES)";
  }

  /** Sends what became of an operation. */
  void sendOutcome(EntityKey key, String operation, byte[] outcome, Instant committed) {
    begin();
    byte[] keyBytes = key.bytes();
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(
            Topics.OUTCOME.name(), null, committed.toEpochMilli(), keyBytes, outcome);
    record
        .headers()
        .add(SPEC_VERSION)
        .add(new RecordHeader(CloudEventHeaders.ID, operation.getBytes(US_ASCII)))
        .add(source)
        .add(OUTCOME)
        .add(new RecordHeader(CloudEventHeaders.SUBJECT, keyBytes))
        .add(time(committed))
        .add(CONTENT_TYPE);
    enqueue(record);
  }

  void sendTable(CapturedTable table) {
    begin();
    enqueue(
        new ProducerRecord<>(
            Topics.CAPTURED_TABLE.name(),
            table.type().getBytes(UTF_8),
            Topics.CAPTURED_TABLE
                .valueSerde()
                .serializer()
                .serialize(Topics.CAPTURED_TABLE.name(), table)));
  }

  /** Makes all that was sent since the last commit visible, together with the position. */
  void commit(CapturePosition position) {
    begin();
    enqueue(
        new ProducerRecord<>(
            Topics.POSITION.name(),
            positionKey,
            Topics.POSITION.valueSerde().serializer().serialize(Topics.POSITION.name(), position)));
    producer.commitTransaction();
    open = false;
  }

  // A send that fails makes the commit fail, so its future says nothing new.
  @SuppressWarnings("FutureReturnValueIgnored")
  private void enqueue(ProducerRecord<byte[], byte[]> record) {
    producer.send(record);
  }

  private void begin() {
    if (!open) {
      producer.beginTransaction();
      open = true;
    }
  }

  private ProducerRecord<byte[], byte[]> record(
      String topic, @Nullable Integer partition, EncodedChange change, byte[] value) {
    EntityKey key = change.key();
    byte[] keyBytes = key == null ? null : key.bytes();
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(
            topic, partition, change.committedAt().toEpochMilli(), keyBytes, value);
    describe(record, id(change), types.get(change.kind()), keyBytes, change);
    return record;
  }

  private static String id(EncodedChange change) {
    return change.version() + "-" + change.transaction() + "-" + change.ordinal();
  }

  private void describe(
      ProducerRecord<byte[], byte[]> record,
      String id,
      @Nullable Header type,
      byte @Nullable [] entity,
      EncodedChange change) {
    record
        .headers()
        .add(SPEC_VERSION)
        .add(new RecordHeader(CloudEventHeaders.ID, id.getBytes(US_ASCII)))
        .add(source)
        .add(type)
        .add(
            new RecordHeader(
                CloudEventHeaders.SUBJECT, entity == null ? change.type().getBytes(UTF_8) : entity))
        .add(time(change.committedAt()))
        .add(CONTENT_TYPE);
  }

  /** All changes of a database transaction share it, and printing it is dear. */
  private Header time(Instant committedAt) {
    if (!committedAt.equals(latest)) {
      latest = committedAt;
      latestTime = header(CloudEventHeaders.TIME, committedAt.toString());
    }
    return latestTime;
  }

  private static Header header(String name, String value) {
    return new RecordHeader(name, value.getBytes(UTF_8));
  }

  @Override
  public void close() {
    // What is open is not waited for: the next producer of the slot ends it.
    producer.close(Duration.ZERO);
  }
}
