package dev.tidemark.bench.capture;

import dev.tidemark.bench.system.Machine;
import dev.tidemark.bench.system.ResultFile;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;

/** {@code ./tidemark bench capture}: prints a table of figures and judges none. */
public final class BenchCapture {
  private static final String LOGGING = "logback.configurationFile";

  private BenchCapture() {}

  public static void main(String[] arguments) throws Exception {
    BenchOptions options;
    try {
      options = BenchOptions.parse(arguments);
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage());
      System.exit(2);
      return;
    }
    if (System.getProperty(LOGGING) == null) {
      System.setProperty(LOGGING, "bench-logback.xml");
    }
    List<Result> results = new ArrayList<>();
    String table;
    try (Ground ground = new Ground();
        Connection connection = ground.connect()) {
      Machine machine = Machine.here(connection);
      System.err.println(machine.sentence());
      System.err.println("logs of the contenders: " + ground.directory());
      ground.warmUp(options.warmUp());
      for (Contender contender : options.contenders()) {
        results.add(
            Race.run(
                ground,
                options,
                contender,
                step -> System.err.println(contender.title() + ": " + step)));
        System.err.println(results.getLast());
      }
      table = ResultTable.of(machine, options, results);
    }
    System.out.println(table);
    if (options.save()) {
      System.err.println("written to " + ResultFile.save("capture", "Capture", table));
    }
  }
}
