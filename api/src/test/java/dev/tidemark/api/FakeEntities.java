package dev.tidemark.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.api.entities.EntityStates;
import dev.tidemark.api.entities.LocalRead;
import dev.tidemark.api.entities.Locate;
import dev.tidemark.contract.EntityKey;
import dev.tidemark.contract.Origin;
import dev.tidemark.contract.Version;
import dev.tidemark.contract.WireSerdes;
import dev.tidemark.contract.catalog.Catalog;
import dev.tidemark.contract.catalog.EntityType;
import dev.tidemark.contract.catalog.FieldMerge;
import dev.tidemark.contract.catalog.MergePolicy;
import dev.tidemark.contract.catalog.ScopeTemplate;
import dev.tidemark.contract.catalog.TableName;
import dev.tidemark.pipeline.entities.core.EntityState;
import dev.tidemark.pipeline.entities.core.LastChange;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The states of entities as a test sets them. */
public final class FakeEntities implements EntityStates {
  public static final Catalog CATALOG =
      new Catalog(
          List.of(
              new EntityType(
                  "activity",
                  "",
                  TableName.parse("activity"),
                  List.of("id"),
                  List.of(),
                  List.of(
                      new ScopeTemplate("municipality/{municipality_id}"),
                      new ScopeTemplate("public/{open}")),
                  List.of(),
                  Map.of("tags", new FieldMerge(MergePolicy.UNION, null))),
              new EntityType(
                  "secret",
                  "",
                  TableName.parse("secret"),
                  List.of("id"),
                  List.of(),
                  List.of(),
                  List.of(),
                  Map.of())));
  public static final Version VERSION = new Version(1, 0x16B3748L);

  private final Map<EntityKey, EntityState> states = new ConcurrentHashMap<>();
  private volatile Locate locate = new Locate.Local(0);
  private volatile @Nullable String unavailable;
  private volatile boolean current = true;

  public FakeEntities live(String type, String id, String row) {
    states.put(
        new EntityKey(type, id),
        new EntityState.Live(json(row), change(), Map.of("name", VERSION)));
    return this;
  }

  public FakeEntities deleted(String type, String id, String lastRow) {
    states.put(new EntityKey(type, id), new EntityState.Deleted(json(lastRow), change(), Map.of()));
    return this;
  }

  public void at(Locate place) {
    locate = place;
  }

  public void unavailable(String why) {
    unavailable = why;
  }

  public void behind() {
    current = false;
  }

  @Override
  public Locate locate(EntityKey key) {
    return locate;
  }

  @Override
  public LocalRead read(EntityKey key, int partition) {
    String why = unavailable;
    if (why != null) {
      return new LocalRead.Unavailable(why);
    }
    EntityState state = states.get(key);
    return state == null ? new LocalRead.Nothing() : new LocalRead.Found(state);
  }

  @Override
  public boolean isCurrent(String type, int partition) {
    return current;
  }

  private static LastChange change() {
    return new LastChange(
        VERSION, 7, Instant.parse("2026-01-02T03:04:05.678901Z"), new Origin("tablet-1", "op-1"));
  }

  private static ObjectNode json(String text) {
    try {
      return (ObjectNode) WireSerdes.exactJson().readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
