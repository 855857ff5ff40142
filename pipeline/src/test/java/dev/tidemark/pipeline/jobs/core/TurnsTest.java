package dev.tidemark.pipeline.jobs.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.contract.catalog.job.JobQueue;
import dev.tidemark.pipeline.jobs.core.Turns.Turn;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TurnsTest {
  @Test
  void nobodyHasATurnWhereNobodyHasJobs() {
    assertThat(Turns.first().next(List.of())).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void turnsAreInProportionToWeights(long seed) {
    Random random = new Random(seed);
    List<JobQueue> queues = new ArrayList<>();
    int weights = 0;
    for (int i = 0; i < 2 + random.nextInt(17); i++) {
      queues.add(queue("q" + i, 1 + random.nextInt(20)));
      weights += queues.getLast().weight();
    }
    Map<String, Integer> had = new HashMap<>();
    Turns turns = Turns.first();
    for (int i = 1; i <= 5_000; i++) {
      Turn turn = turns.next(queues).orElseThrow();
      turns = turn.after();
      had.merge(turn.queue().name(), 1, Integer::sum);
      for (JobQueue queue : queues) {
        double fair = (double) i * queue.weight() / weights;
        assertThat((double) had.getOrDefault(queue.name(), 0))
            .as("%s after %d turns of %s", queue, i, queues)
            .isBetween(fair - queues.size() - 1, fair + queues.size() + 1);
      }
    }
  }

  @Test
  void whoHadNoJobsForAWhileHasSavedNothingUp() {
    JobQueue busy = queue("busy", 1);
    JobQueue idle = queue("idle", 1);
    Turns turns = Turns.first();
    for (int i = 0; i < 1_000; i++) {
      turns = turns.next(List.of(busy)).orElseThrow().after();
    }
    int idleHad = 0;
    for (int i = 0; i < 10; i++) {
      Turn turn = turns.next(List.of(busy, idle)).orElseThrow();
      turns = turn.after();
      idleHad += turn.queue().equals(idle) ? 1 : 0;
    }
    assertThat(idleHad).isBetween(5, 6);
    assertThat(turns.passes()).hasSizeLessThanOrEqualTo(2);
  }

  private static JobQueue queue(String name, int weight) {
    return new JobQueue(name, "", weight, JobQueue.CONCURRENCY, JobQueue.TTL, Optional.empty());
  }
}
