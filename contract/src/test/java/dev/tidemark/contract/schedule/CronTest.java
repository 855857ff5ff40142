package dev.tidemark.contract.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.tidemark.contract.schedule.Fire.Clocks;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CronTest {
  private static final ZoneId MADRID = ZoneId.of("Europe/Madrid");

  /**
   * Zones with clocks that change by an hour, by half an hour, by a day, at midnight, and never.
   */
  private static final List<String> ZONES =
      List.of(
          "Europe/Madrid",
          "America/New_York",
          "America/Santiago",
          "Australia/Lord_Howe",
          "Africa/Cairo",
          "Asia/Beirut",
          "Asia/Kathmandu",
          "Pacific/Apia",
          "America/St_Johns",
          "UTC");

  @ParameterizedTest
  @CsvSource({
    "'*/30 * * * *', 2026-01-15T10:07:00, 2026-01-15T10:30:00",
    "'0 0 * * *', 2026-01-15T10:07:00, 2026-01-16T00:00:00",
    "'0 */2 * * *', 2026-01-15T10:07:00, 2026-01-15T12:00:00",
    "'0 2 * * *', 2026-01-15T02:00:00, 2026-01-16T02:00:00",
    "'15 8 * * mon-fri', 2026-01-16T09:00:00, 2026-01-19T08:15:00",
    "'0 8 * * 7', 2026-01-16T09:00:00, 2026-01-18T08:00:00",
    "'0 0 29 2 *', 2026-01-15T00:00:00, 2028-02-29T00:00:00",
    "'0 0 29 2 *', 2096-03-01T00:00:00, 2104-02-29T00:00:00",
    "'0 0 13 * fri', 2026-01-10T00:00:00, 2026-01-13T00:00:00",
    "'0 0 13 * fri', 2026-01-13T00:00:00, 2026-01-16T00:00:00",
    "'5,10-20/5 1 1 JAN,jul *', 2026-01-15T00:00:00, 2026-07-01T01:05:00",
    "'50/5 * * * *', 2026-01-15T10:56:00, 2026-01-15T11:50:00",
    "@weekly, 2026-01-15T10:00:00, 2026-01-18T00:00:00",
    "@Yearly, 2026-01-15T10:00:00, 2027-01-01T00:00:00",
  })
  void isDueNext(String line, LocalDateTime after, LocalDateTime next) {
    Fire fire = Cron.parse(line).next(after.toInstant(ZoneOffset.UTC), ZoneOffset.UTC);
    assertThat(fire).isEqualTo(new Fire(next.toInstant(ZoneOffset.UTC), next, Clocks.STEADY));
  }

  @ParameterizedTest
  @CsvSource({
    // Skipped: at 2:00 clocks go to 3:00.
    "'30 2 * * *', 2026-03-29T00:00:00Z, 2026-03-29T01:00:00Z, MOVED",
    "'0 3 * * *', 2026-03-29T00:00:00Z, 2026-03-29T01:00:00Z, STEADY",
    "'*/15 2 * * *', 2026-03-29T01:00:00Z, 2026-03-30T00:00:00Z, STEADY",
    "'0 * * * *', 2026-03-29T00:00:00Z, 2026-03-29T01:00:00Z, STEADY",
    "'30 * * * *', 2026-03-29T00:30:00Z, 2026-03-29T01:30:00Z, STEADY",
    // Twice: at 3:00 clocks go back to 2:00.
    "'30 2 * * *', 2026-10-25T00:00:00Z, 2026-10-25T00:30:00Z, ONCE_OF_TWO",
    "'30 2 * * *', 2026-10-25T00:30:00Z, 2026-10-26T01:30:00Z, STEADY",
    "'0 */2 * * *', 2026-10-25T00:00:00Z, 2026-10-25T03:00:00Z, STEADY",
    "'30 * * * *', 2026-10-25T00:00:00Z, 2026-10-25T00:30:00Z, FIRST_OF_TWO",
    "'30 * * * *', 2026-10-25T00:30:00Z, 2026-10-25T01:30:00Z, SECOND_OF_TWO",
  })
  void goesThroughTheNightsInWhichClocksChange(
      String line, Instant after, Instant next, Clocks clocks) {
    Fire fire = Cron.parse(line).next(after, MADRID);
    assertThat(fire.at()).isEqualTo(next);
    assertThat(fire.clocks()).isEqualTo(clocks);
  }

  @Test
  void timesThatAreSkippedTogetherAreDueOnce() {
    List<Fire> fires =
        Cron.parse("0,20,40 2,3 * * *").next(Instant.parse("2026-03-29T00:00:00Z"), MADRID, 3);
    assertThat(fires)
        .extracting(Fire::at)
        .containsExactly(
            Instant.parse("2026-03-29T01:00:00Z"),
            Instant.parse("2026-03-29T01:20:00Z"),
            Instant.parse("2026-03-29T01:40:00Z"));
  }

  @Test
  void ofTheMomentsBetweenTheLastAreGiven() {
    Instant until = Instant.parse("2026-01-15T12:00:00Z");
    assertThat(Cron.parse("@hourly").between(until.minus(Duration.ofDays(1)), until, MADRID, 2))
        .extracting(Fire::at)
        .containsExactly(until.minus(Duration.ofHours(1)), until);
    assertThat(Cron.parse("@hourly").between(until, until.plusSeconds(3_599), MADRID, 2)).isEmpty();
  }

  @Test
  void theLastMomentsAreFoundWithoutLookingAtAll() {
    Instant until = Instant.parse("2026-07-01T00:00:00Z");
    Instant first = Instant.parse("1970-01-01T00:00:00Z");
    for (String line : List.of("* * * * *", "* * 1-15 1 *", "0 0 29 2 *", "*/7 2 * * sun")) {
      Cron cron = Cron.parse(line);
      List<Fire> last = cron.between(first, until, MADRID, 9);
      assertThat(last).as(line).hasSize(9);
      assertThat(last).isEqualTo(cron.next(last.getFirst().at().minusNanos(1), MADRID, 9));
      assertThat(cron.next(last.getLast().at(), MADRID).at()).isAfter(until);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'* * * *' | five fields",
        "'' | five fields",
        "'@reboot' | five fields",
        "'60 * * * *' | the minute is from 0 to 59",
        "'* 24 * * *' | the hour is from 0 to 23",
        "'* * 0 * *' | the day of the month is from 1 to 31",
        "'* * * 13 *' | the month is from 1 to 12",
        "'* * * * 8' | the day of the week is from 0 to 7",
        "'* * * foo *' | the names are jan, feb",
        "'*/0 * * * *' | the step of a minute",
        "'*/60 * * * *' | the step of a minute",
        "'30-10 * * * *' | begins after its end",
        "'* * L * *' | 'l' is no day of the month",
        "'* * * * mon#2' | is no day of the week",
        "'1,,2 * * * *' | is no minute",
        "'-1 * * * *' | is no minute",
        "'99999999999 * * * *' | is no minute",
        "'0 0 30 2 *' | never comes",
        "'0 0 31 feb,apr,jun *' | never comes",
      })
  void whatIsNoScheduleIsRefusedWithTheReason(String line, String reason) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Cron.parse(line))
        .withMessageContaining(reason);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void agreesWithLookingAtEachMinute(long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < 60; i++) {
      Fields fields = Fields.random(random);
      ZoneId zone = ZoneId.of(ZONES.get(random.nextInt(ZONES.size())));
      LocalDate from =
          random.nextInt(8) == 0
              ? LocalDate.of(2011, 12, 27)
              : LocalDate.of(2026, 1, 1).plusDays(random.nextInt(365));
      Instant begin = from.atStartOfDay(zone).toInstant();
      Instant end = from.plusDays(6).atStartOfDay(zone).toInstant();
      assertThat(Cron.parse(fields.text()).between(begin, end, zone, Integer.MAX_VALUE))
          .as("%s in %s from %s", fields.text(), zone, from)
          .extracting(Fire::at)
          .containsExactlyElementsOf(fields.between(begin, end, zone));
    }
  }

  /** A schedule as sets, and the slowest way to find out when it is due. */
  private record Fields(
      Set<Integer> minutes, Set<Integer> hours, Set<Integer> days, Set<Integer> weekdays) {
    static Fields random(Random random) {
      return new Fields(
          some(random, 0, 59, 4),
          random.nextInt(3) == 0 ? all(0, 23) : some(random, 0, 23, 5),
          random.nextBoolean() ? Set.of() : some(random, 1, 31, 6),
          random.nextBoolean() ? Set.of() : some(random, 0, 6, 3));
    }

    private static Set<Integer> all(int least, int most) {
      return IntStream.rangeClosed(least, most).boxed().collect(Collectors.toSet());
    }

    private static Set<Integer> some(Random random, int least, int most, int atMost) {
      Set<Integer> some = new TreeSet<>();
      for (int i = 0; i <= random.nextInt(atMost); i++) {
        some.add(least + random.nextInt(most - least + 1));
      }
      return some;
    }

    String text() {
      return text(minutes) + " " + text(hours) + " " + text(days) + " * " + text(weekdays);
    }

    private static String text(Set<Integer> values) {
      return values.isEmpty()
          ? "*"
          : values.stream().map(String::valueOf).collect(Collectors.joining(","));
    }

    private boolean isDue(LocalDateTime time) {
      boolean day = days.contains(time.getDayOfMonth());
      boolean weekday =
          weekdays.contains(
              time.getDayOfWeek() == DayOfWeek.SUNDAY ? 0 : time.getDayOfWeek().getValue());
      boolean date =
          days.isEmpty()
              ? weekdays.isEmpty() || weekday
              : weekdays.isEmpty() ? day : day || weekday;
      return date && minutes.contains(time.getMinute()) && hours.contains(time.getHour());
    }

    List<Instant> between(Instant begin, Instant end, ZoneId zone) {
      return hours.size() == 24 ? byTime(begin, end, zone) : byClock(begin, end, zone);
    }

    private List<Instant> byTime(Instant begin, Instant end, ZoneId zone) {
      List<Instant> due = new ArrayList<>();
      for (Instant at = begin.plus(1, ChronoUnit.MINUTES);
          !at.isAfter(end);
          at = at.plus(1, ChronoUnit.MINUTES)) {
        if (isDue(at.atZone(zone).toLocalDateTime())) {
          due.add(at);
        }
      }
      return due;
    }

    private List<Instant> byClock(Instant begin, Instant end, ZoneId zone) {
      TreeMap<Instant, Boolean> due = new TreeMap<>();
      LocalDateTime last = end.atZone(zone).toLocalDateTime().plusDays(2);
      for (LocalDateTime local = begin.atZone(zone).toLocalDateTime().minusDays(2);
          local.isBefore(last);
          local = local.plusMinutes(1)) {
        if (isDue(local)) {
          List<ZoneOffset> offsets = zone.getRules().getValidOffsets(local);
          due.put(
              offsets.isEmpty()
                  ? zone.getRules().getTransition(local).getInstant()
                  : ZonedDateTime.ofStrict(local, offsets.getFirst(), zone).toInstant(),
              true);
        }
      }
      return List.copyOf(due.subMap(begin, false, end, true).keySet());
    }
  }
}
