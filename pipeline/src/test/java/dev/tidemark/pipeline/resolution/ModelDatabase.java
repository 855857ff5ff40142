package dev.tidemark.pipeline.resolution;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.contract.ChangeKind;
import dev.tidemark.contract.EntityChange;
import dev.tidemark.contract.EntityKey;
import dev.tidemark.contract.Origin;
import dev.tidemark.contract.Version;
import dev.tidemark.contract.WireSerdes;
import dev.tidemark.contract.sync.Expected;
import dev.tidemark.contract.sync.Outcome;
import dev.tidemark.contract.sync.RowEffect;
import dev.tidemark.contract.sync.RowWrite;
import dev.tidemark.contract.sync.SyncOperation;
import dev.tidemark.contract.sync.WriteAnswer;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * A database with a ledger, its writer and its change stream, by their contract: a write is
 * compared with the rows as they are and done as a whole, or answered; what was committed is told
 * in order, as late as the test wants.
 */
final class ModelDatabase {
  final Map<EntityKey, ObjectNode> rows = new LinkedHashMap<>();
  final Map<String, Outcome> ledger = new LinkedHashMap<>();

  /** What was committed and nobody has been told yet: changes and outcomes. */
  final Queue<Object> log = new ArrayDeque<>();

  private final Map<EntityKey, Version> versions = new LinkedHashMap<>();
  private Instant now;
  private long lsn = 100;
  private long transaction = 1;

  ModelDatabase(Instant now) {
    this.now = now;
  }

  void at(Instant instant) {
    now = instant;
  }

  @Nullable Version version(EntityKey key) {
    return versions.get(key);
  }

  /** Somebody's own transaction. */
  void commit(EntityKey key, @Nullable ObjectNode row) {
    transaction++;
    change(key, row == null ? null : stored(row), null);
  }

  /** As it comes back: a number has one form. */
  private static ObjectNode stored(ObjectNode row) {
    try {
      return (ObjectNode) WireSerdes.exactJson().readTree(row.toString());
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree is JSON", e);
    }
  }

  /** What the writer does; an answer if it cannot. */
  Optional<WriteAnswer> write(RowWrite write) {
    List<String> known =
        write.entries().stream()
            .map(entry -> entry.submission().operation().id())
            .filter(ledger::containsKey)
            .toList();
    if (!known.isEmpty()) {
      return answer(write, WriteAnswer.Kind.DUPLICATE, known);
    }
    ObjectNode row = rows.get(write.key());
    boolean asExpected =
        switch (write.expected()) {
          case Expected.Absent() -> row == null;
          case Expected.Present(ObjectNode values) ->
              row != null
                  && values.properties().stream()
                      .allMatch(value -> value.getValue().equals(row.get(value.getKey())));
        };
    if (!asExpected) {
      return answer(write, WriteAnswer.Kind.STALE, List.of());
    }
    transaction++;
    boolean touches = !(write.effect() instanceof RowEffect.None);
    if (touches) {
      SyncOperation last = write.entries().getLast().submission().operation();
      Origin origin = new Origin(last.device(), last.id(), last.sequence(), write.sent());
      change(write.key(), after(write.effect(), row), origin);
    }
    for (RowWrite.Entry entry : write.entries()) {
      Outcome outcome = outcome(entry, write.key(), touches);
      ledger.put(outcome.operation(), outcome);
      log.add(outcome);
    }
    return Optional.empty();
  }

  static Optional<WriteAnswer> answer(
      RowWrite write, WriteAnswer.Kind kind, List<String> operations) {
    return Optional.of(new WriteAnswer(write.key(), write.id(), kind, operations));
  }

  private static @Nullable ObjectNode after(RowEffect effect, @Nullable ObjectNode row) {
    return switch (effect) {
      case RowEffect.Insert(ObjectNode inserted) -> inserted.deepCopy();
      case RowEffect.Update(ObjectNode patch) -> {
        ObjectNode updated = requireNonNull(row).deepCopy();
        updated.setAll(patch);
        yield updated;
      }
      case RowEffect.Delete() -> null;
      case RowEffect.None() -> row;
    };
  }

  private void change(EntityKey key, @Nullable ObjectNode after, @Nullable Origin origin) {
    ObjectNode before = rows.get(key);
    lsn += 10;
    Version version = new Version(1, lsn);
    List<String> changed = new ArrayList<>();
    if (before != null && after != null) {
      for (Map.Entry<String, JsonNode> field : after.properties()) {
        if (!field.getValue().equals(before.get(field.getKey()))) {
          changed.add(field.getKey());
        }
      }
    }
    ChangeKind kind =
        before == null ? ChangeKind.INSERT : after == null ? ChangeKind.DELETE : ChangeKind.UPDATE;
    if (after == null) {
      rows.remove(key);
    } else {
      rows.put(key, after);
    }
    versions.put(key, version);
    log.add(
        new EntityChange(
            key.type(),
            key,
            kind,
            version,
            transaction,
            0,
            now,
            before,
            after,
            changed,
            origin,
            false));
  }

  private Outcome outcome(RowWrite.Entry entry, EntityKey key, boolean touched) {
    return Outcome.of(entry.submission(), entry.ruling(), now)
        .with(touched ? versions.get(key) : null, touched ? rows.get(key) : null);
  }
}
