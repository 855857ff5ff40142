package dev.tidemark.standalone.cli;

import dev.tidemark.servers.EmbeddedPostgres18;
import dev.tidemark.servers.EmbeddedRedis;
import dev.tidemark.standalone.home.Home;
import dev.tidemark.standalone.home.Running;
import java.time.Duration;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "down",
    description = {
      "Stops the system and leaves no process behind.",
      "Also stops the servers of one that was killed. The data stays.",
      ""
    })
final class DownCommand extends TidemarkCommand {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration POLL = Duration.ofMillis(20);

  @Mixin private DataOption data = new DataOption();

  @Override
  public Integer call() throws InterruptedException {
    Home home = data.home();
    Optional<Running> running = home.running();
    if (running.isPresent()) {
      boolean orderly = stop(running.get().pid());
      stopLeftovers(home);
      home.forget();
      out()
          .println(
              orderly
                  ? "Stopped. The data stays in " + home + "."
                  : "Stopped by force after %d s. The data stays in %s; the next start recovers it."
                      .formatted(PATIENCE.toSeconds(), home));
    } else if (stopLeftovers(home)) {
      out().println("Stopped the servers that a killed process had left on " + home + ".");
    } else {
      out().println("Nothing runs on " + home + ".");
    }
    return 0;
  }

  private static boolean stop(long pid) throws InterruptedException {
    Optional<ProcessHandle> process = ProcessHandle.of(pid);
    process.ifPresent(ProcessHandle::destroy);
    long began = System.nanoTime();
    while (process.filter(DownCommand::runs).isPresent()) {
      if (System.nanoTime() - began > PATIENCE.toNanos()) {
        process.get().destroyForcibly();
        return false;
      }
      Thread.sleep(POLL);
    }
    return true;
  }

  // An ended process whose parent has not asked for its status has no program any more.
  private static boolean runs(ProcessHandle process) {
    return process.isAlive() && process.info().command().isPresent();
  }

  private static boolean stopLeftovers(Home home) {
    boolean postgres = EmbeddedPostgres18.stopLeftover(home.postgres());
    boolean redis = EmbeddedRedis.stopLeftover(home.redis());
    return postgres || redis;
  }
}
