package dev.tidemark.bench.verify.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("integration")
class VerifyJobsTest {
  private static final List<JobsFault> FAULTS =
      List.of(
          JobsFault.WORKER, JobsFault.NODE, JobsFault.BROKER, JobsFault.POSTGRES, JobsFault.CLOCK);

  @TempDir private Path directory;

  /**
   * Afterwards each defect is planted in the same system: a start takes longer than all of that.
   */
  @Test
  void noJobIsLostDoubledOrDecidedByAnotherWhateverIsKilled() throws Exception {
    JobsPlan plan = new JobsPlan(7, 7, FAULTS, 2, Optional.empty(), 60);
    JobsRun run = new JobsRun(plan, directory, System.out::println);
    try {
      run.happen();
      JobsVerdict verdict = run.judge(Optional.empty());
      verdict.lines().forEach(System.out::println);
      assertThat(verdict.passed()).as(String.join("\n", verdict.lines())).isTrue();
      assertThat(verdict.rounds()).isEqualTo(7);
      for (JobsPlant plant : JobsPlant.values()) {
        assertThat(run.notices(plant)).as(plant.text()).isTrue();
      }
    } finally {
      run.close();
    }
  }
}
