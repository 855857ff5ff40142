package dev.tidemark.connectors.write;

import dev.tidemark.connectors.write.StepFailed.Step;
import dev.tidemark.contract.EntityKey;
import dev.tidemark.contract.sync.RowWrite;
import dev.tidemark.contract.sync.SubmittedBatch;
import dev.tidemark.contract.sync.WriteAnswer;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Gets writes into Postgres, and finds out what became of each. An exception means that Postgres is
 * away: what is not settled by then has to be tried again, and may be tried again at any time.
 */
final class Committer {
  private static final int MOST_BYTES = 16 * 1024 * 1024;

  private final Database database;
  private final WritableTables tables;
  private final WriterMetrics metrics;
  private final Ledger ledger;

  Committer(Database database, WritableTables tables, WriterMetrics metrics) {
    this.database = database;
    this.tables = tables;
    this.metrics = metrics;
    this.ledger = new Ledger(database);
  }

  /**
   * Settles all writes.
   *
   * @param again whether some of them may have been carried out before
   * @return the batches that cannot be written down
   */
  List<SubmittedBatch> commit(List<Pending> writes, List<SubmittedBatch> batches, boolean again)
      throws SQLException {
    List<SubmittedBatch> unwritable = new ArrayList<>();
    List<List<Pending>> rounds = rounds(writes.stream().filter(Pending::open).toList());
    for (int i = 0; i < rounds.size(); i++) {
      boolean last = i == rounds.size() - 1;
      unwritable.addAll(commitRound(rounds.get(i), last ? batches : List.of(), again));
    }
    return unwritable;
  }

  /** A transaction takes each entity and each operation once, and no more than a message may. */
  private static List<List<Pending>> rounds(List<Pending> writes) {
    List<List<Pending>> rounds = new ArrayList<>();
    List<Pending> round = new ArrayList<>();
    Set<EntityKey> entities = new HashSet<>();
    Set<String> operations = new HashSet<>();
    long bytes = 0;
    for (Pending pending : writes) {
      List<String> ids = operations(pending);
      bytes += pending.bytes();
      if (entities.contains(pending.write().key())
          || ids.stream().anyMatch(operations::contains)
          || (bytes > MOST_BYTES && !round.isEmpty())) {
        rounds.add(round);
        round = new ArrayList<>();
        entities.clear();
        operations.clear();
        bytes = pending.bytes();
      }
      entities.add(pending.write().key());
      operations.addAll(ids);
      round.add(pending);
    }
    rounds.add(round);
    return rounds;
  }

  private List<SubmittedBatch> commitRound(
      List<Pending> round, List<SubmittedBatch> batches, boolean again) throws SQLException {
    Care care = new Care();
    if (again) {
      settleDuplicates(round);
    }
    for (; ; ) {
      List<Pending> open = round.stream().filter(Pending::open).toList();
      if (open.isEmpty() && batches.isEmpty()) {
        database.rollback();
        return List.of();
      }
      Attempt attempt = new Attempt(database, tables, ledger, care);
      long begun = System.nanoTime();
      try {
        attempt.run(open, batches);
        metrics.committed(
            open.size() + batches.size(), Duration.ofNanos(System.nanoTime() - begun));
        attempt.verdicts().forEach(Pending::settle);
        classify(open.stream().filter(Pending::open).toList());
        return attempt.unwritable();
      } catch (Duplicates e) {
        database.rollback();
        settleDuplicates(open, attempt, e.fresh());
      } catch (StepFailed e) {
        database.rollback();
        takeCare(care, e);
      }
    }
  }

  private void takeCare(Care care, StepFailed failed) throws SQLException {
    Failure failure = Failure.of(failed.failure());
    if (failure == Failure.AWAY) {
      throw failed.failure();
    }
    metrics.retried();
    RowGroup group = failed.group();
    if (group != null) {
      tables.forget(group.shape().table().type().name());
      if (failure != Failure.MISFIT || !care.firstMisfit(group)) {
        care.afterFailureOf(group);
      }
    } else if (failed.step() == Step.BATCHES) {
      care.afterFailureOfBatches();
    } else {
      care.afterFailureOfTheLedger();
    }
  }

  /** Of those that the transaction wanted to write down, some were not new. */
  private static void settleDuplicates(List<Pending> open, Attempt attempt, Set<String> fresh) {
    for (Pending pending : open) {
      Verdict verdict = attempt.verdicts().get(pending);
      if (verdict instanceof Verdict.Written || verdict instanceof Verdict.Rejected) {
        List<String> known = Attempt.known(pending, fresh);
        if (!known.isEmpty()) {
          pending.settle(new Verdict.Answered(WriteAnswer.Kind.DUPLICATE, known));
        }
      }
    }
  }

  private void settleDuplicates(List<Pending> writes) throws SQLException {
    if (writes.isEmpty()) {
      return;
    }
    Set<String> known =
        ledger.known(writes.stream().flatMap(pending -> operations(pending).stream()).toList());
    for (Pending pending : writes) {
      List<String> there = operations(pending).stream().filter(known::contains).toList();
      if (!there.isEmpty()) {
        pending.settle(new Verdict.Answered(WriteAnswer.Kind.DUPLICATE, there));
      }
    }
  }

  /** Tells apart why writes did not find what they expected. */
  private void classify(List<Pending> missed) throws SQLException {
    if (missed.isEmpty()) {
      return;
    }
    settleDuplicates(missed);
    List<Pending> open = missed.stream().filter(Pending::open).toList();
    try {
      for (RowGroup group : new Grouping(tables, database).group(open).groups()) {
        for (Pending found : group.check(database)) {
          found.settle(Verdict.Answered.of(WriteAnswer.Kind.LOCKED));
        }
      }
      database.commit();
    } catch (SQLException e) {
      if (Failure.of(e) == Failure.AWAY) {
        throw e;
      }
      // The next attempt will meet what is wrong here, and say so.
      database.rollback();
      open.stream()
          .filter(Pending::open)
          .forEach(pending -> pending.settle(Verdict.Answered.of(WriteAnswer.Kind.LOCKED)));
    }
    for (Pending pending : open) {
      if (pending.open()) {
        pending.settle(Verdict.Answered.of(WriteAnswer.Kind.STALE));
      }
    }
  }

  private static List<String> operations(Pending pending) {
    List<RowWrite.Entry> entries = pending.write().entries();
    List<String> ids = new ArrayList<>(entries.size());
    for (RowWrite.Entry entry : entries) {
      ids.add(entry.submission().operation().id());
    }
    return ids;
  }
}
