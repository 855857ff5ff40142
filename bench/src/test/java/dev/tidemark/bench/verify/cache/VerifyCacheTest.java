package dev.tidemark.bench.verify.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("integration")
class VerifyCacheTest {
  private static final int LEAST_READS = 1_000_000;

  @TempDir private Path directory;

  @Test
  void noAnswerIsOlderThanPromisedWhateverIsKilled() throws Exception {
    CacheVerdict verdict =
        run(
            new CachePlan(
                12,
                7,
                List.of(CacheFault.values()),
                Duration.ofSeconds(20),
                2,
                Optional.empty(),
                LEAST_READS));
    assertThat(verdict.passed()).as(String.join("\n", verdict.lines())).isTrue();
    assertThat(verdict.rounds()).isGreaterThanOrEqualTo(12);
    // Without hits nothing is proven.
    assertThat(verdict.tallies().all().share()).isGreaterThan(0.3);
  }

  @Test
  void aNodeThatHearsOfNothingIsNoticed() throws Exception {
    CacheVerdict verdict = planted(8, CachePlant.DEAF);
    assertThat(CachePlant.DEAF.caught(verdict.findings())).isTrue();
    assertThat(verdict.passed()).isFalse();
  }

  @Test
  void anEntryThatTellsAnotherTimeThanItIsFromIsNoticedByTheCacheItself() throws Exception {
    CacheVerdict verdict = planted(9, CachePlant.FORGE);
    assertThat(CachePlant.FORGE.caught(verdict.findings())).isTrue();
    assertThat(verdict.passed()).isFalse();
  }

  private CacheVerdict planted(long seed, CachePlant plant) throws Exception {
    return run(new CachePlan(0, seed, List.of(), Duration.ofSeconds(12), 2, Optional.of(plant), 0));
  }

  private CacheVerdict run(CachePlan plan) throws Exception {
    CacheRun run = new CacheRun(plan, directory, System.out::println);
    try {
      CacheVerdict verdict = run.run();
      verdict.lines().forEach(System.out::println);
      return verdict;
    } finally {
      run.close();
    }
  }
}
