package dev.tidemark.pipeline.resolution.core;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.contract.Version;
import dev.tidemark.contract.catalog.MergePolicy;
import dev.tidemark.contract.sync.ConflictType;
import dev.tidemark.contract.sync.OperationKind;
import dev.tidemark.contract.sync.Strategy;
import dev.tidemark.contract.sync.SyncOperation;
import dev.tidemark.pipeline.resolution.core.Conflict.Resolution;
import dev.tidemark.pipeline.resolution.core.Effect.Delete;
import dev.tidemark.pipeline.resolution.core.Effect.Insert;
import dev.tidemark.pipeline.resolution.core.Effect.Nothing;
import dev.tidemark.pipeline.resolution.core.Effect.Refusal;
import dev.tidemark.pipeline.resolution.core.Effect.Refused;
import dev.tidemark.pipeline.resolution.core.Effect.Undecided;
import dev.tidemark.pipeline.resolution.core.Effect.Update;
import dev.tidemark.pipeline.resolution.core.Explanation.Reason;
import dev.tidemark.pipeline.resolution.core.FieldDecision.Rule;
import dev.tidemark.pipeline.resolution.core.FieldDecision.Winner;
import dev.tidemark.pipeline.resolution.core.Known.Absent;
import dev.tidemark.pipeline.resolution.core.Known.Deleted;
import dev.tidemark.pipeline.resolution.core.Known.Live;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Decides one operation. Whether it conflicts is a question of versions: only a field that somebody
 * else changed after what the device had seen, to another value, is contested. What is not
 * contested is done; the strategy speaks for the rest.
 */
public final class Decide {
  private final Question question;
  private final SyncOperation operation;
  private final Base base;

  /** Whether the device may know of what there is. */
  private final boolean visible;

  private Decide(Question question) {
    this.question = question;
    this.operation = question.operation();
    this.base = Base.of(question);
    this.visible = visible(question);
  }

  /** The same question always has the same answer. */
  public static Decision decide(Question question) {
    return new Decide(question).decide();
  }

  private Decision decide() {
    return switch (question.known()) {
      case Absent _ -> onNothing();
      case Live live when visible -> onRow(live);
      // Whose it was cannot be told any more, so nothing is told of it.
      case Deleted(ObjectNode lastRow, Stamp _, Instant _) when lastRow == null -> onNothing();
      case Deleted deleted when visible -> onTombstone(deleted);
      // A row of others looks like no row, but its identifier is taken.
      case Live _, Deleted _ ->
          operation.kind() == OperationKind.CREATE ? refused(Refusal.NOT_AVAILABLE) : onNothing();
    };
  }

  private Decision onNothing() {
    return switch (operation.kind()) {
      case CREATE -> insert(operation.data(), null, Reason.NO_CONFLICT);
      // What has a version existed once. Nothing is left to bring back.
      case UPDATE ->
          base.source() == Base.Source.GIVEN
              ? settled(
                  new Nothing(),
                  new Conflict(ConflictType.UPDATE_DELETE, List.of(), Resolution.SERVER, null),
                  Reason.TOMBSTONE_EXPIRED)
              : refused(Refusal.NOT_FOUND);
      case DELETE -> settled(new Nothing(), null, Reason.ALREADY_SO);
    };
  }

  private Decision onTombstone(Deleted deleted) {
    if (operation.kind() == OperationKind.DELETE) {
      return settled(new Nothing(), null, Reason.ALREADY_SO);
    }
    if (!base.foreign(deleted.last(), deleted.changedAt())) {
      return operation.kind() == OperationKind.CREATE
          ? insert(operation.data(), null, Reason.NO_CONFLICT)
          : refused(Refusal.NOT_FOUND);
    }
    ObjectNode restored =
        operation.kind() == OperationKind.CREATE
            ? operation.data()
            : with(requireNonNull(deleted.lastRow()), operation.data());
    return switch (operation.strategy()) {
      case CLIENT_WINS -> restore(restored, Reason.STRATEGY);
      case SERVER_WINS -> stayDeleted(restored, Reason.STRATEGY);
      case LAST_WRITE_WINS ->
          clientLater(deleted.last(), deleted.changedAt())
              ? restore(restored, Reason.TIME)
              : stayDeleted(restored, Reason.TIME);
      case MERGE -> restore(restored, Reason.EDIT_OUTLIVES_DELETION);
      case MANUAL -> open(ConflictType.UPDATE_DELETE, fieldNames(), restored);
    };
  }

  private Decision restore(ObjectNode row, Reason reason) {
    return insert(
        row,
        new Conflict(ConflictType.UPDATE_DELETE, fieldNames(), Resolution.CLIENT, row),
        reason);
  }

  private Decision stayDeleted(ObjectNode suggestion, Reason reason) {
    return settled(
        new Nothing(),
        new Conflict(ConflictType.UPDATE_DELETE, fieldNames(), Resolution.SERVER, suggestion),
        reason);
  }

  private Decision onRow(Live live) {
    return operation.kind() == OperationKind.DELETE ? delete(live) : write(live);
  }

  private Decision delete(Live live) {
    List<String> changed = new ArrayList<>();
    live.row()
        .fieldNames()
        .forEachRemaining(
            field -> {
              if (base.foreign(live.stamp(field), live.changedAt())) {
                changed.add(field);
              }
            });
    if (changed.isEmpty()) {
      return settled(new Delete(), null, Reason.NO_CONFLICT);
    }
    return switch (operation.strategy()) {
      case CLIENT_WINS -> deleteOrKeep(true, changed, live, Reason.STRATEGY);
      case SERVER_WINS -> deleteOrKeep(false, changed, live, Reason.STRATEGY);
      case LAST_WRITE_WINS ->
          deleteOrKeep(clientLater(live.last(), live.changedAt()), changed, live, Reason.TIME);
      case MERGE -> deleteOrKeep(false, changed, live, Reason.EDIT_OUTLIVES_DELETION);
      case MANUAL -> open(ConflictType.DELETE_UPDATE, changed, live.row());
    };
  }

  private Decision deleteOrKeep(boolean delete, List<String> changed, Live live, Reason reason) {
    return settled(
        delete ? new Delete() : new Nothing(),
        new Conflict(
            ConflictType.DELETE_UPDATE,
            changed,
            delete ? Resolution.CLIENT : Resolution.SERVER,
            live.row()),
        reason);
  }

  private Decision write(Live live) {
    for (String key : question.policy().key()) {
      JsonNode wanted = operation.data().get(key);
      if (wanted != null && !Values.same(wanted, Values.orNull(live.row().get(key)))) {
        return refused(Refusal.KEY_CHANGED);
      }
    }
    List<FieldDecision> fields = fields(live, operation.strategy());
    List<String> contested = contested(fields);
    if (contested.isEmpty()) {
      ObjectNode patch = patch(fields);
      return update(patch, with(live.row(), patch), fields, null, Reason.NO_CONFLICT);
    }
    ConflictType type =
        operation.kind() == OperationKind.CREATE
            ? ConflictType.CREATE_CREATE
            : ConflictType.UPDATE_UPDATE;
    boolean undecidable = isBaseMissing(fields);
    if (operation.strategy() == Strategy.MANUAL || undecidable) {
      Reason why = undecidable ? Reason.BASE_UNKNOWN : Reason.LEFT_TO_A_PERSON;
      Conflict conflict =
          new Conflict(type, contested, Resolution.OPEN, suggestion(live, undecidable));
      return new Decision(new Undecided(), conflict, explain(why, fields));
    }
    ObjectNode patch = patch(fields);
    ObjectNode whole = with(live.row(), patch);
    Conflict conflict = new Conflict(type, contested, resolution(fields), whole);
    return update(patch, whole, fields, conflict, reason());
  }

  private Reason reason() {
    return switch (operation.strategy()) {
      case CLIENT_WINS, SERVER_WINS -> Reason.STRATEGY;
      case LAST_WRITE_WINS -> Reason.TIME;
      case MERGE -> Reason.FIELDS;
      case MANUAL -> Reason.LEFT_TO_A_PERSON;
    };
  }

  private @Nullable ObjectNode suggestion(Live live, boolean undecidable) {
    if (undecidable) {
      return null;
    }
    List<FieldDecision> merged = fields(live, Strategy.MERGE);
    return isBaseMissing(merged) ? null : with(live.row(), patch(merged));
  }

  private static boolean isBaseMissing(List<FieldDecision> fields) {
    for (FieldDecision field : fields) {
      if (field.rule() == Rule.BASE_UNKNOWN) {
        return true;
      }
    }
    return false;
  }

  private List<FieldDecision> fields(Live live, Strategy strategy) {
    boolean clientLater = clientLater(live.last(), live.changedAt());
    ThreeWay merge = new ThreeWay(clientLater);
    List<FieldDecision> decided = new ArrayList<>(operation.data().size());
    for (Map.Entry<String, JsonNode> field : operation.data().properties()) {
      String name = field.getKey();
      JsonNode client = field.getValue();
      JsonNode server = Values.orNull(live.row().get(name));
      Stamp stamp = live.stamp(name);
      JsonNode before = base.value(name, stamp, live.changedAt());
      Merged merged;
      boolean foreign = base.foreign(stamp, live.changedAt());
      if (Values.same(client, server) && !(foreign && counts(strategy, name))) {
        merged = new Merged(server, Winner.SERVER, Rule.EQUAL);
      } else if (base.late(stamp)) {
        merged = new Merged(server, Winner.SERVER, Rule.LATE);
      } else if (!foreign) {
        merged = new Merged(client, Winner.CLIENT, Rule.UNCONTESTED);
      } else {
        merged = contested(strategy, merge, clientLater, name, before, client, server);
      }
      decided.add(
          new FieldDecision(
              name, merged.winner(), merged.rule(), before, client, server, merged.value()));
    }
    return decided;
  }

  /** Two who each counted one have the same value, and it is one too low. */
  private boolean counts(Strategy strategy, String field) {
    return strategy == Strategy.MERGE
        && question.policy().of(field).policy() == MergePolicy.COUNTER;
  }

  private Merged contested(
      Strategy strategy,
      ThreeWay merge,
      boolean clientLater,
      String field,
      @Nullable JsonNode before,
      JsonNode client,
      JsonNode server) {
    return switch (strategy) {
      case CLIENT_WINS -> new Merged(client, Winner.CLIENT, Rule.STRATEGY);
      case SERVER_WINS, MANUAL -> new Merged(server, Winner.SERVER, Rule.STRATEGY);
      case LAST_WRITE_WINS ->
          clientLater
              ? new Merged(client, Winner.CLIENT, Rule.LATER)
              : new Merged(server, Winner.SERVER, Rule.LATER);
      case MERGE -> merge.field(question.policy().merge().get(field), before, client, server);
    };
  }

  /** By corrected clocks; of two that are equally late, always the same one. */
  private boolean clientLater(Stamp server, Instant changedAt) {
    int order = operation.time().compareTo(changedAt);
    String other = server.device();
    return order > 0 || (order == 0 && other != null && operation.device().compareTo(other) > 0);
  }

  private static List<String> contested(List<FieldDecision> fields) {
    List<String> contested = new ArrayList<>();
    for (FieldDecision field : fields) {
      if (field.contested()) {
        contested.add(field.field());
      }
    }
    return contested;
  }

  private static Resolution resolution(List<FieldDecision> fields) {
    Set<Winner> winners = EnumSet.noneOf(Winner.class);
    for (FieldDecision field : fields) {
      if (field.contested()) {
        winners.add(field.winner());
      }
    }
    if (winners.size() > 1) {
      return Resolution.MERGED;
    }
    return switch (winners.iterator().next()) {
      case CLIENT -> Resolution.CLIENT;
      case SERVER -> Resolution.SERVER;
      case BOTH -> Resolution.MERGED;
    };
  }

  private Decision update(
      ObjectNode patch,
      ObjectNode whole,
      List<FieldDecision> fields,
      @Nullable Conflict conflict,
      Reason reason) {
    if (patch.isEmpty()) {
      Reason why = conflict == null ? Reason.ALREADY_SO : reason;
      return new Decision(new Nothing(), conflict, explain(why, fields));
    }
    return question.mayWrite().test(whole)
        ? new Decision(new Update(patch), conflict, explain(reason, fields))
        : refused(Refusal.FORBIDDEN);
  }

  private static ObjectNode patch(List<FieldDecision> fields) {
    ObjectNode patch = JsonNodeFactory.instance.objectNode();
    for (FieldDecision field : fields) {
      if (!Values.same(field.result(), field.server())) {
        patch.set(field.field(), field.result());
      }
    }
    return patch;
  }

  private static ObjectNode with(ObjectNode row, ObjectNode patch) {
    ObjectNode whole =
        new ObjectNode(
            JsonNodeFactory.instance, LinkedHashMap.newLinkedHashMap(row.size() + patch.size()));
    whole.setAll(row);
    whole.setAll(patch);
    return whole;
  }

  private Decision insert(ObjectNode row, @Nullable Conflict conflict, Reason reason) {
    return question.mayWrite().test(row)
        ? settled(new Insert(row), conflict, reason)
        : refused(Refusal.FORBIDDEN);
  }

  private Decision open(ConflictType type, List<String> fields, ObjectNode suggestion) {
    return settled(
        new Undecided(),
        new Conflict(type, fields, Resolution.OPEN, suggestion),
        Reason.LEFT_TO_A_PERSON);
  }

  private Decision settled(Effect effect, @Nullable Conflict conflict, Reason reason) {
    return new Decision(effect, conflict, explain(reason, List.of()));
  }

  /** Says nothing of the row: it may be one that the device must not know of. */
  private Decision refused(Refusal refusal) {
    return new Decision(
        new Refused(refusal),
        null,
        new Explanation(
            Reason.REFUSED,
            base.version(),
            baseKnownBy(),
            null,
            null,
            operation.clientTime(),
            operation.time(),
            null,
            operation.strategy(),
            question.policy().version(),
            List.of()));
  }

  private List<String> fieldNames() {
    List<String> names = new ArrayList<>();
    operation.data().fieldNames().forEachRemaining(names::add);
    return names;
  }

  private String baseKnownBy() {
    return switch (base.source()) {
      case GIVEN -> "given";
      case SEEN -> "seen";
      case CLOCK -> "clock";
      case NOTHING -> "nothing";
    };
  }

  private static boolean visible(Question question) {
    return switch (question.known()) {
      case Absent _ -> false;
      case Live live -> question.mayWrite().test(live.row());
      case Deleted(ObjectNode lastRow, Stamp _, Instant _) ->
          lastRow != null && question.mayWrite().test(lastRow);
    };
  }

  private Explanation explain(Reason reason, List<FieldDecision> fields) {
    Version version = null;
    String device = null;
    Instant time = null;
    if (visible) {
      switch (question.known()) {
        case Live live -> {
          version = live.last().version();
          device = live.last().device();
          time = live.changedAt();
        }
        case Deleted deleted -> {
          version = deleted.last().version();
          device = deleted.last().device();
          time = deleted.changedAt();
        }
        case Absent _ -> {}
      }
    }
    return new Explanation(
        reason,
        base.version(),
        baseKnownBy(),
        version,
        device,
        operation.clientTime(),
        operation.time(),
        time,
        operation.strategy(),
        question.policy().version(),
        fields);
  }
}
