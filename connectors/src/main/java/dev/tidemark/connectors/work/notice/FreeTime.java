package dev.tidemark.connectors.work.notice;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Finds the first time at which a provider could take somebody. Plain arithmetic. */
final class FreeTime {
  /** From a time up to another. */
  record Slot(Instant from, Instant to) {
    boolean meets(Slot other) {
      return from.isBefore(other.to) && other.from.isBefore(to);
    }
  }

  /** When a provider works, by the clocks of a place. */
  record Hours(LocalTime opens, LocalTime closes, ZoneId zone) {}

  /**
   * What somebody waits for.
   *
   * @param first the first day that will do
   * @param last the last
   * @param weekdays from 1, Monday, to 7; none for any
   * @param lasts how long it takes
   */
  record Wish(LocalDate first, LocalDate last, Set<Integer> weekdays, Duration lasts) {}

  private static final Duration STEP = Duration.ofMinutes(15);

  private FreeTime() {}

  /**
   * The first slot that begins later than a time and meets nothing that is taken.
   *
   * @param taken what the provider has promised already
   */
  static Optional<Slot> first(Hours hours, Wish wish, Instant after, List<Slot> taken) {
    if (!wish.lasts().isPositive()) {
      return Optional.empty();
    }
    for (LocalDate day = wish.first(); !day.isAfter(wish.last()); day = day.plusDays(1)) {
      DayOfWeek weekday = day.getDayOfWeek();
      if (wish.weekdays().isEmpty() || wish.weekdays().contains(weekday.getValue())) {
        Optional<Slot> found = firstOfDay(hours, wish, day, after, taken);
        if (found.isPresent()) {
          return found;
        }
      }
    }
    return Optional.empty();
  }

  private static Optional<Slot> firstOfDay(
      Hours hours, Wish wish, LocalDate day, Instant after, List<Slot> taken) {
    // On a day when clocks change, what counts is how long it really takes.
    Instant closes = ZonedDateTime.of(day, hours.closes(), hours.zone()).toInstant();
    Instant from = ZonedDateTime.of(day, hours.opens(), hours.zone()).toInstant();
    for (; !from.plus(wish.lasts()).isAfter(closes); from = from.plus(STEP)) {
      Slot slot = new Slot(from, from.plus(wish.lasts()));
      if (from.isAfter(after) && taken.stream().noneMatch(slot::meets)) {
        return Optional.of(slot);
      }
    }
    return Optional.empty();
  }
}
