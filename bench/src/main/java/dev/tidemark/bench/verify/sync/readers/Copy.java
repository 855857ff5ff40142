package dev.tidemark.bench.verify.sync.readers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.bench.verify.Findings.Kind;
import dev.tidemark.bench.verify.Json;
import dev.tidemark.contract.Version;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The rows that a reader has, by the changes it was told, in the order in which they came. What is
 * gone is remembered while the reader's scopes stay, so that it cannot come back older. Pure; not
 * thread-safe.
 */
final class Copy {
  private final Ground ground;
  private final Map<String, Held> held = new TreeMap<>();
  private Set<String> scopes = Set.of();

  /**
   * What was last told of a row.
   *
   * @param row null if it is gone
   * @param mayRepeat whether the same may be told once more, since the reader's scopes have changed
   */
  private record Held(Version version, @Nullable ObjectNode row, boolean mayRepeat) {}

  /** What is wrong, in words. */
  record Complaint(Kind kind, String text) {}

  Copy(Ground ground) {
    this.ground = ground;
  }

  /** Forgets everything, as who starts anew does. */
  void clear() {
    held.clear();
  }

  /** Takes note that from now on other scopes are seen. */
  void see(Set<String> now) {
    Set<String> changed = new TreeSet<>(now);
    changed.addAll(scopes);
    Set<String> both = new TreeSet<>(now);
    both.retainAll(scopes);
    changed.removeAll(both);
    scopes = Set.copyOf(now);
    // What went because of the scopes may come back with them as it was.
    held.values().removeIf(one -> one.row() == null);
    held.replaceAll(
        (key, one) -> {
          ObjectNode row = one.row();
          boolean mayRepeat =
              one.mayRepeat()
                  || (row != null && !Collections.disjoint(scopesOf(key, row), changed));
          return new Held(one.version(), row, mayRepeat);
        });
  }

  Set<String> scopes() {
    return scopes;
  }

  private Set<String> scopesOf(String key, ObjectNode row) {
    return ground.scopes(type(key), row);
  }

  static String type(String key) {
    return key.substring(0, key.indexOf('/'));
  }

  /** Takes a change, and says what is wrong with it. */
  Optional<Complaint> apply(JsonNode change) {
    String key = change.path("type").asText() + "/" + change.path("id").asText();
    Version version;
    try {
      version = Version.parse(change.path("version").asText());
    } catch (IllegalArgumentException e) {
      return complaint(Kind.UNEXPECTED, key, "a change without a version: " + change);
    }
    Held before = held.get(key);
    return switch (change.path("kind").asText()) {
      case "put" -> {
        if (!(change.get("data") instanceof ObjectNode row)) {
          yield complaint(Kind.UNEXPECTED, key, "a put without a row: " + change);
        }
        held.put(key, new Held(version, row, false));
        if (Collections.disjoint(scopesOf(key, row), scopes)) {
          yield complaint(Kind.UNEXPECTED, key, "a row of none of its scopes was told: " + change);
        }
        yield order(key, before, version, change);
      }
      case "remove" -> {
        held.put(key, new Held(version, null, false));
        if (isTakenAway(key, before, version)) {
          yield Optional.empty();
        }
        yield order(key, before, version, change);
      }
      default -> complaint(Kind.UNEXPECTED, key, "neither a put nor a removal: " + change);
    };
  }

  /** A row that did not change, of a scope that the reader may not see any more. */
  private boolean isTakenAway(String key, @Nullable Held before, Version version) {
    return before != null
        && before.row() != null
        && before.version().equals(version)
        && Collections.disjoint(scopesOf(key, before.row()), scopes);
  }

  private static Optional<Complaint> order(
      String key, @Nullable Held before, Version version, JsonNode change) {
    if (before == null || version.isAfter(before.version())) {
      return Optional.empty();
    }
    if (version.equals(before.version())) {
      return before.mayRepeat()
          ? Optional.empty()
          : complaint(Kind.REPEATED, key, "was told already: " + change);
    }
    return complaint(
        Kind.WENT_BACK,
        key,
        "went back from %s (%s) to %s"
            .formatted(before.version(), before.row() == null ? "gone" : before.row(), change));
  }

  private static Optional<Complaint> complaint(Kind kind, String key, String text) {
    return Optional.of(new Complaint(kind, key + ": " + text));
  }

  /** The rows that it has. */
  Map<String, ObjectNode> rows() {
    Map<String, ObjectNode> rows = new LinkedHashMap<>();
    held.forEach(
        (key, one) -> {
          ObjectNode row = one.row();
          if (row != null) {
            rows.put(key, row);
          }
        });
    return rows;
  }

  /** What it has, and what it knows to be gone. */
  String text() {
    return held.entrySet().stream()
        .map(
            one ->
                "%s@%s %s"
                    .formatted(
                        one.getKey(),
                        one.getValue().version(),
                        one.getValue().row() == null
                            ? "gone"
                            : scopesOf(one.getKey(), one.getValue().row())))
        .collect(Collectors.joining(", "));
  }

  /** The version of a row that it has. */
  Optional<Version> version(String key) {
    Held one = held.get(key);
    return one == null || one.row() == null ? Optional.empty() : Optional.of(one.version());
  }

  /**
   * Compares with what there is.
   *
   * @param truth every row, by type/id
   * @param types the types that the reader reads; empty means all
   * @return what is wrong with each row
   */
  Map<String, Complaint> differences(Map<String, ObjectNode> truth, Set<String> types) {
    Map<String, Complaint> wrong = new TreeMap<>();
    Map<String, ObjectNode> own = rows();
    truth.forEach(
        (key, row) -> {
          boolean visible =
              (types.isEmpty() || types.contains(type(key)))
                  && !Collections.disjoint(scopesOf(key, row), scopes);
          ObjectNode has = own.remove(key);
          if (visible && has == null) {
            wrong.put(key, new Complaint(Kind.SKIPPED, key + " is missing: " + row));
          } else if (!visible && has != null) {
            wrong.put(
                key,
                new Complaint(Kind.SKIPPED, key + " has left its scopes, it still has " + has));
          } else if (visible && !Json.same(has, row)) {
            wrong.put(key, new Complaint(Kind.WRONG_ROW, key + " is " + row + ", it has " + has));
          }
        });
    own.forEach(
        (key, has) ->
            wrong.put(key, new Complaint(Kind.SKIPPED, key + " is gone, it still has " + has)));
    return wrong;
  }

  /** What holds after every transaction, and not here. */
  Optional<String> broken() {
    return ground.broken(rows(), scopes);
  }
}
