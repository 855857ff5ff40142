package dev.tidemark.bench.verify.sync;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.bench.system.Door;
import dev.tidemark.bench.verify.Findings;
import dev.tidemark.bench.verify.Findings.Kind;
import dev.tidemark.bench.verify.Json;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Whether every node says of every entity what its table holds. */
final class Convergence {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final List<Door> doors;
  private final String token;

  Convergence(List<Door> doors, String token) {
    this.doors = List.copyOf(doors);
    this.token = token;
  }

  /**
   * Compares, and gives the changes some time to arrive.
   *
   * @param ever every key that there ever was
   * @param rows those that there are
   */
  void check(Set<String> ever, Map<String, ObjectNode> rows, Findings findings)
      throws InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    for (int i = 0; i < doors.size(); i++) {
      Set<String> keys = new TreeSet<>(ever);
      keys.addAll(rows.keySet());
      Map<String, String> wrong = new LinkedHashMap<>();
      do {
        wrong.clear();
        for (String key : keys) {
          String difference = difference(doors.get(i), key, rows);
          if (!difference.isEmpty()) {
            wrong.put(key, difference);
          }
        }
        keys = wrong.keySet().isEmpty() ? Set.of() : new TreeSet<>(wrong.keySet());
        if (!wrong.isEmpty()) {
          Thread.sleep(200);
        }
      } while (!wrong.isEmpty() && System.nanoTime() < deadline);
      for (Map.Entry<String, String> one : wrong.entrySet()) {
        findings.add(Kind.STATE, "node %d, %s: %s".formatted(i + 1, one.getKey(), one.getValue()));
      }
    }
  }

  private String difference(Door door, String key, Map<String, ObjectNode> rows)
      throws InterruptedException {
    ObjectNode row = rows.get(key);
    try {
      Door.Answer answer = door.get("/api/entities/" + key, token);
      if (row == null) {
        return answer.status() == 404 || answer.status() == 410
            ? ""
            : "there is no such row, and it says " + answer.status() + " " + answer.body();
      }
      return answer.status() == 200 && Json.same(answer.json().get("fields"), row)
          ? ""
          : "the row is " + row + ", and it says " + answer.status() + " " + answer.body();
    } catch (IOException e) {
      return "it does not answer: " + e;
    }
  }
}
