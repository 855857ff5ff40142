package dev.tidemark.servers;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Processes that stand still: they keep their connections and locks and answer nobody, as in a long
 * pause of the machine.
 */
public final class Frozen {
  private Frozen() {}

  /** Stops a process and all that it started where they are. */
  public static void freeze(ProcessHandle process) {
    // The one that starts others first, so that none is missed.
    signal("STOP", Stream.of(process));
    signal("STOP", process.descendants());
  }

  /** Lets them go on. */
  public static void thaw(ProcessHandle process) {
    signal("CONT", Stream.concat(process.descendants(), Stream.of(process)));
  }

  private static void signal(String signal, Stream<ProcessHandle> processes) {
    String ids =
        processes.map(process -> Long.toString(process.pid())).collect(Collectors.joining(" "));
    if (!ids.isEmpty()) {
      // Java itself sends TERM and KILL only.
      ServerCommand.of(List.of("/bin/sh", "-c", "kill -" + signal + " " + ids)).run();
    }
  }
}
