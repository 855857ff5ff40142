package dev.tidemark.bench.verify.sync;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/**
 * A change of a row as a trigger noted it, in the transaction that made it and while the row was
 * locked.
 *
 * @param seq its place among all notes; right for the changes of one row
 * @param writer what the session calls itself
 */
record Noted(
    long seq,
    String transaction,
    String writer,
    String type,
    String id,
    @Nullable ObjectNode before,
    @Nullable ObjectNode after) {
  boolean byPsql() {
    return writer.equals(Tables.PSQL);
  }

  String key() {
    return type + "/" + id;
  }
}
