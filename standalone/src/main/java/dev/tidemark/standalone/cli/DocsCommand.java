package dev.tidemark.standalone.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Unmatched;

@Command(
    name = "docs",
    description = {"Writes topology-docs anew from the topologies and the catalogue.", ""})
final class DocsCommand extends TidemarkCommand {
  private static final Map<String, String> MAINS =
      Map.of("docs", "dev.tidemark.topologydocs.Generate");

  @Unmatched private List<String> arguments = new ArrayList<>();

  @Override
  public Integer call() {
    return Program.run("generator", MAINS, "docs", arguments);
  }
}
