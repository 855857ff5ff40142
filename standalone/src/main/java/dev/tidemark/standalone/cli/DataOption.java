package dev.tidemark.standalone.cli;

import dev.tidemark.standalone.home.Home;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Which system is meant: the one on this data directory. */
final class DataOption {
  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "The data directory (default: ${DEFAULT-VALUE}).",
      defaultValue = ".tidemark")
  private Path directory = Path.of(".tidemark");

  Home home() {
    return Home.at(directory);
  }

  Path directory() {
    return directory;
  }
}
