package dev.tidemark.bench.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

@Tag("integration")
class BenchJobsTest {
  @TempDir private Path directory;

  @Test
  void everyJobIsDoneOnceByEachContestant() throws Exception {
    JobsBenchOptions options = new JobsBenchOptions();
    new CommandLine(options).parseArgs("--quick");
    String table = BenchJobs.run(options.settled(), directory);
    assertThat(table)
        .contains("| 500 jobs at once, from submitted to done | ≥ 5,000/s |")
        .contains("| 50 jobs a second, from submitted to begun, p50 | ≤ 30.0 ms |")
        .contains("| the same, p99 |", "| delayed jobs, between due and begun, p99 |")
        .contains("| with 500 scheduled: 500 jobs at once, from submitted to done | ≥ −20 % |")
        .contains("| with 500 scheduled: from its start until a job begins |")
        .contains("| the same, started after kill -9 |")
        .contains("| kill -9 of a worker: its jobs have begun again |");
    assertThat(table.lines().filter(line -> line.contains(" 0 lost, 0 begun twice "))).hasSize(2);
  }
}
