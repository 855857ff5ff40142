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
  @TempDir private Path directory;

  @Test
  void noAnswerIsOlderThanPromisedWhateverIsKilled() throws Exception {
    CacheVerdict verdict =
        run(
            new CachePlan(
                12,
                7,
                List.of(CacheFault.values()),
                Duration.ofSeconds(10),
                4,
                Optional.empty(),
                24_000));
    assertThat(verdict.passed()).as(String.join("\n", verdict.lines())).isTrue();
    assertThat(verdict.rounds()).isEqualTo(12);
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
