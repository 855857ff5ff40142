package dev.tidemark.pipeline.entities.core;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.contract.ChangeKind;
import dev.tidemark.contract.EntityChange;
import dev.tidemark.contract.EntityKey;
import dev.tidemark.contract.Version;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Changes for tests, in the order of the words that describe them. */
public final class Changes {
  public static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

  private Changes() {}

  public static EntityChange read(String key, Version version, ObjectNode row) {
    return of(key, ChangeKind.READ, version, null, row, List.of());
  }

  public static EntityChange insert(String key, Version version, ObjectNode row) {
    return of(key, ChangeKind.INSERT, version, null, row, names(row));
  }

  public static EntityChange update(
      String key, Version version, ObjectNode row, String... changed) {
    return of(key, ChangeKind.UPDATE, version, null, row, Arrays.asList(changed));
  }

  public static EntityChange delete(String key, Version version, @Nullable ObjectNode before) {
    return of(key, ChangeKind.DELETE, version, before, null, List.of());
  }

  public static EntityChange truncate(String type, Version version) {
    return new EntityChange(
        type,
        null,
        ChangeKind.TRUNCATE,
        version,
        version.lsn(),
        0,
        NOON,
        null,
        null,
        List.of(),
        null,
        false);
  }

  /** A row of fields and values in turn: {@code row("id", 1, "title", "a")}. */
  public static ObjectNode row(Object... fieldsAndValues) {
    ObjectNode row = JsonNodeFactory.instance.objectNode();
    for (int i = 0; i < fieldsAndValues.length; i += 2) {
      switch (fieldsAndValues[i + 1]) {
        case Integer number -> row.put(fieldsAndValues[i].toString(), number);
        case Object text -> row.put(fieldsAndValues[i].toString(), text.toString());
      }
    }
    return row;
  }

  public static Version v(int epoch, long lsn) {
    return new Version(epoch, lsn);
  }

  private static EntityChange of(
      String key,
      ChangeKind kind,
      Version version,
      @Nullable ObjectNode before,
      @Nullable ObjectNode after,
      List<String> changed) {
    EntityKey entity = EntityKey.parse(key);
    boolean snapshot = kind == ChangeKind.READ;
    return new EntityChange(
        entity.type(),
        entity,
        kind,
        version,
        snapshot ? 0 : version.lsn(),
        0,
        NOON,
        before,
        after,
        changed,
        null,
        snapshot);
  }

  private static List<String> names(ObjectNode row) {
    List<String> names = new ArrayList<>();
    row.fieldNames().forEachRemaining(names::add);
    return names;
  }
}
