package dev.tidemark.connectors.write;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.connectors.write.StepFailed.Step;
import dev.tidemark.contract.sync.RowWrite;
import dev.tidemark.contract.sync.SubmittedBatch;
import dev.tidemark.contract.sync.WriteAnswer;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One transaction: who causes the changes, the rows, the ledger, the batches. What it finds out is
 * certain only when it has returned.
 */
final class Attempt {
  private static final Logger LOG = LoggerFactory.getLogger(Attempt.class);
  private static final String CHECK_NOW = "SET CONSTRAINTS ALL IMMEDIATE";

  /** The code of an error; the api knows it. */
  private static final String ALREADY_FOLLOWED = "already_followed";

  /** So many writes may wait for somebody else before the rest of the transaction is hurried. */
  private static final int WAITS = 4;

  private static final String WAIT_NO_MORE = "SET LOCAL lock_timeout = '10ms'";

  private final Database database;
  private final WritableTables tables;
  private final Ledger ledger;
  private final Care care;
  private final IdentityHashMap<Pending, Verdict> verdicts = new IdentityHashMap<>();
  private final List<SubmittedBatch> unwritable = new ArrayList<>();
  private int contended;

  Attempt(Database database, WritableTables tables, Ledger ledger, Care care) {
    this.database = database;
    this.tables = tables;
    this.ledger = ledger;
    this.care = care;
  }

  /** What became of the writes; those that did not find what they expected are not in it. */
  IdentityHashMap<Pending, Verdict> verdicts() {
    return verdicts;
  }

  /** The batches that cannot be written down. */
  List<SubmittedBatch> unwritable() {
    return unwritable;
  }

  void run(List<Pending> writes, List<SubmittedBatch> batches)
      throws SQLException, StepFailed, Duplicates {
    if (!writes.isEmpty()) {
      rows(writes);
      if (!care.everything()) {
        writeDown(writes);
      }
    }
    write(batches);
    database.commit();
  }

  private void rows(List<Pending> all) throws SQLException, StepFailed {
    List<Pending> writes = withoutLateFollowers(all);
    Grouping.Grouped grouped = new Grouping(tables, database).group(writes);
    new Origins(database).announce(grouped.groups());
    for (Grouping.Unfit unfit : grouped.unfit()) {
      settle(unfit.pending(), refused(unfit.pending(), unfit.error()));
    }
    boolean deferred = false;
    for (RowGroup group : grouped.groups()) {
      deferred |= group.shape().table().deferred();
      if (care.singly(group)) {
        for (Pending pending : group.writes()) {
          alone(group.only(List.of(pending)), pending);
        }
      } else {
        together(group);
      }
    }
    if (deferred && !care.everything()) {
      try {
        database.execute(CHECK_NOW);
      } catch (SQLException e) {
        throw new StepFailed(Step.LEDGER, null, e);
      }
    }
  }

  /**
   * Two people may settle one conflict at the same moment, or take one operation back: the first
   * has done it. All that follows an operation is about its entity, and a transaction takes an
   * entity once, so what is written down by now is all that there is.
   */
  private List<Pending> withoutLateFollowers(List<Pending> writes) throws SQLException {
    Map<String, String> followers = new HashMap<>();
    for (Pending pending : writes) {
      for (RowWrite.Entry entry : pending.write().entries()) {
        String original = original(entry);
        if (original != null) {
          followers.put(original, entry.submission().operation().id());
        }
      }
    }
    if (followers.isEmpty()) {
      return writes;
    }
    Set<String> followed = ledger.followed(followers);
    List<Pending> others = new ArrayList<>();
    for (Pending pending : writes) {
      if (late(pending, followed)) {
        settle(pending, refused(pending, Errors.of(ALREADY_FOLLOWED, "another one has done it")));
      } else {
        others.add(pending);
      }
    }
    return others;
  }

  private static boolean late(Pending pending, Set<String> followed) {
    Set<String> here = new HashSet<>();
    for (RowWrite.Entry entry : pending.write().entries()) {
      String original = original(entry);
      if (original != null && (followed.contains(original) || !here.add(original))) {
        return true;
      }
    }
    return false;
  }

  private static @Nullable String original(RowWrite.Entry entry) {
    String resolves = entry.submission().resolves();
    return resolves == null ? entry.submission().undoes() : resolves;
  }

  private void together(RowGroup group) throws StepFailed {
    try {
      for (Pending done : group.execute(database)) {
        verdicts.put(done, new Verdict.Written());
      }
    } catch (SQLException e) {
      throw new StepFailed(Step.ROWS, group, e);
    }
  }

  private void alone(RowGroup group, Pending pending) throws SQLException {
    Savepoint before = database.savepoint();
    try {
      if (group.execute(database).isEmpty()) {
        database.release(before);
        return;
      }
      if (group.shape().table().deferred()) {
        database.execute(CHECK_NOW);
      }
      Verdict verdict = new Verdict.Written();
      if (care.everything()) {
        List<String> known =
            known(pending, ledger.write(List.of(new Ledger.Page(pending.write(), verdict))));
        if (!known.isEmpty()) {
          database.rollback(before);
          verdicts.put(pending, new Verdict.Answered(WriteAnswer.Kind.DUPLICATE, known));
          return;
        }
      }
      database.release(before);
      verdicts.put(pending, verdict);
    } catch (SQLException e) {
      Failure failure = Failure.of(e);
      if (failure == Failure.AWAY) {
        throw e;
      }
      database.rollback(before);
      settle(pending, verdict(group, pending, failure, e));
    }
  }

  private Verdict verdict(RowGroup group, Pending pending, Failure failure, SQLException e)
      throws SQLException {
    if (failure == Failure.CONTENDED) {
      if (++contended == WAITS) {
        database.execute(WAIT_NO_MORE);
      }
      return Verdict.Answered.of(WriteAnswer.Kind.LOCKED);
    }
    boolean needsParent = pending.effect() == Effect.INSERT || pending.effect() == Effect.UPDATE;
    if (failure == Failure.REFERENCE && needsParent && pending.write().patient()) {
      return Verdict.Answered.of(WriteAnswer.Kind.PARENT_MISSING);
    }
    return refused(pending, Errors.of(database, group.shape().table(), pending.effect(), e));
  }

  private static Verdict refused(Pending pending, ObjectNode error) {
    return pending.write().entries().size() > 1
        ? Verdict.Answered.of(WriteAnswer.Kind.SPLIT)
        : new Verdict.Rejected(error, false);
  }

  /** Notes what became of a write whose row is as it was. */
  private void settle(Pending pending, Verdict verdict) throws SQLException {
    verdicts.put(
        pending,
        care.everything() && verdict instanceof Verdict.Rejected rejected
            ? rejectedAlone(pending, rejected)
            : verdict);
  }

  /** What the device sent may be what the ledger cannot hold, either; then it goes without. */
  private Verdict rejectedAlone(Pending pending, Verdict.Rejected rejected) throws SQLException {
    String reason = "";
    for (boolean bare : new boolean[] {false, true}) {
      Verdict.Rejected page = new Verdict.Rejected(rejected.error(), bare);
      Savepoint before = database.savepoint();
      try {
        List<String> known =
            known(pending, ledger.write(List.of(new Ledger.Page(pending.write(), page))));
        database.release(before);
        return known.isEmpty() ? page : new Verdict.Answered(WriteAnswer.Kind.DUPLICATE, known);
      } catch (SQLException e) {
        if (Failure.of(e) == Failure.AWAY) {
          throw e;
        }
        database.rollback(before);
        reason = String.valueOf(e.getMessage());
      }
    }
    return new Verdict.Unwritable(reason);
  }

  private void writeDown(List<Pending> writes) throws StepFailed, Duplicates {
    List<Ledger.Page> pages = new ArrayList<>(writes.size());
    int entries = 0;
    for (Pending pending : writes) {
      Verdict verdict = verdicts.get(pending);
      if (verdict instanceof Verdict.Written || verdict instanceof Verdict.Rejected) {
        pages.add(new Ledger.Page(pending.write(), verdict));
        entries += pending.write().entries().size();
      }
    }
    if (pages.isEmpty()) {
      return;
    }
    Set<String> fresh;
    try {
      fresh = ledger.write(pages);
    } catch (SQLException e) {
      throw new StepFailed(Step.LEDGER, null, e);
    }
    if (fresh.size() < entries) {
      throw new Duplicates(fresh);
    }
  }

  /** The operations of a write that are not among those that were new to the ledger. */
  static List<String> known(Pending pending, Set<String> fresh) {
    List<String> known = new ArrayList<>();
    for (RowWrite.Entry entry : pending.write().entries()) {
      String operation = entry.submission().operation().id();
      if (!fresh.contains(operation)) {
        known.add(operation);
      }
    }
    return known;
  }

  private void write(List<SubmittedBatch> batches) throws SQLException, StepFailed {
    Batches statement = new Batches(database);
    if (!care.batchesSingly()) {
      try {
        statement.write(batches);
      } catch (SQLException e) {
        throw new StepFailed(Step.BATCHES, null, e);
      }
      return;
    }
    for (SubmittedBatch batch : batches) {
      Savepoint before = database.savepoint();
      try {
        statement.write(List.of(batch));
        database.release(before);
      } catch (SQLException e) {
        if (Failure.of(e) == Failure.AWAY || Failure.of(e) == Failure.CONTENDED) {
          throw e;
        }
        database.rollback(before);
        LOG.error(
            "batch of request {} cannot be written down: {}", batch.request(), e.getMessage());
        unwritable.add(batch);
      }
    }
  }
}
