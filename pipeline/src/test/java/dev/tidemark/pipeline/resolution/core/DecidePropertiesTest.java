package dev.tidemark.pipeline.resolution.core;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.contract.Version;
import dev.tidemark.contract.sync.OperationKind;
import dev.tidemark.contract.sync.Strategy;
import dev.tidemark.pipeline.resolution.core.Effect.Insert;
import dev.tidemark.pipeline.resolution.core.Effect.Nothing;
import dev.tidemark.pipeline.resolution.core.Effect.Update;
import dev.tidemark.pipeline.resolution.core.Known.Live;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What holds for every question; the failing seed is in the message. */
final class DecidePropertiesTest {
  private static final int ROUNDS = 3_000;
  private static final List<String> FIELDS = List.of("a", "b", "c", "visits", "best", "tags");
  private static final List<Strategy> STRATEGIES = List.of(Strategy.values());
  private static final List<String> DEVICES = List.of("phone", "tablet", "watch");

  @Test
  void theSameQuestionHasTheSameAnswer() {
    forEveryQuestion((asking, random) -> assertThat(asking.decide()).isEqualTo(asking.decide()));
  }

  @Test
  void noFieldIsTouchedThatTheDeviceDidNotName() {
    forEveryQuestion(
        (asking, random) -> {
          if (asking.decide().effect() instanceof Update(ObjectNode patch)) {
            assertThat(names(asking.operation().data())).containsAll(names(patch));
          }
        });
  }

  @Test
  void anUpdateChangesEveryFieldThatItWrites() {
    forEveryQuestion(
        (asking, random) -> {
          if (asking.decide().effect() instanceof Update(ObjectNode patch)
              && asking.question().known() instanceof Live live) {
            patch
                .properties()
                .forEach(
                    field ->
                        assertThat(
                                Values.same(
                                    field.getValue(),
                                    Values.orNull(live.row().get(field.getKey()))))
                            .isFalse());
          }
        });
  }

  @Test
  void whatNobodyElseChangedIsDoneWhateverTheStrategy() {
    forEveryQuestion(
        (asking, random) -> {
          if (!(asking.question().known() instanceof Live live)
              || !(asking.decide().effect() instanceof Update(ObjectNode patch))) {
            return;
          }
          for (String field : names(asking.operation().data())) {
            var wanted = asking.operation().data().get(field);
            boolean free = !live.stamp(field).version().isAfter(Asking.SEEN);
            if (free && !Values.same(wanted, Values.orNull(live.row().get(field)))) {
              assertThat(patch.get(field)).isEqualTo(wanted);
            }
          }
        });
  }

  @Test
  void aDeviceIsNeverInConflictWithItself() {
    forEveryQuestion(
        (asking, random) -> {
          asking.row(row(random), "phone", 60, FIELDS.toArray(String[]::new)).from("phone");
          assertThat(asking.decide().conflict()).isNull();
        });
  }

  @Test
  void whatIsNotOfItsScopeLooksLikeNothing() {
    forEveryQuestion(
        (asking, random) -> {
          asking.mayWrite(row -> false);
          Decision foreign = asking.decide();
          Decision absent = asking.known(new Known.Absent()).decide();
          assertThat(foreign).isEqualTo(absent);
        });
  }

  @Test
  void nothingIsWrittenThatTheDeviceMayNotWrite() {
    forEveryQuestion(
        (asking, random) -> {
          asking.mayWrite(row -> !row.path("a").asText().equals("1"));
          switch (asking.decide().effect()) {
            case Insert(ObjectNode row) -> assertThat(row.path("a").asText()).isNotEqualTo("1");
            case Update(ObjectNode patch) -> assertThat(patch.path("a").asText()).isNotEqualTo("1");
            default -> {}
          }
        });
  }

  @Test
  void aConflictNamesExactlyTheFieldsThatAreContested() {
    forEveryQuestion(
        (asking, random) -> {
          if (!(asking.question().known() instanceof Live live)
              || asking.operation().kind() == OperationKind.DELETE) {
            return;
          }
          Set<String> contested = new TreeSet<>();
          for (String field : names(asking.operation().data())) {
            boolean changed = live.stamp(field).version().isAfter(Asking.SEEN);
            var wanted = asking.operation().data().get(field);
            boolean counts =
                asking.operation().strategy() == Strategy.MERGE && field.equals("visits");
            boolean differs = !Values.same(wanted, Values.orNull(live.row().get(field)));
            if (changed && (differs || counts)) {
              contested.add(field);
            }
          }
          Conflict conflict = asking.decide().conflict();
          assertThat(conflict == null ? Set.of() : new TreeSet<>(conflict.fields()))
              .isEqualTo(contested);
        });
  }

  @Test
  void countersOfManyDevicesAddUpInEveryOrder() {
    for (int seed = 0; seed < ROUNDS; seed++) {
      Random random = new Random(seed);
      List<Integer> steps = new ArrayList<>();
      for (int i = 0; i <= random.nextInt(6); i++) {
        steps.add(random.nextInt(21) - 10);
      }
      List<Integer> shuffled = new ArrayList<>(steps);
      Collections.shuffle(shuffled, random);
      assertThat(counted(shuffled))
          .as("seed %d", seed)
          .isEqualTo(100 + steps.stream().mapToInt(Integer::intValue).sum());
    }
  }

  /** Devices that all saw 100 send it increased by their step, one after the other. */
  private static int counted(List<Integer> steps) {
    int value = 100;
    Version version = Asking.SEEN;
    for (int i = 0; i < steps.size(); i++) {
      Map<String, Stamp> fields = new HashMap<>();
      fields.put("visits", Asking.stamp(version, "device-" + (i - 1)));
      Decision decision =
          new Asking()
              .from("device-" + i)
              .update("{'visits': " + (100 + steps.get(i)) + "}")
              .baseRow("{'visits': 100}")
              .known(
                  new Live(
                      Asking.json("{'id': 1, 'visits': " + value + "}"),
                      Asking.stamp(version, "device-" + (i - 1)),
                      Asking.NOON,
                      fields))
              .decide();
      switch (decision.effect()) {
        case Update(ObjectNode patch) -> value = patch.get("visits").intValue();
        case Nothing _ -> {}
        default -> throw new AssertionError(decision.toString());
      }
      version = new Version(1, version.lsn() + 10);
    }
    return value;
  }

  @Test
  void aUnionHasWhatEitherPutInAndNothingThatEitherTookOut() {
    for (int seed = 0; seed < ROUNDS; seed++) {
      Random random = new Random(seed);
      Set<Integer> base = some(random);
      Set<Integer> client = some(random);
      Set<Integer> server = some(random);
      Set<Integer> expected = new TreeSet<>();
      for (int element = 0; element < 6; element++) {
        boolean before = base.contains(element);
        boolean added = !before && (client.contains(element) || server.contains(element));
        if (added || (before && client.contains(element) && server.contains(element))) {
          expected.add(element);
        }
      }
      Merged merged =
          new ThreeWay(random.nextBoolean())
              .field(
                  Asking.POLICY.of("tags"),
                  Asking.value(base.toString()),
                  Asking.value(client.toString()),
                  Asking.value(server.toString()));
      Set<Integer> found = new TreeSet<>();
      merged.value().forEach(element -> found.add(element.intValue()));
      assertThat(found).as("seed %d", seed).isEqualTo(expected);
      assertThat(merged.value()).hasSize(expected.size());
    }
  }

  private static Set<Integer> some(Random random) {
    Set<Integer> some = new TreeSet<>();
    for (int element = 0; element < 6; element++) {
      if (random.nextBoolean()) {
        some.add(element);
      }
    }
    return some;
  }

  private static void forEveryQuestion(BiConsumer<Asking, Random> check) {
    for (int seed = 0; seed < ROUNDS; seed++) {
      Random random = new Random(seed);
      try {
        check.accept(question(random), random);
      } catch (AssertionError e) {
        throw new AssertionError("seed " + seed, e);
      }
    }
  }

  private static Asking question(Random random) {
    Asking asking =
        new Asking()
            .from("phone")
            .by(STRATEGIES.get(random.nextInt(STRATEGIES.size())))
            .at(Asking.NOON.plusSeconds(random.nextInt(121) - 60))
            .baseRow(random.nextBoolean() ? row(random) : null);
    if (random.nextInt(4) == 0) {
      asking.base(null).seen(Asking.SEEN);
    }
    @Nullable String other = random.nextBoolean() ? DEVICES.get(1 + random.nextInt(2)) : null;
    if (random.nextInt(5) == 0) {
      asking.delete();
    } else {
      asking.update(row(random));
    }
    return random.nextInt(6) == 0
        ? asking.deletedRow(random.nextBoolean() ? row(random) : null, other, 0)
        : asking.row(
            row(random),
            other,
            0,
            FIELDS.stream().filter(field -> random.nextBoolean()).toArray(String[]::new));
  }

  private static String row(Random random) {
    List<String> fields = new ArrayList<>();
    for (String field : FIELDS) {
      if (random.nextInt(4) > 0) {
        fields.add("'" + field + "': " + value(field, random));
      }
    }
    return "{" + String.join(", ", fields) + "}";
  }

  private static String value(String field, Random random) {
    if (random.nextInt(8) == 0) {
      return "null";
    }
    return field.equals("tags")
        ? Arrays.toString(random.ints(random.nextInt(4), 0, 5).distinct().toArray())
        : Integer.toString(random.nextInt(4));
  }

  private static List<String> names(ObjectNode node) {
    List<String> names = new ArrayList<>();
    node.fieldNames().forEachRemaining(names::add);
    return names;
  }
}
