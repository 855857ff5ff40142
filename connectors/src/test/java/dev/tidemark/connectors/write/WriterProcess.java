package dev.tidemark.connectors.write;

import dev.tidemark.contract.catalog.Catalog;
import dev.tidemark.contract.catalog.EntityType;
import dev.tidemark.contract.catalog.ScopeTemplate;
import dev.tidemark.contract.catalog.TableName;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A writer in a process of its own, so that it can be killed. */
final class WriterProcess {
  private WriterProcess() {}

  static Process start(String postgresUrl, String kafka, String table) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
            WriterProcess.class.getName(),
            postgresUrl,
            kafka,
            table)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  /** Writes until the standard input ends, as it does when the parent process does. */
  public static void main(String[] args) throws IOException {
    EntityType type =
        new EntityType(
            args[2],
            "",
            new TableName("public", args[2]),
            List.of("id"),
            List.of(),
            List.of(new ScopeTemplate("public")),
            List.of(),
            Map.of());
    try (Writer writer =
        new Writer(
            WriterSettings.of(args[0], args[1]),
            new Catalog(List.of(type)),
            new SimpleMeterRegistry())) {
      writer.start();
      System.in.transferTo(java.io.OutputStream.nullOutputStream());
    }
  }
}
