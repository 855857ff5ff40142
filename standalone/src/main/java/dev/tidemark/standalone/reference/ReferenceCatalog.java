package dev.tidemark.standalone.reference;

import dev.tidemark.contract.catalog.Catalog;
import dev.tidemark.contract.catalog.CatalogReader;
import dev.tidemark.contract.catalog.CatalogReading;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The catalog file that comes with Tidemark. */
public final class ReferenceCatalog {
  private static final String RESOURCE = "/reference/catalog.yml";

  private ReferenceCatalog() {}

  public static Catalog catalog() {
    return switch (CatalogReader.read("catalog.yml", text())) {
      case CatalogReading.Valid valid -> valid.catalog();
      case CatalogReading.Invalid invalid ->
          throw new IllegalStateException(String.join("\n", invalid.sentences()));
    };
  }

  /** The file itself, for whoever wants to start their own from it. */
  public static String text() {
    try (InputStream in = ReferenceCatalog.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException("the jar lacks " + RESOURCE);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
