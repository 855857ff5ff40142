package dev.tidemark.pipeline.jobs.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.contract.catalog.job.Backoff;
import dev.tidemark.contract.catalog.job.JobCatalog;
import dev.tidemark.contract.catalog.job.JobQueue;
import dev.tidemark.contract.catalog.job.JobType;
import dev.tidemark.contract.catalog.job.JobType.Keeping;
import dev.tidemark.contract.catalog.job.JobType.Uniqueness;
import dev.tidemark.contract.catalog.job.Pace;
import dev.tidemark.contract.job.JobCommand;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Delay, priority, pause, pace, cancel, uniqueness, retry, limits per key and per queue, workers
 * that die and schedulers that start again, all at once: no limit is ever exceeded, and whatever is
 * wanted ends. The failing seed is in the message.
 */
class SchedulerPropertiesTest {
  private static final int WORLDS = 400;
  private static final int STEPS = 150;

  @Test
  void noLimitIsExceededAndNothingWaitsForEver() {
    live(false);
  }

  /** Forward and back, by less than the schedulers are patient with workers. */
  @Test
  void norWhenTheirClockIsSetWrongAgainAndAgain() {
    live(true);
  }

  private static void live(boolean steps) {
    for (int seed = 0; seed < WORLDS; seed++) {
      try {
        live(new Random(seed), steps);
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError("seed " + seed, e);
      }
    }
  }

  private static void live(Random random, boolean steps) {
    JobCatalog catalog = catalog(random);
    Yard yard = new Yard(catalog, 1 + random.nextInt(3));
    String[] types = catalog.types().stream().map(JobType::name).toArray(String[]::new);
    int hired = 0;
    List<String> asked = new ArrayList<>();
    for (int step = 0; step < STEPS; step++) {
      switch (random.nextInt(20)) {
        case 0, 1, 2, 3, 4 ->
            asked.add(
                yard.submit(
                    types[random.nextInt(types.length)],
                    random.nextInt(3) == 0 ? Duration.ofSeconds(random.nextInt(90)) : Duration.ZERO,
                    random.nextInt(10),
                    random.nextBoolean()
                        ? Optional.of("key " + random.nextInt(2))
                        : Optional.empty(),
                    random.nextBoolean()
                        ? Optional.of("unique " + random.nextInt(3))
                        : Optional.empty()));
        case 5, 6, 7, 8 -> finish(random, yard);
        case 9 -> some(random, asked).ifPresent(id -> yard.tell(new JobCommand.Cancel(id)));
        case 10 ->
            some(random, asked).ifPresent(id -> yard.tell(new JobCommand.Retry(id, yard.now)));
        case 11 ->
            some(random, asked)
                .ifPresent(
                    id ->
                        yard.tell(
                            new JobCommand.Reschedule(
                                id, yard.now.plusSeconds(random.nextInt(60) - 20L))));
        case 12 -> yard.tell(new JobCommand.Pause(queue(random, catalog), "me"));
        case 13, 14 -> yard.tell(new JobCommand.Resume(queue(random, catalog), "me"));
        case 15 ->
            yard.hire(
                "worker " + hired++,
                1 + random.nextInt(8),
                random.nextInt(3) == 0 ? new String[] {types[0]} : types);
        case 16 -> {
          Set<String> workers = yard.workers();
          if (!workers.isEmpty() && random.nextBoolean()) {
            String worker = workers.stream().skip(random.nextInt(workers.size())).findFirst().get();
            if (random.nextBoolean()) {
              yard.tell(new JobCommand.Gone(worker));
            }
            yard.kill(worker);
          }
        }
        case 17 -> {
          if (random.nextBoolean()) {
            yard.restart();
          } else {
            yard.restartWithoutIndex();
          }
        }
        default -> yard.pass(Duration.ofMillis(random.nextInt(8_000)));
      }
      if (steps && random.nextInt(10) == 0) {
        yard.setClock(Duration.ofMillis(random.nextInt(40_000) - 20_000L));
      }
      yard.tick();
      yard.check();
    }
    end(yard, catalog, types);
  }

  /** Everything that is wanted ends once there are workers and nothing is paused. */
  private static void end(Yard yard, JobCatalog catalog, String[] types) {
    catalog.queues().forEach(queue -> yard.tell(new JobCommand.Resume(queue.name(), "me")));
    yard.hire("the last", 20, types);
    for (int i = 0; i < 600 && !allEnded(yard); i++) {
      for (String worker : List.copyOf(yard.workers())) {
        for (String id : List.copyOf(yard.work(worker).keySet())) {
          yard.finish(worker, id, true);
        }
      }
      yard.pass(Duration.ofSeconds(2));
    }
    yard.check();
    assertThat(yard.jobs.values())
        .allSatisfy(job -> assertThat(job.status().ended()).as(job.toString()).isTrue());
  }

  private static boolean allEnded(Yard yard) {
    return yard.jobs.values().stream().allMatch(job -> job.status().ended());
  }

  private static void finish(Random random, Yard yard) {
    for (String worker : List.copyOf(yard.workers())) {
      for (String id : List.copyOf(yard.work(worker).keySet())) {
        if (random.nextInt(3) == 0) {
          if (random.nextInt(6) == 0) {
            yard.handBack(worker, id);
          } else {
            yard.finish(worker, id, random.nextInt(3) != 0);
          }
          return;
        }
      }
    }
  }

  private static Optional<String> some(Random random, List<String> ids) {
    return ids.isEmpty() ? Optional.empty() : Optional.of(ids.get(random.nextInt(ids.size())));
  }

  private static String queue(Random random, JobCatalog catalog) {
    return catalog.queues().get(random.nextInt(catalog.queues().size())).name();
  }

  private static JobCatalog catalog(Random random) {
    List<JobQueue> queues = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      queues.add(
          new JobQueue(
              "queue" + i,
              "",
              1 + random.nextInt(4),
              random.nextBoolean() ? 1 + random.nextInt(4) : 16 + random.nextInt(5),
              Duration.ofHours(1),
              pace(random)));
    }
    List<JobType> types = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      types.add(
          new JobType(
              "type" + i,
              "",
              "queue" + random.nextInt(3),
              JobType.PRIORITY,
              Duration.ofSeconds(20),
              Duration.ofSeconds(40),
              1 + random.nextInt(3),
              new Backoff(Duration.ofSeconds(5), 2, Duration.ofMinutes(1), 0.1),
              pace(random),
              random.nextBoolean() ? OptionalInt.of(1 + random.nextInt(2)) : OptionalInt.empty(),
              random.nextBoolean()
                  ? Optional.of(
                      new Uniqueness(
                          random.nextBoolean()
                              ? Optional.empty()
                              : Optional.of(Duration.ofSeconds(30))))
                  : Optional.empty(),
              new Keeping(Duration.ofHours(1), Duration.ofHours(1)),
              random.nextInt(3) == 0
                  ? List.of(
                      new JobType.Route(1 + random.nextInt(9), false, "queue" + random.nextInt(3)))
                  : List.of()));
    }
    return new JobCatalog(queues, types, List.of());
  }

  private static Optional<Pace> pace(Random random) {
    return random.nextInt(3) == 0
        ? Optional.of(new Pace(1 + random.nextInt(5), Duration.ofSeconds(5 + random.nextInt(20))))
        : Optional.empty();
  }
}
