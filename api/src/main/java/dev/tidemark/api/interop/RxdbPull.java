package dev.tidemark.api.interop;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.api.pull.Changes;
import dev.tidemark.api.pull.PullAnswer;
import dev.tidemark.api.security.Caller;
import dev.tidemark.contract.WireSerdes;
import dev.tidemark.pipeline.scopelog.core.Entry;
import dev.tidemark.pipeline.scopelog.core.LogView;
import dev.tidemark.pipeline.scopelog.core.Page.Told;
import dev.tidemark.pipeline.scopelog.core.Reading;
import java.io.IOException;
import java.io.OutputStream;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Tells RxDB what a collection lacks, as of one moment. No more than a page of rows is ever held,
 * and the ids of those that were told.
 */
final class RxdbPull {
  /** A page looks at a multiple of this: rows of other types may lie between. */
  private static final int PAGE = 100;

  private static final int PAGE_BYTES = 1 << 20;

  private final Changes changes;
  private final Rows rows;
  private final String type;
  private final Caller caller;

  RxdbPull(Changes changes, Rows rows, String type, Caller caller) {
    this.changes = changes;
    this.rows = rows;
    this.type = type;
    this.caller = caller;
  }

  /**
   * Writes the answer. The package takes a short page for the last one, so it gets none while there
   * is more; it may get more than it asked for. May block.
   */
  void write(Optional<Reading> from, int limit, OutputStream out) throws IOException {
    Set<String> told = new HashSet<>();
    Optional<Reading> reading = from;
    String cursor = "";
    boolean more = true;
    try (LogView log = changes.view(from);
        JsonGenerator json = WireSerdes.exactJson().getFactory().createGenerator(out)) {
      json.writeStartObject();
      json.writeArrayFieldStart("documents");
      while (more && told.size() < limit) {
        PullAnswer answer =
            changes.page(
                log,
                reading,
                new TreeSet<>(Set.of(type)),
                caller,
                Math.max(PAGE, limit - told.size()),
                PAGE_BYTES);
        for (Told change : answer.page().changes()) {
          // Of several changes the last counts, and that is what is told at the first.
          if (told.add(change.entry().id())) {
            WireSerdes.exactJson().writeTree(json, document(log, change));
          }
        }
        reading = Optional.of(answer.page().reading());
        cursor = answer.cursor();
        more = answer.page().more();
      }
      json.writeEndArray();
      json.writeObjectFieldStart("checkpoint");
      json.writeStringField("cursor", cursor);
      json.writeEndObject();
      json.writeEndObject();
    }
  }

  private ObjectNode document(LogView log, Told change) {
    Entry entry = change.entry();
    Optional<Entry> now =
        change.put() && caller.scopes().size() == 1
            ? Optional.of(entry)
            : log.newest(caller.scopes(), type, entry.id()).filter(Entry::put);
    return now.map(rows::told)
        .orElseGet(() -> Rows.gone(entry.id()).put(Dialect.VERSION, entry.version().toString()));
  }
}
