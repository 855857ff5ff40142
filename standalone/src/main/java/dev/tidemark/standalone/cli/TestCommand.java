package dev.tidemark.standalone.cli;

import dev.tidemark.standalone.home.Refusal;
import picocli.CommandLine.Command;

@Command(
    name = "test",
    description = {
      "Runs every gate and test.",
      "The same as CI does (mvn verify), from scratch.",
      "What follows goes to Maven, for instance: ./tidemark test -Pcontainers",
      ""
    })
final class TestCommand extends TidemarkCommand {
  @Override
  public Integer call() {
    throw new Refusal("The script ./tidemark runs the tests by itself: start it through that.");
  }
}
