package dev.tidemark.contract.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.contract.catalog.job.Backoff;
import dev.tidemark.contract.catalog.job.JobCatalog;
import dev.tidemark.contract.catalog.job.JobQueue;
import dev.tidemark.contract.catalog.job.JobSchedule;
import dev.tidemark.contract.catalog.job.JobSchedule.Missed;
import dev.tidemark.contract.catalog.job.JobType;
import dev.tidemark.contract.catalog.job.JobType.Keeping;
import dev.tidemark.contract.catalog.job.JobType.Uniqueness;
import dev.tidemark.contract.catalog.job.Pace;
import dev.tidemark.contract.schedule.Cron;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JobReaderTest {
  private static final String ENTITIES =
      """
      version: 1
      entities:
        user: {table: users, key: id}
      """;

  @Test
  void whatIsDeclaredIsRead() {
    JobCatalog jobs =
        valid(
            """
            queues:
              urgent: {description: What cannot wait., weight: 8, concurrency: 4, ttl: 10m, rate: 100/1s}
              bulk: {description: Many at a time.}
            jobs:
              sync_products:
                description: Fetches products.
                queue: urgent
                priority: 9
                soft: 25m
                hard: 30m
                attempts: 3
                backoff: {first: 1s, factor: 1.5, longest: 2m, jitter: 20%}
                rate: 10/1m
                per_key: 2
                unique: {within: 1h}
                keep: {completed: 2h, failed: 30d}
                routes: [{priority: 8, queue: urgent}, {bulk: true, queue: bulk}]
            schedules:
              nightly:
                job: sync_products
                cron: 0 3 * * *
                zone: Europe/Madrid
                missed: all
                input: {shops: [1, two, null], full: true, since: {days: 1.50}}
            """);
    assertThat(jobs.queues())
        .containsExactly(
            new JobQueue(
                "urgent",
                "What cannot wait.",
                8,
                4,
                Duration.ofMinutes(10),
                Optional.of(new Pace(100, Duration.ofSeconds(1)))),
            new JobQueue("bulk", "Many at a time.", 1, 100, Duration.ofHours(1), Optional.empty()));
    assertThat(jobs.types())
        .containsExactly(
            new JobType(
                "sync_products",
                "Fetches products.",
                "urgent",
                9,
                Duration.ofMinutes(25),
                Duration.ofMinutes(30),
                3,
                new Backoff(Duration.ofSeconds(1), 1.5, Duration.ofMinutes(2), 0.2),
                Optional.of(new Pace(10, Duration.ofMinutes(1))),
                OptionalInt.of(2),
                Optional.of(new Uniqueness(Optional.of(Duration.ofHours(1)))),
                new Keeping(Duration.ofHours(2), Duration.ofDays(30)),
                List.of(
                    new JobType.Route(8, false, "urgent"), new JobType.Route(0, true, "bulk"))));
    Map<String, @Nullable Object> input = new LinkedHashMap<>();
    input.put("shops", Arrays.asList(BigDecimal.ONE, "two", null));
    input.put("full", true);
    input.put("since", Map.of("days", new BigDecimal("1.50")));
    assertThat(jobs.schedules())
        .containsExactly(
            new JobSchedule(
                "nightly",
                "sync_products",
                Cron.parse("0 3 * * *"),
                ZoneId.of("Europe/Madrid"),
                Missed.ALL,
                input));
    assertThat(jobs.queue("urgent")).isPresent();
    assertThat(jobs.type("sync_products")).isPresent();
    assertThat(jobs.schedule("nightly")).isPresent();
    assertThat(jobs.type("nightly")).isEmpty();
    JobType routed = jobs.type("sync_products").orElseThrow();
    assertThat(routed.queueOf(8, true)).isEqualTo("urgent");
    assertThat(routed.queueOf(7, true)).isEqualTo("bulk");
    assertThat(routed.queueOf(7, false)).isEqualTo("urgent");
  }

  @Test
  void whatIsNotSaidIsAsUsual() {
    JobCatalog jobs =
        valid(
            """
            queues: {default: {description: All else.}}
            jobs:
              one: {queue: default}
              two: {queue: default, unique: true, soft: 15m}
              three: {queue: default, unique: false}
            schedules: {daily: {job: one, cron: "@daily"}}
            """);
    assertThat(jobs.queues())
        .containsExactly(
            new JobQueue("default", "All else.", 1, 100, Duration.ofHours(1), Optional.empty()));
    assertThat(jobs.type("one"))
        .contains(
            new JobType(
                "one",
                "",
                "default",
                5,
                Duration.ofMinutes(5),
                Duration.ofMinutes(10),
                4,
                Backoff.DEFAULT,
                Optional.empty(),
                OptionalInt.empty(),
                Optional.empty(),
                Keeping.DEFAULT,
                List.of()));
    JobType two = jobs.type("two").orElseThrow();
    assertThat(two.unique()).contains(new Uniqueness(Optional.empty()));
    assertThat(two.hard()).as("never before the soft limit").isEqualTo(two.soft());
    assertThat(jobs.type("three").orElseThrow().unique()).isEmpty();
    assertThat(jobs.schedules())
        .containsExactly(
            new JobSchedule(
                "daily", "one", Cron.parse("@daily"), ZoneOffset.UTC, Missed.ONCE, Map.of()));
  }

  @Test
  void aCatalogWithoutJobsHasNone() {
    assertThat(valid("")).isEqualTo(JobCatalog.NONE);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "queues: {q: {weigth: 2}} | queues.q.weigth: expected one of the fields description, weight, concurrency, ttl, rate, found 'weigth' (did you mean 'weight'?)",
        "queues: {Q: {}} | queues.Q: expected a name of a queue",
        "queues: {q: {weight: 0}} | queues.q.weight: expected a number from 1 to 100, found the number 0",
        "queues: {q: {ttl: 8d}} | queues.q.ttl: expected a duration up to 7d",
        "queues: {q: {rate: fast}} | queues.q.rate: expected a rate: how many in which time up to 1d, as 10/1m, found 'fast'",
        "queues: {q: {rate: 0/1s}} | queues.q.rate: expected a rate",
        "queues: {q: {rate: 1/0s}} | queues.q.rate: expected a rate",
        "jobs: {j: {priority: 3}} | jobs.j: expected the field 'queue', found no such field",
        "jobs: {j: {queue: urgnt}}, queues: {urgent: {}} | expected a queue that the file declares, found 'urgnt' (did you mean 'urgent'?)",
        "jobs: {j: {queue: q, priority: 10}}, queues: {q: {}} | jobs.j.priority: expected a number from 0 to 9",
        "jobs: {j: {queue: q, soft: 2m, hard: 1m}}, queues: {q: {}} | jobs.j.hard: expected a hard limit no shorter than the soft one",
        "jobs: {j: {queue: q, backoff: {first: 2m, longest: 1m}}}, queues: {q: {}} | jobs.j.backoff: expected a longest wait no shorter than the first",
        "jobs: {j: {queue: q, backoff: {factor: 0.5}}}, queues: {q: {}} | jobs.j.backoff.factor: expected a number from 1 to 100",
        "jobs: {j: {queue: q, backoff: {jitter: 51%}}}, queues: {q: {}} | jobs.j.backoff.jitter: expected a percentage up to 50%",
        "jobs: {j: {queue: q, unique: yes please}}, queues: {q: {}} | jobs.j.unique: expected true, or {within: a duration}",
        "jobs: {j: {queue: q, unique: {}}}, queues: {q: {}} | jobs.j.unique: expected the field 'within'",
        "schedules: {s: {cron: '0 3 * * *'}} | schedules.s: expected the field 'job'",
        "schedules: {s: {job: j}}, jobs: {j: {queue: q}}, queues: {q: {}} | schedules.s: expected the field 'cron'",
        "schedules: {s: {job: j, cron: '0 24 * * *'}}, jobs: {j: {queue: q}}, queues: {q: {}} | schedules.s.cron: expected a schedule as crontab has it, found an error: '24': the hour is from 0 to 23",
        "schedules: {s: {job: j, cron: '@daily', zone: Europe/Madird}}, jobs: {j: {queue: q}}, queues: {q: {}} | (did you mean 'Europe/Madrid'?)",
        "schedules: {s: {job: j, cron: '@daily', missed: twice}}, jobs: {j: {queue: q}}, queues: {q: {}} | schedules.s.missed: expected one of skip, once, all",
        "schedules: {s: {job: j, cron: '@daily', input: [1]}}, jobs: {j: {queue: q}}, queues: {q: {}} | schedules.s.input: expected a mapping",
        "schedules: {s: {job: j, cron: '@daily', input: &a {x: *a}}}, jobs: {j: {queue: q}}, queues: {q: {}} | expected at most 20 values within one another, found more",
      })
  void whatIsNotAsItHasToBeIsSaidWithItsPlace(String flow, String sentence) {
    String yaml = ENTITIES + flow.replaceAll("\\}, (jobs|queues): ", "}\n$1: ") + "\n";
    assertThat(CatalogReader.read("catalog.yml", yaml))
        .isInstanceOfSatisfying(
            CatalogReading.Invalid.class,
            invalid -> assertThat(String.join("\n", invalid.sentences())).contains(sentence));
  }

  @Test
  void aWaitGrowsToItsLongestAndVariesByItsJitter() {
    Backoff backoff = new Backoff(Duration.ofSeconds(1), 2, Duration.ofSeconds(10), 0.5);
    assertThat(List.of(1, 2, 3, 4, 5, 400))
        .extracting(attempt -> backoff.after(attempt, 0.5).toMillis())
        .containsExactly(1_000L, 2_000L, 4_000L, 8_000L, 10_000L, 10_000L);
    assertThat(backoff.after(1, 0)).isEqualTo(Duration.ofMillis(500));
    assertThat(backoff.after(1, 1)).isEqualTo(Duration.ofMillis(1_500));
    assertThatThrownBy(() -> new Backoff(Duration.ofSeconds(2), 2, Duration.ofSeconds(1), 0))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static JobCatalog valid(String jobs) {
    return switch (CatalogReader.read("catalog.yml", ENTITIES + jobs)) {
      case CatalogReading.Valid(Catalog catalog) -> catalog.jobs();
      case CatalogReading.Invalid invalid ->
          throw new AssertionError(String.join("\n", invalid.sentences()));
    };
  }
}
