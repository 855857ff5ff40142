package dev.tidemark.bench.verify;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.tidemark.bench.verify.PgOutput.Value;
import dev.tidemark.contract.ChangeKind;
import dev.tidemark.contract.WireSerdes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Turns pgoutput's messages into whole transactions: what a reader of the change topics has to see
 * of each. Not thread-safe.
 */
final class TransactionReader {
  static final String ORIGIN_PREFIX = "tidemark.origin";

  private final Map<Integer, VerifiedTable> tables = new HashMap<>();
  private final Map<String, Long> deletions = new HashMap<>();
  private List<Change> changes = new ArrayList<>();
  private PgOutput.@Nullable Begin begin;
  private @Nullable String origin;
  private long lastLsn;
  private long atLsn;

  /**
   * A transaction that committed.
   *
   * @param commitLsn where its commit record begins: the order of transactions
   * @param endLsn where its commit record ends
   */
  record Committed(long commitLsn, long endLsn, List<Change> changes) {}

  /** Takes the next message; a commit completes a transaction. */
  Optional<Committed> take(long lsn, PgOutput.Message message) {
    switch (message) {
      case PgOutput.Begin started -> {
        begin = started;
        changes = new ArrayList<>();
        origin = null;
        lastLsn = 0;
        atLsn = 0;
      }
      case PgOutput.Commit commit -> {
        Committed committed = new Committed(transaction().commitLsn(), commit.endLsn(), changes);
        begin = null;
        return Optional.of(committed);
      }
      case PgOutput.Relation relation -> relation(relation);
      case PgOutput.Insert insert -> {
        VerifiedTable table = table(insert.relation());
        List<@Nullable String> after = texts(insert.after(), List.of());
        add(lsn, table, ChangeKind.INSERT, table.keyOf(after), null, table.row(after));
      }
      case PgOutput.Update update -> update(lsn, update);
      case PgOutput.Delete delete -> {
        VerifiedTable table = table(delete.relation());
        List<@Nullable String> before = texts(delete.before(), List.of());
        add(lsn, table, ChangeKind.DELETE, table.keyOf(before), table.row(before), null);
      }
      case PgOutput.Truncate truncate -> {
        for (int relation : truncate.relations()) {
          VerifiedTable table = table(relation);
          add(lsn, table, ChangeKind.TRUNCATE, table.name(), null, null);
        }
      }
      case PgOutput.Logical logical -> {
        if (logical.transactional() && logical.prefix().equals(ORIGIN_PREFIX)) {
          origin = operation(logical.content());
        }
      }
      case PgOutput.Other _ -> {}
    }
    return Optional.empty();
  }

  private void relation(PgOutput.Relation relation) {
    VerifiedTable table =
        VerifiedTable.named(relation.name())
            .orElseThrow(() -> new IllegalArgumentException("unknown table " + relation.name()));
    if (!table.columnNames().equals(relation.columns())) {
      throw new IllegalArgumentException(
          table.name() + " has the columns " + relation.columns() + " in the log");
    }
    tables.put(relation.id(), table);
  }

  private void update(long lsn, PgOutput.Update update) {
    VerifiedTable table = table(update.relation());
    List<@Nullable String> before = texts(update.before(), List.of());
    List<@Nullable String> after = texts(update.after(), before);
    String oldKey = table.keyOf(before);
    String newKey = table.keyOf(after);
    if (oldKey.equals(newKey)) {
      add(lsn, table, ChangeKind.UPDATE, newKey, table.row(before), table.row(after));
    } else {
      add(lsn, table, ChangeKind.DELETE, oldKey, table.row(before), null);
      add(lsn, table, ChangeKind.INSERT, newKey, null, table.row(after));
    }
  }

  private void add(
      long lsn,
      VerifiedTable table,
      ChangeKind kind,
      String key,
      @Nullable Row before,
      @Nullable Row after) {
    atLsn = lsn == lastLsn ? atLsn + 1 : 0;
    lastLsn = lsn;
    changes.add(
        new Change(
            table.name(),
            kind,
            key,
            transaction().transaction(),
            version(lsn, kind, table.name() + "/" + key),
            atLsn,
            changes.size(),
            transaction().committedMicros(),
            before,
            after,
            before == null || after == null
                ? List.of()
                : before.changed(after, table.columnNames()),
            origin));
  }

  /** A row may stand before the deletion that made its key free, and has to be newer than it. */
  private long version(long lsn, ChangeKind kind, String row) {
    if (kind == ChangeKind.DELETE) {
      deletions.put(row, lsn);
    }
    return kind == ChangeKind.INSERT ? Math.max(lsn, deletions.getOrDefault(row, -1L) + 1) : lsn;
  }

  private PgOutput.Begin transaction() {
    PgOutput.Begin current = begin;
    if (current == null) {
      throw new IllegalArgumentException("a change outside of a transaction");
    }
    return current;
  }

  private VerifiedTable table(int relation) {
    VerifiedTable table = tables.get(relation);
    if (table == null) {
      throw new IllegalArgumentException("a change of a table that was not named before");
    }
    return table;
  }

  private static List<@Nullable String> texts(List<Value> values, List<@Nullable String> before) {
    List<@Nullable String> texts = new ArrayList<>(values.size());
    for (int i = 0; i < values.size(); i++) {
      Value value = values.get(i);
      if (value.unchanged() && before.isEmpty()) {
        throw new IllegalArgumentException("the log leaves out a value of an old row");
      }
      texts.add(value.unchanged() ? before.get(i) : value.text());
    }
    return texts;
  }

  private static String operation(String content) {
    try {
      return WireSerdes.exactJson().readTree(content).path("operation").asText();
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("an origin that is not JSON: " + content, e);
    }
  }
}
