package dev.tidemark.bench.verify.sync;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.bench.verify.Findings;
import dev.tidemark.bench.verify.Findings.Kind;
import dev.tidemark.bench.verify.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Holds each change that the system made against the decisions that were written down in the same
 * transaction: it must have been decided on the row as it then was, and do what was decided and
 * nothing else. Pure.
 */
final class Effects {
  private final Findings findings;

  private Effects(Findings findings) {
    this.findings = findings;
  }

  /** What happened to one row in one transaction of the system. */
  private static final class Meeting {
    private final List<Noted> changes = new ArrayList<>();
    private final List<Settled> operations = new ArrayList<>();
  }

  static void check(Evidence evidence, Findings findings) {
    new Effects(findings).check(evidence);
  }

  private void check(Evidence evidence) {
    Map<String, Meeting> meetings = new LinkedHashMap<>();
    Map<String, Noted> last = new LinkedHashMap<>();
    for (Noted change : evidence.noted()) {
      Noted previous = last.put(change.key(), change);
      if (!Json.same(previous == null ? null : previous.after(), change.before())) {
        findings.add(Kind.UNEXPECTED, change.key() + " changed unseen before " + change);
      }
      if (!change.byPsql()) {
        meeting(meetings, change.transaction(), change.key()).changes.add(change);
      }
    }
    for (Settled operation : evidence.ledger()) {
      if (operation.transaction() != null) {
        meeting(meetings, operation.transaction(), operation.key()).operations.add(operation);
      }
    }
    meetings.values().forEach(this::check);
    lastWords(evidence, last);
  }

  private static Meeting meeting(Map<String, Meeting> all, String transaction, String key) {
    return all.computeIfAbsent(transaction + " " + key, _ -> new Meeting());
  }

  private void check(Meeting meeting) {
    List<Settled> applied = meeting.operations.stream().filter(Settled::applied).toList();
    if (meeting.changes.isEmpty()) {
      if (applied.size() == 1) {
        findings.add(Kind.ALTERED, "applied, and the row did not change: " + applied.getFirst());
      }
      return;
    }
    if (applied.isEmpty()) {
      findings.add(
          Kind.UNEXPECTED, "a change that no operation explains: " + meeting.changes.getFirst());
      return;
    }
    Running row = new Running(meeting.changes.getFirst().before());
    for (Settled operation : meeting.operations) {
      decidedOn(operation, row);
      row.apply(operation);
    }
    ObjectNode after = meeting.changes.getLast().after();
    if (!row.agrees(after)) {
      findings.add(
          Kind.ALTERED,
          "decided was %s, written was %s: %s".formatted(row.row, after, meeting.operations));
    }
  }

  /** Whatever a decision says that the server had, the row must have had when it was written. */
  private void decidedOn(Settled operation, Running row) {
    for (JsonNode field : operation.decision().path("fields")) {
      String name = field.path("field").asText();
      JsonNode then = row.value(name);
      if (then != null && !Json.same(then, field.get("server"))) {
        findings.add(
            Kind.LOST_UPDATE,
            "decided on %s = %s, the row had %s: %s"
                .formatted(name, field.get("server"), then, operation));
      }
    }
  }

  /** A row while operations are applied to it. */
  private static final class Running {
    private @Nullable ObjectNode row;
    private boolean partial;

    Running(@Nullable ObjectNode row) {
      this.row = row == null ? null : row.deepCopy();
    }

    /** A column's value; null where it is not known, because the database filled it in. */
    @Nullable JsonNode value(String column) {
      ObjectNode now = row;
      if (now == null || (partial && !now.has(column))) {
        return null;
      }
      return Json.orNull(now.get(column));
    }

    void apply(Settled operation) {
      if (!operation.applied()) {
        return;
      }
      JsonNode effect = operation.decision().path("effect");
      switch (effect.path("kind").asText()) {
        case "insert" -> {
          row = values(effect).deepCopy();
          partial = true;
        }
        case "update" -> {
          ObjectNode now = row == null ? Json.object() : row;
          now.setAll(values(effect));
          row = now;
        }
        case "delete" -> row = null;
        default -> {}
      }
    }

    private static ObjectNode values(JsonNode effect) {
      return effect.get("values") instanceof ObjectNode values ? values : Json.object();
    }

    boolean agrees(@Nullable ObjectNode after) {
      ObjectNode expected = row;
      if (expected == null || after == null) {
        return Objects.equals(expected, after);
      }
      if (!partial) {
        return Json.same(expected, after);
      }
      for (Map.Entry<String, JsonNode> field : expected.properties()) {
        if (!Json.same(field.getValue(), after.get(field.getKey()))) {
          return false;
        }
      }
      return true;
    }
  }

  private void lastWords(Evidence evidence, Map<String, Noted> last) {
    Map<String, ObjectNode> rows = new LinkedHashMap<>(evidence.rows());
    for (Noted change : last.values()) {
      ObjectNode row = rows.remove(change.key());
      if (!Json.same(row, change.after())) {
        findings.add(
            Kind.STATE, "%s is %s and was last made %s".formatted(change.key(), row, change));
      }
    }
  }
}
