package dev.tidemark.connectors.work.notice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.connectors.work.notice.FreeTime.Hours;
import dev.tidemark.connectors.work.notice.FreeTime.Slot;
import dev.tidemark.connectors.work.notice.FreeTime.Wish;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FreeTimeTest {
  private static final LocalDate SATURDAY = LocalDate.parse("2026-01-31");
  private static final Instant MORNING = Instant.parse("2026-01-31T00:00:00Z");
  private static final Hours HOURS =
      new Hours(LocalTime.of(9, 0), LocalTime.of(12, 0), ZoneOffset.UTC);

  private static Wish wish(int days, Set<Integer> weekdays, int minutes) {
    return new Wish(SATURDAY, SATURDAY.plusDays(days), weekdays, Duration.ofMinutes(minutes));
  }

  private static Slot slot(String from, int minutes) {
    Instant begins = Instant.parse(from);
    return new Slot(begins, begins.plus(Duration.ofMinutes(minutes)));
  }

  @Test
  void theFirstGapThatIsLongEnoughIsFound() {
    List<Slot> taken = List.of(slot("2026-01-31T09:00:00Z", 30), slot("2026-01-31T10:00:00Z", 60));
    assertThat(FreeTime.first(HOURS, wish(0, Set.of(), 30), MORNING, taken))
        .contains(slot("2026-01-31T09:30:00Z", 30));
    assertThat(FreeTime.first(HOURS, wish(0, Set.of(), 60), MORNING, taken))
        .contains(slot("2026-01-31T11:00:00Z", 60));
    assertThat(FreeTime.first(HOURS, wish(0, Set.of(), 61), MORNING, taken)).isEmpty();
    assertThat(FreeTime.first(HOURS, wish(9, Set.of(2), 180), MORNING, taken))
        .as("Tuesday")
        .contains(slot("2026-02-03T09:00:00Z", 180));
    assertThat(FreeTime.first(HOURS, wish(9, Set.of(), 0), MORNING, taken)).isEmpty();
  }

  @Test
  void whatHasBegunIsNotOffered() {
    assertThat(
            FreeTime.first(
                HOURS, wish(0, Set.of(), 30), Instant.parse("2026-01-31T09:15:00Z"), List.of()))
        .contains(slot("2026-01-31T09:30:00Z", 30));
  }

  @Test
  void onADayOfFewerHoursLessFits() {
    Hours night = new Hours(LocalTime.of(1, 0), LocalTime.of(4, 0), ZoneId.of("Europe/Madrid"));
    LocalDate change = LocalDate.parse("2026-03-29");
    assertThat(
            FreeTime.first(
                night,
                new Wish(change, change, Set.of(), Duration.ofMinutes(150)),
                MORNING,
                List.of()))
        .as("from one to four it is two hours")
        .isEmpty();
  }

  @Test
  void whatIsFoundKeepsTheRulesAndNothingEarlierDoes() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int round = 0; round < 2_000; round++) {
      List<Slot> taken = new ArrayList<>();
      for (int i = random.nextInt(30); i > 0; i--) {
        Instant from = MORNING.plusSeconds(random.nextInt(4 * 96) * 900L);
        taken.add(new Slot(from, from.plusSeconds(900L * (1 + random.nextInt(12)))));
      }
      Wish wish = wish(random.nextInt(4), Set.of(), 15 * (1 + random.nextInt(10)));
      Instant after = MORNING.plusSeconds(random.nextInt(2 * 96) * 900L);
      Optional<Slot> found = FreeTime.first(HOURS, wish, after, taken);
      Optional<Slot> expected = Optional.empty();
      for (int quarter = 0; quarter < 5 * 96 && expected.isEmpty(); quarter++) {
        Instant from = MORNING.plusSeconds(quarter * 900L);
        Slot slot = new Slot(from, from.plus(wish.lasts()));
        LocalDate day = LocalDate.ofInstant(from, ZoneOffset.UTC);
        LocalTime begins = LocalTime.ofInstant(from, ZoneOffset.UTC);
        boolean open =
            !begins.isBefore(HOURS.opens())
                && !slot.to().isAfter(day.atTime(HOURS.closes()).toInstant(ZoneOffset.UTC));
        if (open
            && from.isAfter(after)
            && !day.isAfter(wish.last())
            && taken.stream().noneMatch(one -> overlap(one, slot))) {
          expected = Optional.of(slot);
        }
      }
      assertThat(found).as("seed %d, round %d", seed, round).isEqualTo(expected);
    }
  }

  private static boolean overlap(Slot one, Slot other) {
    return one.from().compareTo(other.to()) < 0 && other.from().compareTo(one.to()) < 0;
  }
}
