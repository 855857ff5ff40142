package dev.tidemark.api.workers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.contract.job.JobCommand.Alive;
import dev.tidemark.contract.job.Place;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.Test;

/** What the partitions of the scheduler hear of a worker. */
class ShiftTest {
  @Test
  void noMorePartitionsMayGiveThanItHasSlotsFree() {
    for (long seed = 0; seed < 500; seed++) {
      Random random = new Random(seed);
      int partitions = 2 + random.nextInt(8);
      int slots = 1 + random.nextInt(partitions - 1);
      Map<String, Integer> running = running(random, random.nextInt(slots + 2));
      Shift shift = shift(slots, running);
      IntUnaryOperator few = shift.few(partitions, random.nextInt());
      int open = 0;
      for (int partition = 0; partition < partitions; partition++) {
        if (few.applyAsInt(partition) > 0) {
          open++;
          int its = partition;
          assertThat(running.keySet())
              .as("seed %d", seed)
              .noneMatch(id -> Place.ofId(id).orElseThrow().partition(partitions) == its);
        }
      }
      assertThat(open).as("seed %d", seed).isLessThanOrEqualTo(Math.max(0, shift.free()));
    }
  }

  @Test
  void eachPartitionHearsOfItsOwnAttempts() {
    Random random = new Random(7);
    Map<String, Integer> running = running(random, 20);
    Map<String, Integer> more = running(random, 5);
    Map<Integer, Alive> alive = shift(30, running).alive(4, _ -> 30, more);
    assertThat(alive.keySet()).isEqualTo(Set.of(0, 1, 2, 3));
    Map<String, Integer> all = new HashMap<>();
    alive.forEach(
        (partition, one) -> {
          assertThat(one.running().keySet())
              .allMatch(id -> Place.ofId(id).orElseThrow().partition(4) == partition);
          all.putAll(one.running());
        });
    Map<String, Integer> expected = new HashMap<>(running);
    expected.putAll(more);
    assertThat(all).isEqualTo(expected);
  }

  @Test
  void whatItIsGivenAnewCountsBeforeWhatItStillMakes() {
    String id = new Place(1).id(UUID.randomUUID());
    assertThat(
            shift(1, Map.of(id, 1))
                .alive(1, Shift.none(), Map.of(id, 2))
                .values()
                .iterator()
                .next())
        .isEqualTo(new Alive("http-ada", Set.of("type"), 0, Map.of(id, 2), Duration.ofSeconds(30)));
  }

  private static Shift shift(int slots, Map<String, Integer> running) {
    return new Shift("http-ada", Set.of("type"), slots, Duration.ofSeconds(30), running);
  }

  private static Map<String, Integer> running(Random random, int count) {
    Map<String, Integer> running = new HashMap<>();
    for (int i = 0; i < count; i++) {
      UUID id = new UUID(random.nextLong(), random.nextLong());
      running.put(new Place(random.nextInt(1 << 16)).id(id), 1 + random.nextInt(5));
    }
    return running;
  }
}
