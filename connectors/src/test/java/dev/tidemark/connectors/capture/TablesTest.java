package dev.tidemark.connectors.capture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.contract.CapturedTable;
import dev.tidemark.contract.CapturedTable.State;
import dev.tidemark.contract.EntityKey;
import dev.tidemark.contract.catalog.EntityType;
import dev.tidemark.contract.catalog.ScopeTemplate;
import dev.tidemark.contract.catalog.TableName;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.junit.jupiter.api.Test;

/** What is on record of a table, and what follows from it for whoever begins to capture. */
class TablesTest {
  private static final Map<String, String> COLUMNS = Map.of("id", "");

  private final Map<String, CapturedTable> stored = new HashMap<>();

  @Test
  void aTableThatJoinsIsReadAndToldForTheFirstTime() {
    EntityType type = type("a/{a}");
    Tables tables = begin(type);
    assertThat(tables.toRead()).containsExactly(type);
    assertThat(tables.hasOtherScopes(type)).isFalse();

    tables.readingAtStart(type);
    assertThat(tables.wasTold(type)).isFalse();
    assertThat(tables.isUncertain(type)).isFalse();
    store(tables);
    assertThat(now()).isEqualTo(table(State.READING, false, Map.of(), "a/{a}"));

    tables.read(type);
    store(tables);
    assertThat(now()).isEqualTo(table(State.LIVE, false, Map.of(), "a/{a}"));
    assertThat(tables.wasTold(type)).as("if it is read again").isTrue();
    assertThat(begin(type).toRead()).isEmpty();
  }

  @Test
  void aTableThatWasNeverToldIsReadButStaysLive() {
    stored.put("t", new CapturedTable("t", State.LIVE, COLUMNS, ""));
    EntityType type = type("a/{a}");
    Tables tables = begin(type);
    assertThat(tables.toRead()).containsExactly(type);
    assertThat(tables.hasOtherScopes(type)).isFalse();

    tables.readingAtStart(type);
    assertThat(tables.wasTold(type)).isFalse();
    assertThat(tables.isUncertain(type)).isFalse();
    store(tables);
    assertThat(now()).isEqualTo(table(State.LIVE, true, COLUMNS, "a/{a}"));
  }

  @Test
  void aFirstTellingThatWasCutShortBeginsAgainAndTrustsNothing() {
    stored.put("t", new CapturedTable("t", State.LIVE, COLUMNS, ""));
    EntityType type = type("a/{a}");
    Tables first = begin(type);
    first.readingAtStart(type);
    store(first);
    Tables again = begin(type);
    assertThat(again.toRead()).containsExactly(type);
    assertThat(again.hasOtherScopes(type)).isFalse();
    assertThat(again.wasTold(type)).isTrue();
    assertThat(again.isUncertain(type)).isTrue();
  }

  @Test
  void otherScopesAreANewEpochOnceUntilAllRowsAreTold() {
    live("a/{a}");
    EntityType type = type("b/{b}");
    Tables tables = begin(type);
    assertThat(tables.toRead()).containsExactly(type);
    assertThat(tables.hasOtherScopes(type)).isTrue();
    tables.readingAtStart(type);
    assertThat(tables.wasTold(type)).isTrue();
    assertThat(tables.isUncertain(type)).isTrue();
    store(tables);
    assertThat(now()).isEqualTo(table(State.LIVE, true, COLUMNS, "a/{a}", "b/{b}"));

    Tables afterACrash = begin(type);
    assertThat(afterACrash.toRead()).containsExactly(type);
    assertThat(afterACrash.hasOtherScopes(type)).isFalse();
    afterACrash.readingAtStart(type);
    assertThat(afterACrash.isUncertain(type)).isTrue();
    afterACrash.read(type);
    assertThat(afterACrash.isUncertain(type)).isFalse();
    store(afterACrash);
    assertThat(now()).isEqualTo(table(State.LIVE, false, COLUMNS, "b/{b}"));
    assertThat(begin(type).toRead()).isEmpty();
  }

  @Test
  void scopesThatChangeAgainMeanwhileAreAllRemembered() {
    live("a/{a}");
    Tables tables = begin(type("b/{b}"));
    tables.readingAtStart(type("b/{b}"));
    store(tables);

    EntityType third = type("c/{c}");
    Tables again = begin(third);
    assertThat(again.hasOtherScopes(third)).isTrue();
    again.readingAtStart(third);
    store(again);
    assertThat(now()).isEqualTo(table(State.LIVE, true, COLUMNS, "a/{a}", "b/{b}", "c/{c}"));

    EntityType back = type("a/{a}");
    assertThat(begin(back).toRead()).containsExactly(back);
    assertThat(begin(back).hasOtherScopes(back)).isFalse();
    assertThat(begin(back).isUncertain(back)).isTrue();
  }

  @Test
  void whoseScopesAreGoneIsToldOfOnceMore() {
    live("a/{a}");
    EntityType type = type();
    Tables tables = begin(type);
    assertThat(tables.toRead()).containsExactly(type);
    assertThat(tables.hasOtherScopes(type)).isTrue();
    tables.readingAtStart(type);
    store(tables);

    Tables afterACrash = begin(type);
    assertThat(afterACrash.toRead()).containsExactly(type);
    assertThat(afterACrash.isTold(type)).isTrue();
    assertThat(afterACrash.wasTold(type)).isTrue();
    afterACrash.readingAtStart(type);
    afterACrash.read(type);
    assertThat(afterACrash.isTold(type)).isFalse();
    store(afterACrash);
    assertThat(now()).isEqualTo(table(State.LIVE, false, COLUMNS));
    assertThat(begin(type).toRead()).isEmpty();
    assertThat(begin(type).isTold(type)).isFalse();
  }

  @Test
  void theOrderOfScopesMeansNothing() {
    live("a/{a}", "b/{b}");
    EntityType type = type("b/{b}", "a/{a}");
    assertThat(begin(type).toRead()).isEmpty();
    assertThat(begin(type).hasOtherScopes(type)).isFalse();
  }

  @Test
  void aStoppedTableWaitsForItsAcceptance() {
    stored.put(
        "t", new CapturedTable("t", State.STOPPED, COLUMNS, "gone", List.of("a/{a}"), false));
    EntityType type = type("b/{b}");
    Tables tables = begin(type);
    assertThat(tables.toRead()).isEmpty();
    assertThat(tables.hasOtherScopes(type)).isFalse();
    assertThat(tables.isUncertain(type)).as("deletes flow").isTrue();

    tables.accept(type);
    assertThat(tables.isUncertain(type)).isTrue();
    store(tables);
    assertThat(now()).isEqualTo(table(State.READING, false, Map.of(), "a/{a}", "b/{b}"));
    tables.read(type);
    store(tables);
    assertThat(now()).isEqualTo(table(State.LIVE, false, Map.of(), "b/{b}"));
  }

  @Test
  void aTableThatStopsInItsFirstTellingIsUncertain() {
    EntityType type = type("a/{a}");
    stored.put("t", new CapturedTable("t", State.READING, Map.of("id", "", "lost", ""), ""));
    Tables tables = begin(type);
    tables.readingAtStart(type);
    assertThat(tables.isUncertain(type)).isFalse();
    assertThat(tables.plan(type, SchemaBuilder.struct().field("id", Schema.INT32_SCHEMA).build()))
        .isNotNull();

    assertThat(tables.stopped(type)).isPresent();
    assertThat(tables.isUncertain(type)).isTrue();
    tables.accept(type);
    assertThat(tables.wasTold(type)).isTrue();
    assertThat(tables.isUncertain(type)).isTrue();
  }

  @Test
  void whatWasToldDuringAReadingIsNotNewWhenItIsRead() {
    live("a/{a}");
    EntityType type = type("a/{a}");
    EntityKey key = new EntityKey("t", "1");
    Tables tables = begin(type);
    tables.toldNow(type, key);
    assertThat(tables.isToldSince(type, key)).as("nothing is being read").isFalse();

    tables.reading(type);
    assertThat(tables.isUncertain(type)).isTrue();
    assertThat(tables.isToldSince(type, key)).isFalse();
    tables.toldNow(type, key);
    assertThat(tables.isToldSince(type, key)).isTrue();
    assertThat(tables.isToldSince(type, new EntityKey("t", "2"))).isFalse();

    tables.accept(type);
    assertThat(tables.isToldSince(type, key)).as("by another reading").isFalse();
    tables.toldNow(type, key);
    tables.read(type);
    assertThat(tables.isToldSince(type, key)).isFalse();
  }

  @Test
  void afterALossNobodyKnowsWhoWasTold() {
    live("a/{a}");
    EntityType told = type("a/{a}");
    EntityType gone = type();
    Optional<Map<String, CapturedTable>> former = Optional.of(stored);
    assertThat(Tables.unread(List.of(told), former).wasTold(told)).isTrue();
    assertThat(Tables.unread(List.of(gone), former).wasTold(gone)).isTrue();
    assertThat(Tables.unread(List.of(told), Optional.of(Map.of())).wasTold(told)).isTrue();
    assertThat(Tables.unread(List.of(gone), Optional.of(Map.of())).isTold(gone)).isFalse();
    assertThat(Tables.unread(List.of(told), Optional.empty()).wasTold(told)).isFalse();
  }

  private Tables begin(EntityType type) {
    return new Tables(List.of(type), stored);
  }

  private void store(Tables tables) {
    tables.takeUnsaved().forEach(table -> stored.put(table.type(), table));
  }

  private void live(String... scopes) {
    stored.put("t", table(State.LIVE, false, COLUMNS, scopes));
  }

  private CapturedTable now() {
    return stored.getOrDefault("t", table(State.STOPPED, false, Map.of()));
  }

  private static CapturedTable table(
      State state, boolean telling, Map<String, String> columns, String... scopes) {
    return new CapturedTable("t", state, columns, "", List.of(scopes), telling);
  }

  private static EntityType type(String... scopes) {
    return new EntityType(
        "t",
        "",
        new TableName("public", "t"),
        List.of("id"),
        List.of(),
        Stream.of(scopes).map(ScopeTemplate::new).toList(),
        List.of(),
        Map.of());
  }
}
