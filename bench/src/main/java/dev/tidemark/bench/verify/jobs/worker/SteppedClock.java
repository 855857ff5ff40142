package dev.tidemark.bench.verify.jobs.worker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;

/** A clock that is wrong by as many milliseconds as a file says. Thread-safe. */
final class SteppedClock implements InstantSource {
  private final Path file;

  SteppedClock(Path file) {
    this.file = file;
  }

  @Override
  public Instant instant() {
    return Instant.now().plusMillis(offset());
  }

  private long offset() {
    try {
      return Files.exists(file) ? Long.parseLong(Files.readString(file).strip()) : 0;
    } catch (IOException | NumberFormatException _) {
      // It is being written.
      return 0;
    }
  }
}
