package dev.tidemark.bench.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

@Tag("integration")
class BenchCacheTest {
  @TempDir private Path directory;

  @Test
  void everyCommitIsSeenEverywhere() throws Exception {
    CacheBenchOptions options = new CacheBenchOptions();
    new CommandLine(options).parseArgs("--quick");
    String table = BenchCache.run(options.settled(), directory);
    assertThat(table)
        .contains("gone from Redis", "; 0 were not seen everywhere", "hit in memory, in process")
        .contains("agendas, 95 % reads", "5,000 changes at once");
  }
}
