package dev.tidemark.bench.verify;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("integration")
class VerifyCaptureTest {
  @TempDir private Path directory;

  @Test
  void nothingIsLostAndNothingIsSentTwiceWhateverIsKilled() throws Exception {
    Verdict verdict = run(new VerifyPlan(20, 7, List.of(Fault.values()), Optional.empty(), 300));
    assertThat(verdict.passed()).as(String.join("\n", verdict.lines())).isTrue();
    assertThat(verdict.rounds()).isEqualTo(20);
    assertThat(verdict.restarts()).hasSizeGreaterThanOrEqualTo(10);
  }

  @Test
  void aPositionThatForgetsIsNoticedAsDuplicates() throws Exception {
    Verdict verdict =
        run(new VerifyPlan(1, 8, List.of(Fault.CAPTURE), Optional.of(Plant.SKIP_POSITION), 300));
    assertThat(verdict.findings().count(Findings.Kind.DUPLICATED)).isPositive();
    assertThat(verdict.passed()).isFalse();
  }

  private Verdict run(VerifyPlan plan) throws Exception {
    VerifyRun run = new VerifyRun(plan, directory, System.out::println);
    try {
      return run.run();
    } finally {
      run.end();
    }
  }
}
