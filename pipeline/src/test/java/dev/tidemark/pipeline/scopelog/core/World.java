package dev.tidemark.pipeline.scopelog.core;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tidemark.contract.ScopedChange.Kind;
import dev.tidemark.contract.Version;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A small database whose transactions interleave, and what capture says of it by scope. Positions
 * in the write-ahead log grow per row; they do not follow the order of commits.
 */
public final class World {
  /** Where a row can be; a row is in one, in two, or in none of them. */
  public static final List<String> SCOPES = List.of("town/1", "town/2", "town/3", "user/7");

  private static final List<String> TYPES = List.of("ticket", "note");
  private static final int ROWS = 6;

  private final Random random;
  private final Map<String, Row> rows = new TreeMap<>();
  private final Map<String, Long> written = new TreeMap<>();
  private int epoch = 1;
  private long lsn = 100;
  private long transaction = 700;

  /** A row as the database has it. */
  public record Row(Version version, List<String> scopes) {}

  public World(Random random) {
    this.random = random;
  }

  /** The rows that somebody with these scopes may see. */
  public Map<String, Version> visible(Set<String> scopes, Set<String> types) {
    return visible(rows, scopes, types);
  }

  /** All rows as they are now. */
  Map<String, Row> rows() {
    return Map.copyOf(rows);
  }

  /** Those of these rows that somebody with these scopes may see. */
  static Map<String, Version> visible(
      Map<String, Row> rows, Set<String> scopes, Set<String> types) {
    return rows.entrySet().stream()
        .filter(row -> row.getValue().scopes().stream().anyMatch(scopes::contains))
        .filter(row -> types.isEmpty() || types.contains(type(row.getKey())))
        .collect(
            Collectors.toMap(
                Map.Entry::getKey, row -> row.getValue().version(), (a, _) -> a, TreeMap::new));
  }

  /** One transaction, and the records that capture writes of it. */
  public List<ScopedRecord> commit() {
    transaction++;
    List<ScopedRecord> records = new ArrayList<>();
    int kind = random.nextInt(100);
    if (kind < 2) {
      truncate(records, TYPES.get(random.nextInt(TYPES.size())));
    } else if (kind < 4) {
      readAgain(records);
    } else {
      int changes = 1 + random.nextInt(4);
      for (int i = 0; i < changes; i++) {
        change(records, key(), kind < 8);
      }
    }
    return records;
  }

  private String key() {
    return TYPES.get(random.nextInt(TYPES.size())) + "/" + random.nextInt(ROWS);
  }

  private void change(List<ScopedRecord> records, String key, boolean blind) {
    Row before = rows.get(key);
    boolean deletes = before != null && random.nextInt(4) == 0;
    List<String> scopes =
        deletes ? List.of() : before == null || random.nextInt(3) == 0 ? scopes() : before.scopes();
    // The row's own positions grow; another row's may be far ahead of them or behind.
    long next = Math.max(lsn + random.nextInt(40) - 20, written.getOrDefault(key, 0L) + 1);
    lsn += random.nextInt(5);
    written.put(key, next);
    Version version = new Version(epoch, next);
    if (deletes) {
      rows.remove(key);
    } else {
      rows.put(key, new Row(version, scopes));
    }
    List<String> left = before == null ? List.of() : before.scopes();
    tell(records, key, version, blind ? null : left, scopes);
  }

  /** Changes were lost: everything that is there is read again, in a new epoch. */
  private void readAgain(List<ScopedRecord> records) {
    epoch++;
    Set<String> lost = new TreeSet<>();
    for (Map.Entry<String, Row> row : List.copyOf(rows.entrySet())) {
      if (random.nextInt(5) == 0) {
        lost.add(row.getKey());
        rows.remove(row.getKey());
      } else {
        List<String> scopes = random.nextInt(5) == 0 ? scopes() : row.getValue().scopes();
        rows.put(row.getKey(), new Row(new Version(epoch, 0), scopes));
      }
      written.remove(row.getKey());
    }
    long in = transaction;
    transaction = 0;
    rows.forEach((key, row) -> tell(records, key, row.version(), null, row.scopes()));
    lost.forEach(key -> tell(records, key, new Version(epoch, 0), null, List.of()));
    transaction = in;
  }

  private void truncate(List<ScopedRecord> records, String type) {
    // It has the table to itself, so what is written there later is further on in the log.
    lsn += 50;
    for (int id = 0; id < ROWS; id++) {
      written.put(type + "/" + id, lsn);
    }
    rows.keySet().removeIf(key -> type(key).equals(type));
    records.add(record(null, List.of(), type, null, Kind.TRUNCATE, new Version(epoch, lsn)));
  }

  /**
   * @param left the scopes before it; null if capture does not know them
   */
  private void tell(
      List<ScopedRecord> records,
      String key,
      Version version,
      @Nullable List<String> left,
      List<String> scopes) {
    String id = key.substring(key.indexOf('/') + 1);
    if (left == null) {
      records.add(record(null, scopes, type(key), id, Kind.REMOVE, version));
    } else {
      for (String scope : left) {
        if (!scopes.contains(scope)) {
          records.add(record(scope, scopes, type(key), id, Kind.REMOVE, version));
        }
      }
    }
    for (String scope : scopes) {
      records.add(record(scope, scopes, type(key), id, Kind.PUT, version));
    }
  }

  private ScopedRecord record(
      @Nullable String scope,
      List<String> scopes,
      String type,
      @Nullable String id,
      Kind kind,
      Version version) {
    String change = type + "/" + id + " " + kind + " " + version;
    return new ScopedRecord(
        scope, scopes, type, id, kind, version, transaction, lsn, null, change.getBytes(UTF_8));
  }

  private List<String> scopes() {
    List<String> scopes = new ArrayList<>();
    if (random.nextInt(8) != 0) {
      scopes.add(SCOPES.get(random.nextInt(3)));
    }
    if (random.nextInt(3) == 0) {
      scopes.add("user/7");
    }
    return scopes;
  }

  static String type(String key) {
    return key.substring(0, key.indexOf('/'));
  }
}
