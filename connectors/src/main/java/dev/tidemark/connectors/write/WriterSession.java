package dev.tidemark.connectors.write;

import dev.tidemark.connectors.write.WriterHealth.State;
import dev.tidemark.contract.catalog.Catalog;
import dev.tidemark.contract.sync.RowWrite;
import dev.tidemark.contract.sync.SubmittedBatch;
import dev.tidemark.contract.sync.WriteAnswer;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes, writes, answers, and only then tells Kafka that it is done. Until then everything is held
 * and tried again.
 */
final class WriterSession {
  private static final Logger LOG = LoggerFactory.getLogger(WriterSession.class);
  private static final Duration PATIENCE = Duration.ofMillis(500);
  private static final Duration FIRST_REST = Duration.ofMillis(50);
  private static final Duration LONGEST_REST = Duration.ofSeconds(1);

  private final Intake intake;
  private final Answers answers;
  private final Database database;
  private final WriterStatus status;
  private final WriterMetrics metrics;
  private final WritableTables tables;
  private final Committer committer;
  private Duration rest = FIRST_REST;
  private List<Held> written = List.of();

  WriterSession(
      Intake intake,
      Answers answers,
      Database database,
      Catalog catalog,
      WriterStatus status,
      WriterMetrics metrics) {
    this.intake = intake;
    this.answers = answers;
    this.database = database;
    this.status = status;
    this.metrics = metrics;
    this.tables = new WritableTables(catalog);
    this.committer = new Committer(database, tables, metrics);
  }

  void step() throws InterruptedException {
    try {
      if (written.isEmpty()) {
        intake.commit();
        if (intake.held().isEmpty()) {
          intake.take(PATIENCE);
        }
        List<Held> held = intake.held();
        if (held.isEmpty()) {
          idle();
          return;
        }
        write(held);
        written = held;
      }
      answers.send();
    } catch (SQLException e) {
      database.close();
      tables.forgetAll();
      intake.mayBeWritten();
      retry("Postgres is away: " + e.getMessage());
      return;
    } catch (InterruptException | WakeupException e) {
      throw e;
    } catch (KafkaException e) {
      retry("Kafka is away: " + e.getMessage());
      return;
    }
    List<Held> done = written;
    written = List.of();
    intake.done(done);
    rest = FIRST_REST;
    status.enter(State.WRITING, "writes flow");
  }

  private void idle() {
    if (intake.assigned()) {
      status.enter(State.WRITING, "nothing to write");
    } else {
      status.enter(State.STANDBY, "other writers have all partitions");
    }
  }

  private void retry(String reason) {
    metrics.retried();
    status.enter(State.RETRYING, reason);
    intake.rest(rest);
    Duration next = rest.multipliedBy(2);
    rest = next.compareTo(LONGEST_REST) > 0 ? LONGEST_REST : next;
  }

  private void write(List<Held> held) throws SQLException {
    List<Pending> writes = new ArrayList<>(held.size());
    List<SubmittedBatch> batches = new ArrayList<>();
    long oldest = Long.MAX_VALUE;
    for (Held one : held) {
      oldest = Math.min(oldest, one.record().timestamp());
      switch (one.content()) {
        case Held.Write(Pending pending) -> writes.add(pending);
        case Held.Batch(SubmittedBatch batch) -> batches.add(batch);
        case Held.Poison _ -> {}
      }
    }
    List<SubmittedBatch> unwritable = List.of();
    if (!writes.isEmpty() || !batches.isEmpty()) {
      unwritable = committer.commit(writes, batches, intake.again());
      metrics.age(Duration.ofMillis(Math.max(0, System.currentTimeMillis() - oldest)));
    }
    for (Held one : held) {
      answer(one, unwritable);
    }
  }

  private void answer(Held held, List<SubmittedBatch> unwritable) {
    switch (held.content()) {
      case Held.Poison(String reason) -> deadLetter(held, reason);
      case Held.Batch(SubmittedBatch batch) -> {
        if (unwritable.contains(batch)) {
          deadLetter(held, "the database cannot hold this batch");
        }
      }
      case Held.Write(Pending pending) -> answer(held, pending);
    }
  }

  private void answer(Held held, Pending pending) {
    Verdict verdict = pending.verdict();
    if (verdict == null) {
      throw new IllegalStateException("nothing is known of " + pending.write().key());
    }
    metrics.ended(pending.effect(), verdict.text());
    RowWrite write = pending.write();
    switch (verdict) {
      case Verdict.Answered(WriteAnswer.Kind kind, List<String> operations) ->
          answers.add(new WriteAnswer(write.key(), write.id(), kind, operations));
      case Verdict.Unwritable(String reason) -> {
        LOG.error(
            "an operation of request {} cannot be written down: {}",
            write.entries().getLast().submission().request(),
            reason);
        deadLetter(held, reason);
      }
      case Verdict.Written _, Verdict.Rejected _ -> {}
    }
  }

  private void deadLetter(Held held, String reason) {
    LOG.error(
        "record {} of partition {} of {} goes to the dead-letter topic: {}",
        held.record().offset(),
        held.record().partition(),
        held.record().topic(),
        reason);
    metrics.deadLetter();
    answers.addDeadLetter(held.record(), reason);
  }
}
