package dev.tidemark.standalone.cli;

import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The one door. */
@Command(
    name = "tidemark",
    description = {
      "Change-data sync: every committed change of Postgres in Kafka, exactly once.",
      ""
    },
    synopsisSubcommandLabel = "COMMAND",
    commandListHeading = "%nCommands:%n",
    optionListHeading = "%nOptions:%n",
    footer = {
      "",
      "Begin with: ./tidemark up",
      "Exit status: 0 done, 1 failed, 2 not understood, 3 nothing runs."
    },
    mixinStandardHelpOptions = true,
    version = "tidemark 0.1.0",
    subcommands = {
      UpCommand.class,
      DownCommand.class,
      StatusCommand.class,
      InfoCommand.class,
      TokenCommand.class,
      EntityCommand.class,
      TopicsCommand.class,
      TailCommand.class,
      PsqlCommand.class,
      CatalogCommand.class,
      CaptureCommands.class,
      DocsCommand.class,
      TestCommand.class,
      BenchCommand.class,
      VerifyCommand.class,
      HelpCommand.class
    })
public final class Tidemark implements Runnable {
  @Spec private CommandSpec spec;

  Tidemark() {
    spec = CommandSpec.create();
  }

  public static void main(String[] arguments) {
    LogFile.none();
    System.exit(commandLine().execute(arguments));
  }

  static CommandLine commandLine() {
    return new CommandLine(new Tidemark())
        .setExecutionExceptionHandler(new Sentences())
        .setParameterExceptionHandler(Tidemark::notUnderstood)
        .setCaseInsensitiveEnumValuesAllowed(true);
  }

  private static int notUnderstood(ParameterException e, String[] arguments) {
    CommandLine command = e.getCommandLine();
    PrintWriter err = command.getErr();
    err.println("tidemark: " + e.getMessage());
    err.println("See " + command.getCommandSpec().qualifiedName() + " --help.");
    return command.getCommandSpec().exitCodeOnInvalidInput();
  }

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }
}
