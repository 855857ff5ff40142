package dev.tidemark.bench.verify.sync;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.bench.system.SyncSystem;
import dev.tidemark.bench.verify.Findings;
import dev.tidemark.bench.verify.Findings.Kind;
import dev.tidemark.bench.verify.Json;
import dev.tidemark.bench.verify.sync.readers.Flaw;
import dev.tidemark.contract.ChangeKind;
import dev.tidemark.contract.EntityChange;
import dev.tidemark.contract.EntityKey;
import dev.tidemark.contract.Topic;
import dev.tidemark.contract.Topics;
import dev.tidemark.contract.Version;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * A defect that has to be noticed. It is planted from outside, while the system runs or when it has
 * come to rest; production code knows nothing of it.
 */
enum SyncPlant {
  /** A writer that does not compare: now and then an update takes back what was added before it. */
  LOSE_UPDATE(true, Kind.LOST_UPDATE) {
    @Override
    void plant(SyncSystem system) throws SQLException {
      execute(
          system,
          """
          create function verify.overwrite() returns trigger language plpgsql as $$
          begin
            if current_setting('application_name') <> 'verify-psql'
                and new.visits <> old.visits and random() < 0.5 then
              new.visits := new.visits - 1;
            end if;
            return new;
          end $$;
          create trigger overwrite before update on verify.items
            for each row execute function verify.overwrite();
          """);
    }
  },
  /** A ledger without its unique keys: an operation is written down a second time. */
  TWICE(false, Kind.DUPLICATED) {
    @Override
    void plant(SyncSystem system) throws SQLException {
      execute(
          system,
          """
          alter table tidemark.ledger drop constraint ledger_pkey;
          alter table tidemark.ledger drop constraint ledger_device_id_idempotency_key_key;
          insert into tidemark.ledger
            select * from tidemark.ledger where result = 'applied' and kind = 'update'
            order by written_at desc limit 1;
          """);
    }
  },
  /** An operation that was acknowledged is forgotten. */
  FORGET(false, Kind.LOST) {
    @Override
    void plant(SyncSystem system) throws SQLException {
      execute(
          system,
          """
          delete from tidemark.ledger where id =
            (select id from tidemark.ledger order by written_at desc limit 1);
          """);
    }
  },
  /** A decision that the rules do not give. */
  MISJUDGE(false, Kind.MISJUDGED) {
    @Override
    void plant(SyncSystem system) throws SQLException {
      execute(
          system,
          """
          update tidemark.ledger set decision = jsonb_set(decision, '{reason}', '"time"')
          where id = (select id from tidemark.ledger
            where decision->>'reason' = 'no_conflict' order by written_at desc limit 1);
          """);
    }
  },
  /** Somebody changes a row whom neither a session nor an operation explains. */
  MEDDLE(false, Kind.UNEXPECTED) {
    @Override
    void plant(SyncSystem system) throws SQLException {
      execute(system, "update verify.items set visits = visits + 1 where id = 1");
    }
  },
  /** A batch waits for an operation that nobody will ever settle. */
  STRAND(false, Kind.UNSETTLED) {
    @Override
    void plant(SyncSystem system) throws SQLException {
      execute(
          system,
          """
          insert into tidemark.batch
            (device_id, batch_id, received_at, ahead_ms, request_id, operations, indexes, errors)
          values ('device-1', 'stranded', now(), 0, 'plant',
            array[gen_random_uuid()], array[0], '[]');
          """);
    }
  },
  /** A node believes of a row what its table does not hold. */
  DIVERGE(false, Kind.STATE) {
    @Override
    void plant(SyncSystem system) throws InterruptedException {
      EntityChange last = lastChange(system, EntityKey.parse("item/1"));
      ObjectNode row = last.after() == null ? Json.object() : last.after().deepCopy();
      forge(
          system,
          new EntityChange(
              last.type(),
              last.key(),
              ChangeKind.UPDATE,
              new Version(last.version().epoch(), last.version().lsn() + 1),
              last.transaction(),
              last.sequence(),
              last.committedAt(),
              last.after(),
              row.put("title", "forged"),
              List.of("title"),
              null,
              false));
    }
  },
  /** A reader passes over a change. */
  SKIP_CHANGE(Flaw.SKIPS, Kind.SKIPPED, Kind.WRONG_ROW),
  /** A reader is told a change twice. */
  REPEAT_CHANGE(Flaw.REPEATS, Kind.REPEATED, Kind.REPEATED),
  /** A reader keeps what it was told to remove. */
  IGNORE_REMOVAL(Flaw.KEEPS, Kind.SKIPPED, Kind.SKIPPED);

  private final boolean whileRunning;
  private final Kind finding;
  private final Kind orFinding;
  private final Flaw flaw;

  SyncPlant(boolean whileRunning, Kind finding) {
    this(whileRunning, finding, finding, Flaw.NONE);
  }

  SyncPlant(Flaw flaw, Kind finding, Kind orFinding) {
    this(false, finding, orFinding, flaw);
  }

  SyncPlant(boolean whileRunning, Kind finding, Kind orFinding, Flaw flaw) {
    this.whileRunning = whileRunning;
    this.finding = finding;
    this.orFinding = orFinding;
    this.flaw = flaw;
  }

  /** Plants it; what is wrong with a reader is in it from the start. */
  void plant(SyncSystem system) throws SQLException, InterruptedException {
    // Only the flaw of a reader.
  }

  /** What is wrong with some readers. */
  Flaw flaw() {
    return flaw;
  }

  /** Whether it needs operations after it, or rather none. */
  boolean whileRunning() {
    return whileRunning;
  }

  boolean caught(Findings found) {
    return found.count(finding) + found.count(orFinding) > 0;
  }

  String text() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  static SyncPlant parse(String text) {
    return valueOf(text.strip().toUpperCase(Locale.ROOT).replace('-', '_'));
  }

  private static EntityChange lastChange(SyncSystem system, EntityKey key) {
    return Kept.records(system.kafka(), topic()).stream()
        .filter(record -> key.equals(record.key()))
        .map(ConsumerRecord::value)
        .reduce((_, later) -> later)
        .orElseThrow();
  }

  private static Topic<EntityKey, EntityChange> topic() {
    return Topics.change(Tables.type("item"));
  }

  private static void forge(SyncSystem system, EntityChange change) throws InterruptedException {
    Topic<EntityKey, EntityChange> topic = topic();
    try (KafkaProducer<EntityKey, EntityChange> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", system.kafka()),
            topic.keySerde().serializer(),
            topic.valueSerde().serializer())) {
      producer.send(new ProducerRecord<>(topic.name(), change.key(), change)).get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("the change could not be forged", e);
    }
  }

  private static void execute(SyncSystem system, String sql) throws SQLException {
    try (Connection connection = system.connect();
        Statement statement = connection.createStatement()) {
      statement.execute("set application_name = 'verify-plant'");
      statement.execute(sql);
    }
  }
}
