package dev.tidemark.bench.jobs;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.util.concurrent.locks.LockSupport;

/**
 * What a contestant's process says on its standard output: that it is ready, and which job it began
 * when, by the monotonic clock that the processes of a machine share. Written a few hundred times a
 * second, since a write for each job would be a good part of what is measured.
 */
final class Report {
  static final String READY = "ready";
  static final String BEGAN = "began";

  private static final long EVERY_NANOS = 5_000_000;

  private final PrintStream output;
  private StringBuilder lines = new StringBuilder();

  private Report(PrintStream output) {
    this.output = output;
  }

  /** Takes the standard output for itself. */
  static Report open() {
    Report report =
        new Report(new PrintStream(new FileOutputStream(FileDescriptor.out), false, UTF_8));
    System.setOut(System.err);
    Thread.ofPlatform().name("report").daemon().start(report::write);
    return report;
  }

  void ready() {
    say(READY);
  }

  void began(int number) {
    say(BEGAN + " " + number + " " + System.nanoTime());
  }

  private void say(String line) {
    synchronized (this) {
      lines.append(line).append('\n');
    }
  }

  private void write() {
    while (true) {
      LockSupport.parkNanos(EVERY_NANOS);
      StringBuilder full;
      synchronized (this) {
        if (lines.isEmpty()) {
          continue;
        }
        full = lines;
        lines = new StringBuilder();
      }
      output.append(full);
      output.flush();
    }
  }
}
