package dev.tidemark.pipeline.cache.core;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.contract.ChangeKind;
import dev.tidemark.contract.EntityChange;
import dev.tidemark.contract.EntityKey;
import dev.tidemark.contract.Version;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TargetsTest {
  private final Targets targets = new Targets(CacheViews.CATALOG);

  @Test
  void aRowThatMovesMakesBothPlacesUntrue() {
    assertThat(
            targets.of(
                update(
                    "visit/1",
                    visit("7", "2026-01-05", "a"),
                    visit("7", "2026-01-06", "a"),
                    "on_date")))
        .containsExactlyInAnyOrder("agenda:7:2026-01-05", "agenda:7:2026-01-06", "week:7");
  }

  @Test
  void insertAndDeleteMakeTheirPlaceUntrue() {
    assertThat(targets.of(change("visit/1", ChangeKind.INSERT, null, visit("7", "d", "a"))))
        .containsExactlyInAnyOrder("agenda:7:d", "week:7");
    assertThat(targets.of(change("visit/1", ChangeKind.DELETE, visit("7", "d", "a"), null)))
        .containsExactlyInAnyOrder("agenda:7:d", "week:7");
  }

  @Test
  void anUpdateOfOtherColumnsChangesNothing() {
    assertThat(
            targets.of(update("visit/1", visit("7", "d", "a"), visit("7", "d", "a"), "updated_at")))
        .isEmpty();
    assertThat(targets.of(update("visit/1", visit("7", "d", "a"), visit("7", "d", "b"), "title")))
        .containsExactlyInAnyOrder("agenda:7:d", "week:7");
  }

  @Test
  void anEntityThatIsFoundInAnswersIsATargetItself() {
    assertThat(targets.of(update("service/12", row("name", "a"), row("name", "b"), "name")))
        .containsExactlyInAnyOrder("service/12", "week:*");
  }

  @Test
  void whatNamesSomeParametersMakesAGroupUntrue() {
    assertThat(targets.of(change("person/7", ChangeKind.INSERT, null, row("id", "7"))))
        .containsExactlyInAnyOrder("agenda:7:*", "week:7");
  }

  @Test
  void whatDoesNotSayEnoughMakesAllUntrue() {
    assertThat(targets.of(change("visit/1", ChangeKind.DELETE, null, null)))
        .as("without its old row")
        .containsExactlyInAnyOrder("agenda:*:*", "week:*");
    assertThat(targets.of(change("visit/1", ChangeKind.DELETE, row("id", "1"), null)))
        .as("with the key of its old row alone")
        .containsExactlyInAnyOrder("agenda:*:*", "week:*");
    assertThat(targets.ofUnknown("holiday")).containsExactly("week:*");
  }

  @Test
  void r8WhatASnapshotReadsChangesNothing() {
    assertThat(targets.of(change("visit/1", ChangeKind.READ, null, visit("7", "d", "a"))))
        .isEmpty();
  }

  @Test
  void r9AValueThatTheLogDoesNotShowIsNotTakenForUnchanged() {
    assertThat(
            targets.of(
                update(
                    "visit/1",
                    row("user_id", "7", "on_date", "d"),
                    row("user_id", "7", "on_date", "d"),
                    "notes")))
        .as("an old and a new row without the column that matters")
        .contains("agenda:7:d");
  }

  @Test
  void r11ATruncateMakesAllUntrue() {
    assertThat(
            targets.of(
                new EntityChange(
                    "visit",
                    null,
                    ChangeKind.TRUNCATE,
                    new Version(1, 10),
                    700,
                    0,
                    Instant.EPOCH,
                    null,
                    null,
                    List.of(),
                    null,
                    false)))
        .containsExactlyInAnyOrder("agenda:*:*", "week:*");
  }

  @Test
  void whatNoViewShowsIsNoTarget() {
    assertThat(targets.of(change("other/1", ChangeKind.INSERT, null, row("id", "1")))).isEmpty();
    assertThat(targets.ofUnknown("other")).isEmpty();
  }

  @Test
  void aSeparatorInAValueMakesNoOtherKey() {
    assertThat(targets.of(change("visit/1", ChangeKind.INSERT, null, visit("7:*", "a/b", "x"))))
        .containsExactlyInAnyOrder("agenda:7%3A%2A:a%2Fb", "week:7%3A%2A");
  }

  /** Whatever a change names, an answer that shows the row hears of it by one of its names. */
  @Test
  void anAnswerHearsOfEveryChangeOfARowThatItShows() {
    for (int seed = 0; seed < 500; seed++) {
      Random random = new Random(seed);
      String user = "u" + random.nextInt(3);
      String day = "d" + random.nextInt(3);
      ObjectNode before = visit("u" + random.nextInt(3), "d" + random.nextInt(3), "a");
      ObjectNode after = visit("u" + random.nextInt(3), "d" + random.nextInt(3), "b");
      if (random.nextInt(4) == 0) {
        before.remove(List.of("user_id", "on_date", "title").get(random.nextInt(3)));
      }
      Set<String> hears =
          new HashSet<>(targets.groupsOf(CacheViews.AGENDA, Map.of("user", user, "day", day)));
      hears.add("agenda:" + user + ":" + day);
      Set<String> named =
          targets.of(update("visit/1", before, after, "user_id", "on_date", "title"));
      boolean shows = isIn(before, user, day) || isIn(after, user, day);
      if (shows) {
        assertThat(named).as("seed %s: %s, %s", seed, before, after).containsAnyElementsOf(hears);
      }
    }
  }

  private static boolean isIn(ObjectNode row, String user, String day) {
    return (!row.has("user_id") || row.path("user_id").asText().equals(user))
        && (!row.has("on_date") || row.path("on_date").asText().equals(day));
  }

  private static ObjectNode visit(String user, String day, String title) {
    return row("user_id", user, "on_date", day, "title", title);
  }

  private static ObjectNode row(String... namesAndValues) {
    ObjectNode row = JsonNodeFactory.instance.objectNode();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      row.put(namesAndValues[i], namesAndValues[i + 1]);
    }
    return row;
  }

  private static EntityChange update(
      String key, ObjectNode before, ObjectNode after, String... changed) {
    EntityKey entity = EntityKey.parse(key);
    return new EntityChange(
        entity.type(),
        entity,
        ChangeKind.UPDATE,
        new Version(1, 10),
        700,
        0,
        Instant.EPOCH,
        before,
        after,
        List.of(changed),
        null,
        false);
  }

  private static EntityChange change(
      String key, ChangeKind kind, @Nullable ObjectNode before, @Nullable ObjectNode after) {
    EntityKey entity = EntityKey.parse(key);
    return new EntityChange(
        entity.type(),
        entity,
        kind,
        new Version(1, 10),
        700,
        0,
        Instant.EPOCH,
        before,
        after,
        List.of(),
        null,
        kind == ChangeKind.READ);
  }
}
