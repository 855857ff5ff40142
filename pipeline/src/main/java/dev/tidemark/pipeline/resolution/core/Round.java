package dev.tidemark.pipeline.resolution.core;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.contract.ChangeKind;
import dev.tidemark.contract.EntityChange;
import dev.tidemark.contract.Origin;
import dev.tidemark.contract.Version;
import dev.tidemark.contract.catalog.EntityType;
import dev.tidemark.contract.catalog.ScopeTemplate;
import dev.tidemark.contract.sync.Expected;
import dev.tidemark.contract.sync.OperationKind;
import dev.tidemark.contract.sync.RowEffect;
import dev.tidemark.contract.sync.Submission;
import dev.tidemark.contract.sync.SyncOperation;
import dev.tidemark.pipeline.entities.core.EntityState;
import dev.tidemark.pipeline.entities.core.Fold;
import dev.tidemark.pipeline.entities.core.Folded;
import dev.tidemark.pipeline.resolution.core.FieldDecision.Winner;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Decides operations of one entity together, as far as one write can carry them out: edits of one
 * device, each made upon the last. What makes or removes the row ends a round, because the row that
 * comes after it is not known yet.
 */
public final class Round {
  /** More would make a write too large. */
  static final int MOST = 100;

  private static final int MOST_CHARACTERS = 256 * 1024;

  /** A position after every one that a log will ever have. */
  private static final long COMING = Long.MAX_VALUE - MOST - 1;

  private final EntityType type;
  private final Policy policy;
  private final @Nullable EntityState found;
  private final Set<String> read = new LinkedHashSet<>();
  private final ObjectNode patch = JsonNodeFactory.instance.objectNode();
  private final ObjectNode sent = JsonNodeFactory.instance.objectNode();
  private final List<Decided> decided = new ArrayList<>();
  private int size;

  // As it will be once what was decided so far is written.
  private @Nullable EntityState state;

  private Round(EntityType type, Policy policy, @Nullable EntityState found) {
    this.type = type;
    this.policy = policy;
    this.found = found;
    this.state = found;
  }

  /** An operation, what it was decided upon, and how. */
  public record Decided(Submission submission, Question question, Decision decision) {}

  /**
   * What to write.
   *
   * @param sent what the device had set where the written value is another; null if nowhere
   */
  public record Plan(
      RowEffect effect, Expected expected, List<Decided> decided, @Nullable ObjectNode sent) {
    public Plan {
      decided = List.copyOf(decided);
    }
  }

  /**
   * Decides the first of these operations, and with it as many as may be.
   *
   * @param most how many at most; 1 if each has to stand for itself
   */
  public static Plan plan(
      EntityType type,
      Policy policy,
      @Nullable EntityState state,
      List<Submission> operations,
      int most) {
    return new Round(type, policy, state).plan(operations, Math.min(most, MOST));
  }

  /** Whether a version is one that a round has thought of, and no row ever had. */
  public static boolean isComing(Version version) {
    return version.lsn() >= COMING;
  }

  private Plan plan(List<Submission> operations, int most) {
    for (Submission submission : operations) {
      if (decided.size() == most || size > MOST_CHARACTERS || !joins(submission)) {
        break;
      }
      Question question = question(submission);
      Decision decision = Decide.decide(question);
      boolean ends =
          decision.effect() instanceof Effect.Insert || decision.effect() instanceof Effect.Delete;
      if (ends && !decided.isEmpty()) {
        break;
      }
      decided.add(new Decided(submission, question, decision));
      size += operations.size() == 1 ? 0 : submission.operation().data().toString().length();
      switch (decision.effect()) {
        case Effect.Insert(ObjectNode row) -> {
          return finished(new RowEffect.Insert(row));
        }
        case Effect.Delete() -> {
          return finished(new RowEffect.Delete());
        }
        case Effect.Update(ObjectNode values) -> {
          Applied applied = apply(decision, values);
          if (decided.size() < operations.size()) {
            imagine(submission, applied);
          }
        }
        case Effect.Nothing _, Effect.Refused _, Effect.Undecided _ -> {}
      }
      note(submission.operation(), decision);
      if (!(state instanceof EntityState.Live)) {
        break;
      }
    }
    return finished(patch.isEmpty() ? new RowEffect.None() : new RowEffect.Update(patch));
  }

  /** A change has one author, and one running number stands for all of its operations. */
  private boolean joins(Submission submission) {
    if (decided.isEmpty()) {
      return true;
    }
    SyncOperation last = decided.getLast().submission().operation();
    SyncOperation next = submission.operation();
    if (!last.device().equals(next.device())) {
      return false;
    }
    OptionalLong before = last.sequence();
    OptionalLong after = next.sequence();
    return before.isPresent() == after.isPresent()
        && (before.isEmpty() || before.getAsLong() + 1 == after.getAsLong());
  }

  private Question question(Submission submission) {
    SyncOperation operation = submission.operation();
    return new Question(
        operation,
        Knowledge.known(state),
        Knowledge.seen(state, operation),
        Knowledge.baseRow(state, operation, submission.baseData(), policy),
        policy,
        row -> submission.permission().covers(type, row),
        Question.takesBack(submission));
  }

  /**
   * What an operation does to the row.
   *
   * @param merged what the device had set where both have a part in the value
   */
  private record Applied(ObjectNode values, List<String> changed, ObjectNode merged) {}

  private Applied apply(Decision decision, ObjectNode values) {
    patch.setAll(values);
    List<String> changed = new ArrayList<>();
    ObjectNode merged = JsonNodeFactory.instance.objectNode();
    for (FieldDecision field : decision.explanation().fields()) {
      String name = field.field();
      if (!values.has(name)) {
        continue;
      }
      changed.add(name);
      sent.remove(name);
      if (field.winner() == Winner.BOTH) {
        merged.set(name, field.client());
      }
    }
    sent.setAll(merged);
    return new Applied(values, changed, merged);
  }

  /** The state as the next operation will find it. */
  private void imagine(Submission submission, Applied applied) {
    EntityState.Live live = (EntityState.Live) requireNonNull(state);
    SyncOperation operation = submission.operation();
    ObjectNode row = live.row().deepCopy();
    row.setAll(applied.values());
    ObjectNode merged = applied.merged();
    EntityChange coming =
        new EntityChange(
            type.name(),
            operation.key(),
            ChangeKind.UPDATE,
            new Version(live.version().epoch(), COMING + decided.size()),
            0,
            0,
            submission.received().plusMillis(1),
            live.row(),
            row,
            applied.changed(),
            new Origin(
                operation.device(),
                operation.id(),
                operation.sequence(),
                merged.isEmpty() ? null : merged),
            false);
    state =
        switch (Fold.apply(live, coming, policy.remembered())) {
          case Folded.Replaced(EntityState next) -> next;
          case Folded.Ignored ignored -> throw new IllegalStateException(ignored.toString());
        };
  }

  /** What the decision would not be the same without. */
  private void note(SyncOperation operation, Decision decision) {
    if (operation.kind() == OperationKind.DELETE && decision.conflict() != null) {
      everything();
    }
    operation.data().fieldNames().forEachRemaining(read::add);
    for (ScopeTemplate scope : type.scopes()) {
      read.addAll(scope.columns());
    }
  }

  private void everything() {
    if (found instanceof EntityState.Live live) {
      live.row().fieldNames().forEachRemaining(read::add);
    }
  }

  private Plan finished(RowEffect effect) {
    if (effect instanceof RowEffect.Delete) {
      everything();
    }
    return new Plan(effect, expected(), decided, sent.isEmpty() ? null : sent);
  }

  private Expected expected() {
    if (!(found instanceof EntityState.Live live)) {
      return new Expected.Absent();
    }
    ObjectNode values = JsonNodeFactory.instance.objectNode();
    for (String field : read) {
      JsonNode value = live.row().get(field);
      if (value != null) {
        values.set(field, value);
      }
    }
    return new Expected.Present(values);
  }
}
