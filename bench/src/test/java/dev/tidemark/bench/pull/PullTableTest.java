package dev.tidemark.bench.pull;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.bench.pull.PullResults.Connections;
import dev.tidemark.bench.pull.PullResults.Delta;
import dev.tidemark.bench.pull.PullResults.First;
import dev.tidemark.bench.pull.PullResults.Live;
import dev.tidemark.bench.system.Latency;
import dev.tidemark.bench.system.Machine;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class PullTableTest {
  private static final Machine MACHINE =
      new Machine(LocalDate.of(2026, 11, 22), 2, "Some processor", 1000, "25", "18", "4", "3");

  @Test
  void eachFigureStandsBesideItsLimitAndItsGoal() {
    PullBenchOptions options = new PullBenchOptions();
    new CommandLine(options).parseArgs("--seconds", "15");
    String table = PullTable.of(MACHINE, options, results());
    assertThat(table)
        .contains(
            "| everybody hears | 8.0, 50.0, 70.0 | 4.0, 10.0, 20.0 | 9.0, 51.0, 71.0 | 5.0, 11.0, 21.0"
                + " | 1,999 of 2,000 |",
            "| devices | – | – | 30.0, 60.0, 90.0 | 20.0, 30.0, 40.0 | 300 of 300 |",
            "| everybody hears, p50 | 8.0 ms | 4.0 ms | 2.0 × | ≤ 10 ms | reached |",
            "| everybody hears, p99 | 50.0 ms | 10.0 ms | 5.0 × | ≤ 40 ms | MISSED |",
            "| devices, p50 | 30.0 ms | 20.0 ms | 1.5 × | ≤ 35 ms | reached |",
            "| first sync of 100,000 rows, 40.0 MB, log alone as the limit | 50,000 rows/s |"
                + " 200,000 rows/s | 25 % | ≥ 30,000 rows/s | reached |",
            "| the same with gzip, 8.0 MB | 20,000 rows/s | 100,000 rows/s | 20 % | ≥ 30,000 rows/s |"
                + " MISSED |",
            "| pull of 100 changes, p50 | 3.0 ms | 1.0 ms | 3.0 × | ≤ 5 ms | reached |",
            "| a live connection, of 10,000 | 31.0 KiB: heap 24.0, other 7.0 |  |  | ≤ 30 KiB | MISSED"
                + " |",
            "first to the last, worst | 150.0 ms (p50 80.0) |  |  | ≤ 200 ms | reached |")
        .doesNotContain("NaN", "Infinity");
  }

  private static PullResults results() {
    return new PullResults(
        List.of(
            new Live(
                "everybody hears",
                20,
                new Latency(8, 50, 70),
                new Latency(9, 51, 71),
                new Latency(4, 10, 20),
                new Latency(5, 11, 21),
                1_999,
                2_000)),
        new Live(
            "devices",
            300,
            new Latency(0, 0, 0),
            new Latency(30, 60, 90),
            new Latency(0, 0, 0),
            new Latency(20, 30, 40),
            300,
            300),
        new First(100_000, 40_000_000, 8_000_000, 50_000, 20_000, 200_000, 100_000),
        new Delta(100, new Latency(3, 9, 10), new Latency(1, 2, 3)),
        new Connections(
            10_000,
            24 * 1024,
            7 * 1024,
            1_000,
            new Latency(90, 160, 170),
            new Latency(80, 140, 150),
            0.1));
  }
}
