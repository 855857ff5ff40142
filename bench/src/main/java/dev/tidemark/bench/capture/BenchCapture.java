package dev.tidemark.bench.capture;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;

/** {@code ./tidemark bench capture}: prints a table of figures and judges none. */
public final class BenchCapture {
  private static final String LOGGING = "logback.configurationFile";
  private static final Path RESULTS = Path.of("bench", "results");

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
    try (Ground ground = new Ground()) {
      Machine machine = Machine.here(ground);
      System.err.println(machine.sentence());
      System.err.println("logs of the contenders: " + ground.directory());
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
      save(table);
    }
  }

  private static void save(String table) throws IOException {
    Files.createDirectories(RESULTS);
    String name =
        "capture-"
            + LocalDateTime.now(ZoneOffset.UTC)
                .format(DateTimeFormatter.ofPattern("yyyy-MM-dd-HHmm"))
            + ".md";
    Files.writeString(RESULTS.resolve(name), "# Capture\n\n" + table);
    System.err.println("written to " + RESULTS.resolve(name));
  }
}
