package dev.tidemark.bench.verify;

import dev.tidemark.contract.ChangeKind;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The rows as the change topics leave them, held against the tables. Not thread-safe. */
final class LastWords {
  private record Word(int partition, long lsn, Row row) {}

  private final Map<String, Map<String, Word>> rows = new HashMap<>();
  private final Map<String, Long> versions = new HashMap<>();

  /** Takes a change as it stands in a topic. */
  void take(int partition, Change change, Findings findings) {
    Map<String, Word> ofType = rows.computeIfAbsent(change.type(), _ -> new HashMap<>());
    if (change.kind() == ChangeKind.TRUNCATE) {
      ofType.values().removeIf(word -> word.partition() == partition);
      return;
    }
    Long before = versions.put(change.key(), change.lsn());
    if (before != null && before > change.lsn()) {
      findings.add(Findings.Kind.REORDERED, "version goes back from " + before + " at " + change);
    }
    Row after = change.after();
    if (after == null) {
      ofType.remove(change.key());
    } else {
      ofType.put(change.key(), new Word(partition, change.lsn(), after));
    }
  }

  /** Compares with the tables, which nobody changes meanwhile. */
  void compare(Connection connection, Findings findings) throws SQLException {
    for (VerifiedTable table : VerifiedTable.ALL) {
      Map<String, Word> left = new HashMap<>(rows.getOrDefault(table.name(), Map.of()));
      try (Statement statement = connection.createStatement();
          ResultSet result =
              statement.executeQuery(
                  "SELECT "
                      + String.join("::text, ", table.columnNames())
                      + "::text FROM "
                      + table.name())) {
        while (result.next()) {
          List<@Nullable String> texts = new ArrayList<>();
          for (int i = 1; i <= table.columns().size(); i++) {
            texts.add(result.getString(i));
          }
          String key = table.keyOf(texts);
          Row row = table.row(texts);
          Word word = left.remove(key);
          if (word == null) {
            findings.add(Findings.Kind.STATE, key + " is in the table and not in the topic");
          } else if (!word.row().equals(row)) {
            findings.add(
                Findings.Kind.STATE, key + " is " + row + " and the topic says " + word.row());
          }
        }
      }
      left.keySet()
          .forEach(
              key ->
                  findings.add(Findings.Kind.STATE, key + " is in the topic and not in the table"));
    }
  }
}
