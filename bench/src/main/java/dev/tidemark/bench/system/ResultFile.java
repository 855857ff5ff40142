package dev.tidemark.bench.system;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** Where a table of figures is kept. */
public final class ResultFile {
  private static final Path RESULTS = Path.of("bench", "results");

  private ResultFile() {}

  /** Writes a table to a file that is named after now; returns which. */
  public static Path save(String name, String title, String table) throws IOException {
    Files.createDirectories(RESULTS);
    Path file =
        RESULTS.resolve(
            name
                + "-"
                + LocalDateTime.now(ZoneOffset.UTC)
                    .format(DateTimeFormatter.ofPattern("yyyy-MM-dd-HHmm"))
                + ".md");
    return Files.writeString(file, "# " + title + "\n\n" + table);
  }
}
