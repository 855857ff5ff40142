package dev.tidemark.bench.capture;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What to run and how long.
 *
 * @param rows how many rows are drained
 * @param passes how often they are drained in the same process; the first one finds it cold
 * @param latency how long single-row commits are measured
 * @param rate single-row commits per second
 * @param bigRows rows of the one large transaction; 0 leaves it out
 * @param heapMegabytes the heap of every contender
 * @param bigHeapMegabytes the heap for the large transaction
 * @param contenders who takes part
 * @param flightRecordings where every contender leaves a flight recording
 * @param warmUp for how long the broker is warmed up before
 * @param save whether the table is written to {@code bench/results}
 */
record BenchOptions(
    int rows,
    int passes,
    Duration latency,
    int rate,
    int bigRows,
    int heapMegabytes,
    int bigHeapMegabytes,
    List<Contender> contenders,
    Optional<Path> flightRecordings,
    Duration warmUp,
    boolean save) {
  static final String USAGE =
      """
      bench capture [options]
        --rows N         rows to drain (500000)
        --passes N       times to drain in the same process; the first finds it cold (2)
        --seconds N      seconds of single-row commits (20)
        --rate N         single-row commits a second (200)
        --big [N]        also one transaction of N rows (1000000), in a heap of --big-heap
        --heap MB        heap of every contender (512)
        --big-heap MB    heap for the large transaction (256)
        --only A,B       contenders, of: %s
        --warm-up N      seconds in which the broker is warmed up (60)
        --jfr DIR        leave a flight recording of every contender
        --quick          20000 rows, one pass, 3 seconds, 1 to warm up
        --save           write the table to bench/results
      """
          .formatted(String.join(", ", Contender.names()));

  BenchOptions {
    contenders = List.copyOf(contenders);
    if (rows < 1 || rows >= Workload.PASS_STRIDE || bigRows >= Workload.PASS_STRIDE) {
      throw new IllegalArgumentException(
          "rows must be from 1 to " + (Workload.PASS_STRIDE - 1) + "\n" + USAGE);
    }
  }

  static BenchOptions parse(String[] arguments) {
    int rows = 500_000;
    int passes = 2;
    int seconds = 20;
    int rate = 200;
    int big = 0;
    int heap = 512;
    int bigHeap = 256;
    int warmUp = 60;
    boolean save = false;
    Optional<Path> recordings = Optional.empty();
    List<Contender> contenders = List.of(Contender.values());
    List<String> words = new ArrayList<>(Arrays.asList(arguments));
    for (int i = words.indexOf("--big"); i >= 0; i = -1) {
      if (i + 1 == words.size() || words.get(i + 1).startsWith("--")) {
        words.add(i + 1, "1000000");
      }
    }
    for (Iterator<String> word = words.iterator(); word.hasNext(); ) {
      String option = word.next();
      switch (option) {
        case "--rows" -> rows = number(option, word);
        case "--passes" -> passes = number(option, word);
        case "--seconds" -> seconds = number(option, word);
        case "--rate" -> rate = number(option, word);
        case "--big" -> big = number(option, word);
        case "--heap" -> heap = number(option, word);
        case "--big-heap" -> bigHeap = number(option, word);
        case "--warm-up" -> warmUp = number(option, word);
        case "--only" -> contenders = contenders(value(option, word));
        case "--jfr" -> recordings = Optional.of(Path.of(value(option, word)));
        case "--quick" -> {
          rows = 20_000;
          passes = 1;
          seconds = 3;
          warmUp = 1;
        }
        case "--save" -> save = true;
        default -> throw new IllegalArgumentException(option + " is no option\n" + USAGE);
      }
    }
    return new BenchOptions(
        rows,
        passes,
        Duration.ofSeconds(seconds),
        rate,
        big,
        heap,
        bigHeap,
        contenders,
        recordings,
        Duration.ofSeconds(warmUp),
        save);
  }

  private static String value(String option, Iterator<String> words) {
    if (!words.hasNext()) {
      throw new IllegalArgumentException(option + " needs a value\n" + USAGE);
    }
    return words.next();
  }

  private static int number(String option, Iterator<String> words) {
    String value = value(option, words);
    try {
      int number = Integer.parseInt(value.replace("_", ""));
      if (number > 0) {
        return number;
      }
    } catch (NumberFormatException _) {
      // said below, as for zero
    }
    throw new IllegalArgumentException(
        option + " takes a number above zero, not " + value + "\n" + USAGE);
  }

  private static List<Contender> contenders(String names) {
    return Arrays.stream(names.split(","))
        .map(name -> name.strip().toUpperCase(Locale.ROOT).replace('-', '_'))
        .map(Contender::valueOf)
        .toList();
  }
}
