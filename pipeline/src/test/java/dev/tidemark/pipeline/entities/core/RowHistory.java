package dev.tidemark.pipeline.entities.core;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.contract.EntityChange;
import dev.tidemark.contract.Version;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Makes histories of one row as a database could commit them, with versions that only grow. */
final class RowHistory {
  private static final String KEY = "ticket/7";
  private static final List<String> FIELDS = List.of("a", "b", "c");

  private RowHistory() {}

  static List<EntityChange> generate(Random random) {
    List<EntityChange> history = new ArrayList<>();
    int epoch = 1 + random.nextInt(3);
    long lsn = random.nextInt(1_000);
    // Sometimes the stream begins in the middle of a row's life.
    ObjectNode row = random.nextInt(3) == 0 ? freshRow(random) : null;
    int length = 1 + random.nextInt(12);
    while (history.size() < length) {
      if (random.nextInt(10) == 0) {
        epoch++;
        lsn = random.nextInt(1_000);
        row = outOfSight(row, random);
      } else {
        lsn += 1 + random.nextInt(50);
      }
      Version version = new Version(epoch, lsn);
      if (row == null) {
        row = freshRow(random);
        history.add(Changes.insert(KEY, version, row));
      } else if (random.nextInt(4) == 0) {
        history.add(Changes.delete(KEY, version, random.nextBoolean() ? row : null));
        row = null;
      } else {
        ObjectNode next = row.deepCopy();
        List<String> changed = new ArrayList<>();
        for (String field : FIELDS) {
          if (random.nextInt(3) == 0) {
            next.put(field, random.nextInt());
            changed.add(field);
          }
        }
        history.add(Changes.update(KEY, version, next, changed.toArray(String[]::new)));
        row = next;
      }
    }
    return history;
  }

  static String text(List<EntityChange> history) {
    return history.stream().map(EntityChange::toString).collect(Collectors.joining("\n"));
  }

  /** What became of the row while a change of epoch hid it. */
  private static @Nullable ObjectNode outOfSight(@Nullable ObjectNode row, Random random) {
    return random.nextInt(3) == 0 ? freshRow(random) : row;
  }

  private static ObjectNode freshRow(Random random) {
    ObjectNode row = Changes.row("id", 7);
    FIELDS.forEach(field -> row.put(field, random.nextInt()));
    return row;
  }
}
