package dev.tidemark.bench.pull;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What a process holds.
 *
 * @param heap bytes of objects that are reachable
 * @param resident bytes of memory in the machine; where the whole heap was touched at the start, it
 *     grows by what is not heap
 */
record NodeMemory(long heap, long resident) {
  private static final String TOTAL = "Total";

  /** Collects garbage, and leaves a histogram of what remains in a file. */
  static NodeMemory of(long pid, Path histogram) throws IOException, InterruptedException {
    // The first one lets go of what only waits to be let go of.
    jcmd(pid, "GC.run");
    jcmd(pid, "GC.run");
    String classes = jcmd(pid, "GC.class_histogram");
    Files.writeString(histogram, classes);
    return new NodeMemory(total(classes), resident(Files.readString(status(pid))));
  }

  /** How much more that is than before, in bytes for each of so many. */
  double heapEach(NodeMemory before, int count) {
    return (double) (heap - before.heap) / count;
  }

  double restEach(NodeMemory before, int count) {
    return (double) (resident - before.resident) / count;
  }

  /** The bytes in the last line of a histogram. */
  static long total(String histogram) {
    return histogram
        .lines()
        .filter(line -> line.startsWith(TOTAL))
        .map(line -> line.strip().split("\\s+"))
        .map(words -> Long.parseLong(words[2]))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("no histogram: " + histogram));
  }

  /** {@code VmRSS} of {@code /proc/.../status}, in bytes. */
  static long resident(String status) {
    return status
        .lines()
        .filter(line -> line.startsWith("VmRSS:"))
        .map(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
        .findFirst()
        .orElse(0L);
  }

  private static Path status(long pid) {
    return Path.of("/proc", Long.toString(pid), "status");
  }

  private static String jcmd(long pid, String command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                    Long.toString(pid),
                    command))
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException("jcmd " + command + " failed: " + said);
    }
    return said;
  }
}
