package dev.tidemark.pipeline.scopelog.core;

import static java.util.Objects.requireNonNull;

import dev.tidemark.contract.ScopedChange.Kind;

/**
 * What a record does to the log. Of one row in one scope the log keeps what happened last, at the
 * place where it happened: only a newer version counts. Doing it again changes nothing.
 */
public final class LogFold {
  private LogFold() {}

  /** What became of a record. */
  public enum Result {
    TAKEN,
    /** The log had the row at this version, or a newer one. */
    KNOWN
  }

  /** Takes the record at an offset. */
  public static Result apply(LogStore store, long offset, ScopedRecord record) {
    if (record.kind() == Kind.TRUNCATE) {
      truncate(store, offset, record);
      return Result.TAKEN;
    }
    String id = requireNonNull(record.id(), "only a truncate has no id");
    String scope = record.scope();
    return scope == null
        ? removeEverywhere(store, offset, record, id)
        : tell(store, offset, record, scope, id);
  }

  private static Result tell(
      LogStore store, long offset, ScopedRecord record, String scope, String id) {
    Latest before = store.latest(scope, record.type(), id);
    if (before != null && !record.version().isAfter(before.version())) {
      return Result.KNOWN;
    }
    Position position = Position.of(offset);
    Position entered =
        before == null ? entered(store, record.type(), id, position) : before.entered();
    boolean put = record.kind() == Kind.PUT;
    store.replace(scope, before, entry(record, id, position, entered, put, record.change()));
    return Result.TAKEN;
  }

  private static Result removeEverywhere(
      LogStore store, long offset, ScopedRecord record, String id) {
    Result result = Result.KNOWN;
    for (String scope : store.scopesOf(record.type(), id)) {
      Latest before = store.latest(scope, record.type(), id);
      if (before != null && !record.scopes().contains(scope) && isEndedBy(before, record)) {
        Position position = Position.of(offset);
        store.replace(
            scope, before, entry(record, id, position, before.entered(), false, record.change()));
        result = Result.TAKEN;
      }
    }
    return result;
  }

  /**
   * Ends all rows of a type. The order of rows is the store's and stays the same while it lasts, so
   * that a truncate which was interrupted goes on with the same positions.
   */
  private static void truncate(LogStore store, long offset, ScopedRecord record) {
    int[] index = {0};
    store.rowsOf(
        record.type(),
        row -> {
          Latest before = store.latest(row.scope(), record.type(), row.id());
          if (before != null && isEndedBy(before, record)) {
            Position position = new Position(offset, index[0]);
            store.replace(
                row.scope(),
                before,
                entry(
                    record,
                    row.id(),
                    position,
                    before.entered(),
                    false,
                    removal(record, row.id())));
          }
          index[0]++;
        });
  }

  /** Where the row was first told of, in whatever scope. */
  private static Position entered(LogStore store, String type, String id, Position position) {
    Position first = position;
    for (String scope : store.scopesOf(type, id)) {
      Latest latest = store.latest(scope, type, id);
      if (latest != null && latest.entered().isBefore(first)) {
        first = latest.entered();
      }
    }
    return first;
  }

  private static boolean isEndedBy(Latest before, ScopedRecord record) {
    return before.put() && record.version().isAfter(before.version());
  }

  private static Entry entry(
      ScopedRecord record,
      String id,
      Position position,
      Position entered,
      boolean put,
      byte[] change) {
    return new Entry(
        position,
        entered,
        put,
        record.type(),
        id,
        record.version(),
        record.scopes(),
        record.transaction(),
        record.committedMicros(),
        record.device(),
        change);
  }

  private static byte[] removal(ScopedRecord truncate, String id) {
    return Removal.json(
        truncate.type(),
        id,
        truncate.version(),
        truncate.transaction(),
        truncate.committedMicros());
  }
}
