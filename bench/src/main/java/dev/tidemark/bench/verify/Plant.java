package dev.tidemark.bench.verify;

import dev.tidemark.contract.CapturePosition;
import dev.tidemark.contract.CapturePosition.Phase;
import dev.tidemark.contract.Topics;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * A fault that has to be noticed. Planted between the death of a capture and the start of the next
 * one; production code knows nothing of it.
 */
enum Plant {
  /** The position forgets what was sent after the slot's: everything since comes again. */
  SKIP_POSITION {
    @Override
    void plant(Connection connection, String kafka, CapturePosition position)
        throws SQLException, InterruptedException {
      write(kafka, at(position, lsn(connection, CONFIRMED)));
    }
  },
  /** The position claims what was never sent. */
  LOSE_POSITION {
    @Override
    void plant(Connection connection, String kafka, CapturePosition position)
        throws SQLException, InterruptedException {
      write(kafka, at(position, lsn(connection, "pg_current_wal_insert_lsn()")));
    }
  },
  /** Somebody moves the slot: capture must refuse to go on. */
  ADVANCE_SLOT {
    @Override
    void plant(Connection connection, String kafka, CapturePosition position) throws SQLException {
      try (Statement statement = connection.createStatement()) {
        statement.execute(
            "SELECT pg_replication_slot_advance('" + World.SLOT + "', pg_current_wal_lsn())");
      }
    }
  };

  private static final String CONFIRMED =
      "(SELECT confirmed_flush_lsn FROM pg_replication_slots WHERE slot_name = '"
          + World.SLOT
          + "')";

  /**
   * Does it.
   *
   * @param position the last position of the capture that died
   */
  abstract void plant(Connection connection, String kafka, CapturePosition position)
      throws SQLException, InterruptedException;

  String text() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  static Plant parse(String text) {
    return valueOf(text.strip().toUpperCase(Locale.ROOT).replace('-', '_'));
  }

  private static CapturePosition at(CapturePosition position, long lsn) {
    return new CapturePosition(
        position.epoch(),
        Phase.STREAMING,
        position.system(),
        position.publication(),
        lsn,
        0,
        0,
        0,
        0);
  }

  private static long lsn(Connection connection, String expression) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT (" + expression + " - '0/0')::bigint")) {
      row.next();
      return row.getLong(1);
    }
  }

  private static void write(String kafka, CapturePosition position) throws InterruptedException {
    String topic = Topics.POSITION.name();
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", kafka),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      producer
          .send(
              new ProducerRecord<>(
                  topic,
                  Topics.POSITION.keySerde().serializer().serialize(topic, World.SLOT),
                  Topics.POSITION.valueSerde().serializer().serialize(topic, position)))
          .get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("the position could not be doctored", e);
    }
  }
}
