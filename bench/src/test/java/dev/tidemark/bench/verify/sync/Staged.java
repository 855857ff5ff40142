package dev.tidemark.bench.verify.sync;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.bench.verify.Json;
import dev.tidemark.contract.EntityKey;
import dev.tidemark.contract.sync.OperationKind;
import dev.tidemark.contract.sync.Permission;
import dev.tidemark.contract.sync.Strategy;
import dev.tidemark.contract.sync.Submission;
import dev.tidemark.contract.sync.SyncOperation;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A run that is made up: one item, a device that counts, and sessions that count as well. */
final class Staged {
  static final String ITEM = "item/1";
  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

  final List<Correspondence.Told> told = new ArrayList<>();
  final List<Settled> ledger = new ArrayList<>();
  final List<Noted> noted = new ArrayList<>();
  final Map<String, Integer> settledNotes = new LinkedHashMap<>();
  final Map<String, Integer> outcomes = new LinkedHashMap<>();
  private @Nullable ObjectNode row;
  private long seq;

  Staged() {
    psql(item(0));
  }

  static ObjectNode item(long visits) {
    return Json.object()
        .put("id", 1)
        .put("visits", visits)
        .put("owner", "north")
        .put("title", "one");
  }

  /** A session leaves the row like this. */
  Staged psql(@Nullable ObjectNode after) {
    return changed(Tables.PSQL, "psql-" + seq, after);
  }

  Staged changed(String writer, String transaction, @Nullable ObjectNode after) {
    noted.add(new Noted(++seq, transaction, writer, "item", "1", row, after));
    row = after;
    return this;
  }

  /** The device means to count, and is told that it has. */
  Staged asked(String key, long counted) {
    told.add(
        new Correspondence.Told(
            new Intent("phone", key, "item", 1, Json.object(), OptionalLong.of(counted), true),
            true,
            List.of(new Answered.Entry(Answered.Kind.SUCCESS, key, null, null))));
    return this;
  }

  /** The system writes down that visits were decided to become another number. */
  Staged settled(String key, String transaction, long server, long result) {
    ObjectNode decision = Json.object();
    decision.putObject("effect").put("kind", "update").putObject("values").put("visits", result);
    ArrayNode fields = decision.putArray("fields");
    fields.addObject().put("field", "visits").put("server", server).put("result", result);
    decision.putObject("question").put("known", "live");
    return settled(key, transaction, "applied", decision);
  }

  Staged settled(String key, String transaction, String result, ObjectNode decision) {
    ledger.add(
        new Settled("id-" + key, transaction, ++seq, submission(key), result, null, decision));
    settledNotes.merge("id-" + key, 1, Integer::sum);
    outcomes.merge("id-" + key, 1, Integer::sum);
    return this;
  }

  /** All of it as it should be: asked, decided, written. */
  Staged counted(String key, long counted) {
    long before = row == null ? 0 : row.path("visits").longValue();
    return asked(key, counted)
        .changed("writer", "tx-" + key, item(before + counted))
        .settled(key, "tx-" + key, before, before + counted);
  }

  private static Submission submission(String key) {
    return new Submission(
        new SyncOperation(
            "id-" + key,
            "phone",
            EntityKey.parse(ITEM),
            OperationKind.UPDATE,
            Json.object(),
            null,
            NOON,
            NOON,
            Strategy.MERGE,
            OptionalLong.empty()),
        key,
        "hash",
        "batch",
        0,
        NOON,
        Permission.of(Set.of("owner/north")),
        List.of(),
        null,
        null,
        null,
        "request");
  }

  Evidence evidence() {
    Map<String, ObjectNode> rows = new LinkedHashMap<>();
    if (row != null) {
      rows.put(ITEM, row);
    }
    return new Evidence(told, ledger, noted, settledNotes, rows, outcomes);
  }
}
