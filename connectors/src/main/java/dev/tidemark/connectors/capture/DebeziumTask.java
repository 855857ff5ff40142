package dev.tidemark.connectors.capture;

import dev.tidemark.connectors.capture.value.ExactValues;
import dev.tidemark.connectors.schema.OwnTables;
import dev.tidemark.contract.catalog.EntityType;
import dev.tidemark.contract.postgres.PostgresUrl;
import io.debezium.connector.postgresql.PostgresConnector;
import io.debezium.connector.postgresql.PostgresConnectorTask;
import io.debezium.pipeline.ChangeEventSourceCoordinator;
import io.debezium.pipeline.EventDispatcher;
import io.debezium.pipeline.source.spi.DataChangeEventListener;
import java.lang.reflect.Field;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.metrics.PluginMetrics;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.SourceTaskContext;
import org.apache.kafka.connect.storage.OffsetStorageReader;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Debezium's Postgres connector, driven by hand: its task is started without an offset, so that the
 * slot alone says where to begin, polled for records, and told what may be confirmed.
 *
 * <p>The embedded engine would do this too, but it retries a failed batch with the next one,
 * confirms on its way down, and takes a future per record.
 */
final class DebeziumTask implements AutoCloseable {
  /** What the task does before it streams. */
  enum Mode {
    /** Makes the slot and reads every table in the slot's own snapshot. */
    SNAPSHOT("initial"),
    /** Streams from where the slot stands. */
    STREAM("no_data");

    private final String snapshotMode;

    Mode(String snapshotMode) {
      this.snapshotMode = snapshotMode;
    }
  }

  private static final Logger LOG = LoggerFactory.getLogger(DebeziumTask.class);
  private static final String PREFIX = "tidemark";
  static final String NOTIFICATIONS = PREFIX + ".notification";

  /** Where Debezium says that a database transaction begins and ends. */
  static final String TRANSACTIONS = PREFIX + ".transaction";

  // How long an idle stream keeps a failure of the reading thread to itself.
  private static final Duration IDLE = Duration.ofMillis(100);

  private final String ticket = UUID.randomUUID().toString();
  private final QuietTask task;
  private final ConfirmedOffset confirmed;
  private boolean quiet;

  DebeziumTask(CaptureSettings settings, List<EntityType> types, Mode mode) {
    Map<String, String> configuration = configuration(settings, types, mode);
    configuration.put("queue.provider.type", ChangeQueue.NAME);
    configuration.put(ChangeQueue.TICKET, ticket);
    task = new QuietTask(ticket, settings.batch());
    confirmed = new ConfirmedOffset(configuration);
    task.initialize(confirmed);
    try {
      task.start(configuration);
    } catch (RuntimeException e) {
      ChangeQueue.forget(ticket);
      throw e;
    }
  }

  List<SourceRecord> poll() throws InterruptedException {
    List<SourceRecord> records = task.poll();
    if (records == null) {
      return List.of();
    }
    // A record of the log shows that the coordinator has begun, and sets its listener no more.
    if (!quiet && records.stream().anyMatch(record -> !record.topic().equals(NOTIFICATIONS))) {
      quiet = true;
      task.describeNothing();
    }
    return records;
  }

  /**
   * Lets the slot move to where this record's transaction stands; takes effect at the next poll.
   */
  void confirm(SourceRecord record) throws InterruptedException {
    confirmed.set(record.sourceOffset());
    task.commit();
  }

  @Override
  public void close() {
    task.stop();
    ChangeQueue.forget(ticket);
  }

  private static Map<String, String> configuration(
      CaptureSettings settings, List<EntityType> types, Mode mode) {
    PostgresUrl postgres = settings.postgres();
    Map<String, String> c = new HashMap<>();
    c.put("name", settings.slot());
    c.put("connector.class", PostgresConnector.class.getName());
    c.put("task.id", "0");
    c.put("topic.prefix", PREFIX);
    c.put("database.hostname", postgres.host());
    c.put("database.port", Integer.toString(postgres.port()));
    c.put("database.user", postgres.user());
    c.put("database.password", postgres.password());
    c.put("database.dbname", postgres.database());
    postgres.parameters().forEach((name, value) -> c.put("driver." + name, value));
    c.put("driver.ApplicationName", "tidemark capture");
    // Both ways of reading must print a value alike, whatever the role's own settings are.
    c.put("driver.binaryTransfer", "false");
    c.put(
        "driver.options",
        "-c TimeZone=UTC -c DateStyle=ISO -c IntervalStyle=postgres -c bytea_output=hex"
            + " -c extra_float_digits=1");
    c.put("plugin.name", "pgoutput");
    c.put("slot.name", settings.slot());
    c.put("slot.drop.on.stop", "false");
    c.put("slot.max.retries", "3");
    c.put("slot.retry.delay.ms", "500");
    c.put("publication.name", settings.publication());
    c.put("publication.autocreate.mode", "disabled");
    c.put("snapshot.mode", mode.snapshotMode);
    c.put(
        "table.include.list",
        Stream.concat(
                types.stream().map(EntityType::table),
                Stream.of(SourceDatabase.SIGNALS, OwnTables.LEDGER))
            .map(SourceDatabase::regex)
            .collect(Collectors.joining(",")));
    c.put(
        "snapshot.include.collection.list",
        types.stream()
            .map(EntityType::table)
            .map(SourceDatabase::regex)
            .collect(Collectors.joining(",")));
    c.put(
        "message.key.columns",
        types.stream()
            .map(type -> SourceDatabase.regex(type.table()) + ":" + String.join(",", type.key()))
            .collect(Collectors.joining(";")));
    c.put("message.prefix.include.list", "tidemark\\..*");
    c.put("skipped.operations", "none");
    c.put("tombstones.on.delete", "false");
    c.put("include.unknown.datatypes", "true");
    c.put("converters", "exact");
    c.put("exact.type", ExactValues.class.getName());
    c.put("column.propagate.source.type", ".*");
    c.put("provide.transaction.metadata", Boolean.toString(mode == Mode.STREAM));
    c.put("heartbeat.interval.ms", "0");
    c.put("errors.max.retries", "0");
    c.put("poll.interval.ms", Long.toString(settings.pollInterval().toMillis()));
    c.put("max.batch.size", Integer.toString(settings.batch()));
    c.put("max.queue.size", Integer.toString(settings.batch() * 2));
    c.put("status.update.interval.ms", "1000");
    c.put("signal.enabled.channels", "source");
    c.put(
        "signal.data.collection",
        SourceDatabase.SIGNALS.schema() + "." + SourceDatabase.SIGNALS.name());
    c.put("incremental.snapshot.watermarking.strategy", "insert_delete");
    c.put("incremental.snapshot.chunk.size", "4096");
    c.put("notification.enabled.channels", "sink");
    c.put("notification.sink.topic.name", NOTIFICATIONS);
    return c;
  }

  /**
   * Debezium prints the key of every event as JSON, for a JMX attribute that nobody reads here. In
   * a profile of a drain that was a quarter of the thread that reads the log.
   */
  private static final class QuietTask extends PostgresConnectorTask {
    private final String ticket;
    private final int batch;
    private @Nullable ChangeQueue queue;

    private QuietTask(String ticket, int batch) {
      this.ticket = ticket;
      this.batch = batch;
    }

    @Override
    public List<SourceRecord> doPoll() throws InterruptedException {
      if (queue == null) {
        queue = ChangeQueue.take(ticket);
      }
      List<SourceRecord> records = queue.await(batch, IDLE);
      // Debezium's own poll throws what the reading thread has failed with.
      return records.isEmpty() ? super.doPoll() : records;
    }

    void describeNothing() {
      try {
        Field field = ChangeEventSourceCoordinator.class.getDeclaredField("eventDispatcher");
        field.setAccessible(true);
        if (field.get(coordinator) instanceof EventDispatcher<?, ?> dispatcher) {
          dispatcher.setEventListener(DataChangeEventListener.NO_OP());
        }
      } catch (ReflectiveOperationException | RuntimeException e) {
        LOG.warn("Debezium goes on describing every event, which slows a drain down", e);
      }
    }
  }

  /**
   * The offset of the last record that was confirmed. There is none when the task starts, so the
   * slot alone decides where to begin; later the task looks here, and only here, for what it may
   * confirm to Postgres.
   */
  private static final class ConfirmedOffset implements SourceTaskContext, OffsetStorageReader {
    private final Map<String, String> configs;
    private volatile @Nullable Map<String, ?> offset;

    private ConfirmedOffset(Map<String, String> configs) {
      this.configs = configs;
    }

    void set(Map<String, ?> newOffset) {
      offset = newOffset;
    }

    @Override
    public Map<String, String> configs() {
      return configs;
    }

    @Override
    public OffsetStorageReader offsetStorageReader() {
      return this;
    }

    @Override
    @SuppressWarnings("NullAway") // Connect's contract: null where there is no offset
    public <T> Map<String, Object> offset(Map<String, T> partition) {
      Map<String, ?> current = offset;
      return current == null ? null : new HashMap<>(current);
    }

    @Override
    public <T> Map<Map<String, T>, Map<String, Object>> offsets(
        Collection<Map<String, T>> partitions) {
      Map<Map<String, T>, Map<String, Object>> offsets = new HashMap<>();
      Map<String, ?> current = offset;
      if (current != null) {
        partitions.forEach(partition -> offsets.put(partition, new HashMap<>(current)));
      }
      return offsets;
    }

    @Override
    public PluginMetrics pluginMetrics() {
      throw new IllegalStateException("Debezium's Postgres connector registers no plugin metrics");
    }
  }
}
