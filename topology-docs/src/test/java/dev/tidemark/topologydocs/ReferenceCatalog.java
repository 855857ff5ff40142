package dev.tidemark.topologydocs;

import dev.tidemark.contract.catalog.Catalog;
import dev.tidemark.contract.catalog.CatalogReader;
import dev.tidemark.contract.catalog.CatalogReading;
import java.nio.file.Path;

/** The reference catalog of this source tree. */
final class ReferenceCatalog {
  private static final Path FILE =
      Path.of("../standalone/src/main/resources/reference/catalog.yml");

  private ReferenceCatalog() {}

  static Catalog read() {
    return switch (CatalogReader.read(FILE)) {
      case CatalogReading.Valid valid -> valid.catalog();
      case CatalogReading.Invalid invalid ->
          throw new AssertionError(String.join("\n", invalid.sentences()));
    };
  }
}
