package dev.tidemark.standalone.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What all commands have in common. */
abstract class TidemarkCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Shows this help.")
  private boolean help;

  final PrintWriter out() {
    return spec.commandLine().getOut();
  }

  /** The whole command line as it was given. */
  final List<String> arguments() {
    return spec.root().commandLine().getParseResult().originalArgs();
  }

  final boolean helpWanted() {
    return help;
  }
}
