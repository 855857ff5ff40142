package dev.tidemark.pipeline.jobs.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.pipeline.jobs.core.JobTable.Waiting;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class JobTableTest {
  private static final int STEPS = 20_000;

  @Test
  void theFirstOfALineIsWhoeverStandsFirstInTheStore() {
    for (long seed = 1; seed <= 5; seed++) {
      Random random = new Random(seed);
      MemoryTable store = new MemoryTable();
      JobTable table = new JobTable(store);
      TreeSet<Waiting> line = new TreeSet<>();
      int made = 0;
      for (int step = 0; step < STEPS; step++) {
        // It grows beyond what is known at a time, and is used up again.
        boolean grows = step / 4_000 % 2 == 0;
        int what = random.nextInt(10);
        if (what < (grows ? 6 : 2)) {
          Waiting one = new Waiting(random.nextInt(-1_000, 1_000), "job-" + made++);
          line.add(one);
          table.stand("queue/a", one.order(), one.id());
        } else if (what < 8 && !line.isEmpty()) {
          Waiting first = table.first("queue/a");
          assertThat(first).as("seed %d, step %d", seed, step).isEqualTo(line.first());
          Waiting leaves = random.nextInt(4) == 0 ? anyOf(line, random) : line.first();
          line.remove(leaves);
          table.leave("queue/a", leaves.order(), leaves.id());
        } else if (what == 8 && random.nextInt(200) == 0) {
          table = new JobTable(store);
        } else {
          assertThat(table.first("queue/a"))
              .as("seed %d, step %d", seed, step)
              .isEqualTo(line.isEmpty() ? null : line.first());
        }
      }
    }
  }

  private static Waiting anyOf(Set<Waiting> line, Random random) {
    List<Waiting> all = new ArrayList<>(line);
    return all.get(random.nextInt(all.size()));
  }
}
