package dev.tidemark.bench.capture;

import io.debezium.embedded.Connect;
import io.debezium.engine.ChangeEvent;
import io.debezium.engine.DebeziumEngine;
import io.debezium.engine.DebeziumEngine.ChangeConsumer;
import io.debezium.engine.DebeziumEngine.ConnectorCallback;
import io.debezium.engine.RecordChangeEvent;
import io.debezium.engine.format.ChangeEventFormat;
import io.debezium.engine.format.Json;
import java.io.IOException;
import java.util.Objects;
import java.util.Properties;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Debezium's engine, as an application would embed it. */
final class EngineReader implements Reader {
  private static final Logger LOG = LoggerFactory.getLogger(EngineReader.class);

  private final Properties settings;
  private final Target target;
  private final ContenderReport report;
  private @Nullable DebeziumEngine<?> engine;
  private @Nullable Thread thread;

  /** What becomes of the records. */
  sealed interface Target {
    /** They are looked at. */
    record Records() implements Target {}

    /** They become JSON and go to Kafka. */
    record Kafka(Properties producer) implements Target {}
  }

  EngineReader(Properties settings, Target target, ContenderReport report) {
    this.settings = settings;
    this.target = target;
    this.report = report;
  }

  @Override
  public void start() {
    DebeziumEngine<?> made =
        switch (target) {
          case Target.Records() -> records();
          case Target.Kafka(Properties producer) -> json(producer);
        };
    engine = made;
    thread = Thread.ofPlatform().name("engine").start((Runnable) made);
  }

  private DebeziumEngine<RecordChangeEvent<SourceRecord>> records() {
    ChangeConsumer<RecordChangeEvent<SourceRecord>> consumer =
        (records, committer) -> {
          for (RecordChangeEvent<SourceRecord> event : records) {
            if (event.record().key() instanceof org.apache.kafka.connect.data.Struct key) {
              report.saw(key.getInt64("id"));
            }
            committer.markProcessed(event);
          }
          committer.markBatchFinished();
        };
    return DebeziumEngine.create(ChangeEventFormat.of(Connect.class))
        .using(settings)
        .using(callback())
        .using(EngineReader::completed)
        .notifying(consumer)
        .build();
  }

  private DebeziumEngine<ChangeEvent<String, String>> json(Properties producer) {
    return DebeziumEngine.create(Json.class)
        .using(settings)
        .using(callback())
        .using(EngineReader::completed)
        .notifying(new JsonSink(producer))
        .build();
  }

  private ConnectorCallback callback() {
    return new ConnectorCallback() {
      @Override
      public void taskStarted() {
        report.streaming();
      }
    };
  }

  private static void completed(
      boolean success, @Nullable String message, @Nullable Throwable error) {
    if (!success) {
      LOG.error("the engine failed: {}", message, error);
    }
  }

  @Override
  public void stop() throws IOException, InterruptedException {
    Objects.requireNonNull(engine, "never started").close();
    Objects.requireNonNull(thread, "never started").join();
  }
}
