package dev.tidemark.standalone.cli;

import dev.tidemark.contract.catalog.Catalog;
import dev.tidemark.contract.catalog.CatalogFinding;
import dev.tidemark.contract.catalog.CatalogFinding.Severity;
import dev.tidemark.contract.catalog.CatalogReader;
import dev.tidemark.contract.catalog.CatalogReading;
import dev.tidemark.contract.postgres.PostgresUrl;
import dev.tidemark.standalone.home.Refusal;
import dev.tidemark.standalone.system.CatalogFindings;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "check",
    description = {
      "Says everything that is wrong with a catalog file, with line and column;",
      "with --postgres also what does not fit the tables that are really there, and what the",
      "queries of the views read that nothing tells them about.",
      ""
    })
final class CatalogCheckCommand extends TidemarkCommand {
  @Parameters(paramLabel = "FILE", description = "The catalog.")
  private Path file = Path.of("catalog.yml");

  @Option(
      names = "--postgres",
      paramLabel = "URL",
      description = "Also holds it against this database.")
  private @Nullable String postgres;

  @Override
  public Integer call() {
    return switch (CatalogReader.read(file)) {
      case CatalogReading.Invalid invalid -> {
        invalid.sentences().forEach(out()::println);
        yield Refusal.FAILED;
      }
      case CatalogReading.Valid valid -> against(valid.catalog());
    };
  }

  private int against(Catalog catalog) {
    if (postgres == null) {
      out().println(file + ": " + size(catalog) + ", nothing wrong.");
      return 0;
    }
    List<CatalogFinding> findings;
    try (Connection connection = PostgresUrl.parse(postgres).connect("tidemark-check")) {
      findings = CatalogFindings.of(connection, catalog);
    } catch (SQLException | IllegalArgumentException e) {
      throw new Refusal("The database cannot be asked: " + e.getMessage() + ".", e);
    }
    for (CatalogFinding finding : findings) {
      out().println(finding.severity().name().toLowerCase(Locale.ROOT) + ": " + finding);
    }
    boolean fits = findings.stream().noneMatch(finding -> finding.severity() == Severity.ERROR);
    out()
        .println(
            fits
                ? file + ": " + size(catalog) + " fit the database."
                : file + " does not fit the database.");
    return fits ? 0 : Refusal.FAILED;
  }

  private static String size(Catalog catalog) {
    String types = catalog.types().size() + " entity types";
    return catalog.views().isEmpty() ? types : types + " and " + catalog.views().size() + " views";
  }
}
