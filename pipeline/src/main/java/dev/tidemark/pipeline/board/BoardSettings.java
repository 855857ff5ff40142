package dev.tidemark.pipeline.board;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;

/**
 * What the board of a node runs with.
 *
 * @param kafka the bootstrap servers
 * @param directory where its store is
 * @param memory how much native memory its cache may use, in bytes
 */
public record BoardSettings(String kafka, Path directory, long memory) {
  private static final long MEMORY = 32L << 20;

  public BoardSettings {
    requireNonNull(kafka, "kafka is null");
    requireNonNull(directory, "directory is null");
  }

  /** The defaults. */
  public static BoardSettings of(String kafka, Path stateDirectory) {
    return new BoardSettings(kafka, stateDirectory.resolve("job-board"), MEMORY);
  }
}
