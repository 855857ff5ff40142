package dev.tidemark.contract.schedule;

import dev.tidemark.contract.schedule.Fire.Clocks;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.Month;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.time.zone.ZoneRules;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A line of a crontab: minute, hour, day of the month, month, day of the week.
 *
 * <p>As in crontab, where both days are given one of them is enough. When clocks are changed, a
 * schedule that names hours is due once for each time of day that it names: a time that is skipped
 * is due right afterwards, and one that comes twice is due the first time. A schedule of every hour
 * goes by the time that passes: it is due in both of two equal hours, and not in one that does not
 * exist.
 */
public final class Cron {
  /** The 29th of February is a Sunday at least so often: every 28 years, but for 2100. */
  private static final int LONGEST_WAIT_DAYS = 41 * 366;

  private static final Map<String, String> SHORT =
      Map.of(
          "@hourly", "0 * * * *",
          "@daily", "0 0 * * *",
          "@midnight", "0 0 * * *",
          "@weekly", "0 0 * * 0",
          "@monthly", "0 0 1 * *",
          "@yearly", "0 0 1 1 *",
          "@annually", "0 0 1 1 *");

  private static final long EVERY_HOUR = (1L << 24) - 1;

  private final String text;
  private final long minutes;
  private final long hours;
  private final long days;
  private final long months;
  private final long weekdays;
  private final boolean anyDay;
  private final boolean anyWeekday;

  private Cron(String text, String[] fields) {
    this.text = text;
    this.minutes = CronField.MINUTE.parse(fields[0]);
    this.hours = CronField.HOUR.parse(fields[1]);
    this.days = CronField.DAY.parse(fields[2]);
    this.months = CronField.MONTH.parse(fields[3]);
    this.weekdays = CronField.WEEKDAY.parse(fields[4]);
    this.anyDay = fields[2].startsWith("*");
    this.anyWeekday = fields[4].startsWith("*");
  }

  /**
   * Reads a line.
   *
   * @throws IllegalArgumentException if it is none, or if it never comes; says why
   */
  public static Cron parse(String text) {
    String line = text.strip();
    String[] fields = SHORT.getOrDefault(line.toLowerCase(Locale.ROOT), line).split("[ \t]+", -1);
    if (fields.length != 5) {
      throw new IllegalArgumentException(
          "a schedule has five fields, minute hour day month weekday, such as '30 2 * * mon-fri';"
              + " or it is one of "
              + String.join(", ", SHORT.keySet().stream().sorted().toList()));
    }
    Cron cron = new Cron(line, fields);
    if (!cron.comes()) {
      throw new IllegalArgumentException("'" + line + "' never comes: no such month has that day");
    }
    return cron;
  }

  /** Whether there is a date that matches. */
  private boolean comes() {
    if (!anyWeekday) {
      return true;
    }
    for (Month month : Month.values()) {
      if (has(months, month.getValue()) && (days & ((1L << month.maxLength() + 1) - 1)) != 0) {
        return true;
      }
    }
    return false;
  }

  private static boolean has(long values, int value) {
    return (values & 1L << value) != 0;
  }

  /** The first moment after another at which it is due. */
  public Fire next(Instant after, ZoneId zone) {
    return hours == EVERY_HOUR ? nextOfTime(after, zone) : nextOfClock(after, zone.getRules());
  }

  /** The next moments, in their order. */
  public List<Fire> next(Instant after, ZoneId zone, int count) {
    List<Fire> fires = new ArrayList<>(count);
    Instant from = after;
    for (int i = 0; i < count; i++) {
      Fire fire = next(from, zone);
      fires.add(fire);
      from = fire.at();
    }
    return fires;
  }

  /**
   * The moments after one and until another, in their order. What it costs goes by how many are
   * wanted, not by how many there are.
   *
   * @param most no more than these, the last of them
   */
  public List<Fire> between(Instant after, Instant until, ZoneId zone, int most) {
    Deque<Fire> fires = new ArrayDeque<>();
    Optional<Fire> last = last(after, until, zone);
    while (last.isPresent() && fires.size() < most) {
      fires.addFirst(last.get());
      last = last(after, last.get().at().minusNanos(1), zone);
    }
    return List.copyOf(fires);
  }

  /** The last moment after one and until another: looks back further and further, then closer. */
  private Optional<Fire> last(Instant after, Instant until, ZoneId zone) {
    if (!after.isBefore(until)) {
      return Optional.empty();
    }
    Duration back = Duration.ofMinutes(1);
    Instant none = until;
    Instant from = earliest(after, until, back);
    Fire found = next(from, zone);
    while (found.at().isAfter(until)) {
      if (from.equals(after)) {
        return Optional.empty();
      }
      none = from;
      back = back.multipliedBy(2);
      from = earliest(after, until, back);
      found = next(from, zone);
    }
    for (Fire later = next(found.at(), zone);
        !later.at().isAfter(until);
        later = next(found.at(), zone)) {
      found = later;
      Instant middle = found.at().plus(Duration.between(found.at(), none).dividedBy(2));
      Fire beyond = next(middle, zone);
      if (beyond.at().isAfter(until)) {
        none = middle;
      } else {
        found = beyond;
      }
    }
    return Optional.of(found);
  }

  private static Instant earliest(Instant after, Instant until, Duration back) {
    return Duration.between(after, until).compareTo(back) <= 0 ? after : until.minus(back);
  }

  /** By the time that passes: every hour has its turn, and an hour that comes twice has two. */
  private Fire nextOfTime(Instant after, ZoneId zone) {
    ZonedDateTime at = after.atZone(zone).truncatedTo(ChronoUnit.MINUTES).plusMinutes(1);
    while (true) {
      if (!isDue(at.toLocalDate())) {
        at = nextDate(at.toLocalDate()).atStartOfDay(zone);
      } else if (has(minutes, at.getMinute())) {
        LocalDateTime local = at.toLocalDateTime();
        List<ZoneOffset> offsets = zone.getRules().getValidOffsets(local);
        Clocks clocks =
            offsets.size() < 2
                ? Clocks.STEADY
                : at.getOffset().equals(offsets.getFirst())
                    ? Clocks.FIRST_OF_TWO
                    : Clocks.SECOND_OF_TWO;
        return new Fire(at.toInstant(), local, clocks);
      } else {
        at = at.plusMinutes(1);
      }
    }
  }

  /** By what clocks show: each time of day that is named has its turn once. */
  private Fire nextOfClock(Instant after, ZoneRules rules) {
    LocalDateTime local =
        LocalDateTime.ofEpochSecond(after.getEpochSecond(), 0, rules.getOffset(after))
            .truncatedTo(ChronoUnit.MINUTES);
    while (true) {
      local = nextLocal(local);
      Fire fire = fire(local, rules);
      if (fire.at().isAfter(after)) {
        return fire;
      }
      local = local.plusMinutes(1);
    }
  }

  private static Fire fire(LocalDateTime local, ZoneRules rules) {
    List<ZoneOffset> offsets = rules.getValidOffsets(local);
    return switch (offsets.size()) {
      case 0 -> new Fire(rules.getTransition(local).getInstant(), local, Clocks.MOVED);
      case 1 -> new Fire(local.toInstant(offsets.getFirst()), local, Clocks.STEADY);
      default -> new Fire(local.toInstant(offsets.getFirst()), local, Clocks.ONCE_OF_TWO);
    };
  }

  /** The first local time that matches, from this one on. */
  private LocalDateTime nextLocal(LocalDateTime from) {
    LocalDate date = from.toLocalDate();
    if (isDue(date)) {
      Optional<LocalTime> time = timeFrom(from.getHour(), from.getMinute());
      if (time.isPresent()) {
        return date.atTime(time.get());
      }
    }
    return nextDate(date).atTime(timeFrom(0, 0).orElseThrow());
  }

  private Optional<LocalTime> timeFrom(int hour, int minute) {
    for (int h = hour; h < 24; h++) {
      if (has(hours, h)) {
        long left = minutes >>> (h == hour ? minute : 0);
        if (left != 0) {
          int m = (h == hour ? minute : 0) + Long.numberOfTrailingZeros(left);
          return Optional.of(LocalTime.of(h, m));
        }
      }
    }
    return Optional.empty();
  }

  private LocalDate nextDate(LocalDate after) {
    LocalDate date = after;
    for (int i = 0; i < LONGEST_WAIT_DAYS; i++) {
      date = date.plusDays(1);
      if (isDue(date)) {
        return date;
      }
    }
    throw new IllegalStateException("'" + text + "' never comes after " + after);
  }

  private boolean isDue(LocalDate date) {
    if (!has(months, date.getMonthValue())) {
      return false;
    }
    boolean day = has(days, date.getDayOfMonth());
    boolean weekday = has(weekdays, date.getDayOfWeek().getValue() % 7);
    return anyDay || anyWeekday ? day && weekday : day || weekday;
  }

  /** As it was written. */
  @Override
  public String toString() {
    return text;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Cron cron && cron.text.equals(text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }
}
