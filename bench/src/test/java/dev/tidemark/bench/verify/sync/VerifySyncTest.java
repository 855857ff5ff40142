package dev.tidemark.bench.verify.sync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.bench.verify.Findings.Kind;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("integration")
class VerifySyncTest {
  private static final int DEVICES = 6;

  @TempDir private Path directory;

  @Test
  void nothingIsLostDoubledOrMisjudgedWhateverIsKilled() throws Exception {
    SyncVerdict verdict =
        run(new SyncPlan(12, 7, List.of(SyncFault.values()), DEVICES, Optional.empty(), 60));
    assertThat(verdict.passed()).as(String.join("\n", verdict.lines())).isTrue();
    assertThat(verdict.rounds()).isEqualTo(12);
  }

  @Test
  void aWriterThatDoesNotCompareIsNoticed() throws Exception {
    SyncVerdict verdict =
        run(new SyncPlan(0, 8, List.of(), DEVICES, Optional.of(SyncPlant.LOSE_UPDATE), 0));
    assertThat(verdict.findings().count(Kind.LOST_UPDATE)).isPositive();
    assertThat(verdict.passed()).isFalse();
  }

  @Test
  void aReaderThatPassesOverAChangeIsNoticed() throws Exception {
    SyncVerdict verdict =
        run(new SyncPlan(0, 9, List.of(), DEVICES, Optional.of(SyncPlant.SKIP_CHANGE), 0));
    assertThat(SyncPlant.SKIP_CHANGE.caught(verdict.findings())).isTrue();
    assertThat(verdict.passed()).isFalse();
  }

  private SyncVerdict run(SyncPlan plan) throws Exception {
    SyncRun run = new SyncRun(plan, directory, System.out::println);
    try {
      return run.run();
    } finally {
      run.close();
    }
  }
}
