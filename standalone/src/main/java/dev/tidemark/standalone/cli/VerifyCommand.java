package dev.tidemark.standalone.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Unmatched;

@Command(
    name = "verify",
    description = {
      "Injects faults and looks for lost and doubled changes, operations and jobs, and stale answers.",
      "Kills parts of the system again and again and compares what came out with the truth.",
      ""
    },
    footer = {"", "Example: ./tidemark verify sync --rounds 20 --seed 1"})
final class VerifyCommand extends TidemarkCommand {
  private static final Map<String, String> MAINS =
      Map.of(
          "cache", "dev.tidemark.bench.verify.cache.VerifyCache",
          "capture", "dev.tidemark.bench.verify.VerifyCapture",
          "jobs", "dev.tidemark.bench.verify.jobs.VerifyJobs",
          "sync", "dev.tidemark.bench.verify.sync.VerifySync");

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "NAME",
      description = "cache, capture, jobs, sync")
  private @Nullable String name;

  @Unmatched private List<String> arguments = new ArrayList<>();

  @Override
  public Integer call() {
    return Program.run("verification", MAINS, name, arguments);
  }
}
