package dev.tidemark.topologydocs;

import dev.tidemark.contract.catalog.Catalog;
import dev.tidemark.contract.catalog.CatalogReader;
import dev.tidemark.contract.catalog.CatalogReading;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Writes the generated documents: {@code Generate [outDir [catalog.yml]]}. Without a directory that
 * is {@code topology-docs}, without a catalog the reference catalog of the source tree it is in.
 */
public final class Generate {
  private static final String REFERENCE = "../standalone/src/main/resources/reference/catalog.yml";

  private Generate() {}

  public static void main(String[] arguments) throws IOException {
    if (arguments.length > 2) {
      System.err.println("usage: Generate [outDir [catalog.yml]]");
      System.exit(2);
    }
    Path directory = Path.of(arguments.length == 0 ? "topology-docs" : arguments[0]);
    Path catalog = arguments.length == 2 ? Path.of(arguments[1]) : directory.resolve(REFERENCE);
    switch (CatalogReader.read(catalog)) {
      case CatalogReading.Invalid invalid -> {
        invalid.sentences().forEach(System.err::println);
        System.exit(1);
      }
      case CatalogReading.Valid valid -> {
        int files = write(directory, valid.catalog());
        System.out.println("wrote " + files + " documents to " + directory);
      }
    }
  }

  /** Writes all documents and removes pages of topologies that are no more. */
  static int write(Path directory, Catalog catalog) throws IOException {
    Map<String, String> documents = Documents.of(catalog);
    for (Map.Entry<String, String> document : documents.entrySet()) {
      Path file = directory.resolve(document.getKey());
      Files.createDirectories(file.toAbsolutePath().getParent());
      Files.writeString(file, document.getValue());
    }
    try (Stream<Path> pages = Files.list(directory.resolve(Documents.TOPOLOGIES))) {
      for (Path page : pages.toList()) {
        if (!documents.containsKey(Documents.TOPOLOGIES + "/" + page.getFileName())) {
          Files.delete(page);
        }
      }
    }
    return documents.size();
  }
}
