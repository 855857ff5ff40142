package dev.tidemark.standalone.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Unmatched;

@Command(
    name = "bench",
    description = {"Measures something and prints it beside its limit.", ""})
final class BenchCommand extends TidemarkCommand {
  private static final Map<String, String> MAINS =
      Map.of(
          "cache", "dev.tidemark.bench.cache.BenchCache",
          "capture", "dev.tidemark.bench.capture.BenchCapture",
          "decide", "dev.tidemark.bench.decide.BenchDecide",
          "jobs", "dev.tidemark.bench.jobs.BenchJobs",
          "pull", "dev.tidemark.bench.pull.BenchPull",
          "sync", "dev.tidemark.bench.sync.BenchSync");

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "NAME",
      description = "cache, capture, decide, jobs, pull, sync")
  private @Nullable String name;

  @Unmatched private List<String> arguments = new ArrayList<>();

  @Override
  public Integer call() {
    return Program.run("benchmark", MAINS, name, arguments);
  }
}
