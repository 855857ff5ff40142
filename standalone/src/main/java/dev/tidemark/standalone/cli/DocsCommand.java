package dev.tidemark.standalone.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "docs",
    description = {"Writes topology-docs anew from the topologies and the catalogue.", ""})
final class DocsCommand extends TidemarkCommand {
  private static final Map<String, String> MAINS =
      Map.of("docs", "dev.tidemark.topologydocs.Generate");

  @Parameters(
      arity = "0..1",
      paramLabel = "DIR",
      description = "Where to (default: topology-docs of this checkout).")
  private @Nullable Path directory;

  @Override
  public Integer call() {
    Path target =
        directory == null
            ? Path.of(System.getProperty("tidemark.checkout", "."), "topology-docs")
            : directory;
    return Program.run("generator", MAINS, "docs", List.of(target.toString()));
  }
}
