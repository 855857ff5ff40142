package dev.tidemark.bench.capture;

import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;

/**
 * What a contender tells of itself, a line each. Single rows are told one by one, those of a drain
 * when the last one has come: its transaction is the last of all.
 */
final class ContenderReport {
  static final String STREAMING = "streaming";
  static final String SAW = "saw";
  static final String DRAINED = "drained";
  static final String STOPPED = "stopped";

  private final PrintStream out;
  private long last;
  private int drained;
  private long first;

  ContenderReport(PrintStream out) {
    this.out = out;
  }

  void expect(long lastId) {
    last = lastId;
    drained = 0;
  }

  void streaming() {
    say(STREAMING + " " + System.nanoTime());
  }

  void saw(long id) {
    if (id < Workload.PASS_STRIDE) {
      say(SAW + " " + id + " " + System.nanoTime());
      return;
    }
    if (drained++ == 0) {
      first = System.nanoTime();
    }
    if (id == last) {
      say(DRAINED + " " + drained + " " + first + " " + System.nanoTime());
    }
  }

  void stopped() {
    long heap = 0;
    for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
      if (pool.getType() == MemoryType.HEAP) {
        heap += pool.getPeakUsage().getUsed();
      }
    }
    say(STOPPED + " " + heap);
  }

  private synchronized void say(String line) {
    out.println(line);
    out.flush();
  }
}
