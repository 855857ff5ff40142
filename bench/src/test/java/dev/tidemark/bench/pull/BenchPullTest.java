package dev.tidemark.bench.pull;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

@Tag("integration")
class BenchPullTest {
  @TempDir private Path directory;

  @Test
  void everythingThatIsWrittenIsReceived() throws Exception {
    PullBenchOptions options = new PullBenchOptions();
    new CommandLine(options).parseArgs("--quick", "--rate", "50", "--heap", "256");
    String table = BenchPull.run(options.settled(), directory);
    assertThat(table)
        .contains("150 of 150", "3,000 of 3,000", "60 of 60", "first sync of 10,000 rows")
        .contains("a live connection, of 300", "one change to 100 of 300");
  }
}
