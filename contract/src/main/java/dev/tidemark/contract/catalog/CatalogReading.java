package dev.tidemark.contract.catalog;

import static java.util.Objects.requireNonNull;

import java.util.List;

/** What came of reading a catalog file. */
public sealed interface CatalogReading {

  /** The file is a catalog. */
  record Valid(Catalog catalog) implements CatalogReading {
    public Valid {
      requireNonNull(catalog, "catalog is null");
    }
  }

  /**
   * It is none.
   *
   * @param file what the file is called
   * @param problems all that is wrong with it, from top to bottom
   */
  record Invalid(String file, List<CatalogProblem> problems) implements CatalogReading {
    public Invalid {
      requireNonNull(file, "file is null");
      problems = List.copyOf(problems);
      if (problems.isEmpty()) {
        throw new IllegalArgumentException("an invalid catalog without a problem");
      }
    }

    /** A line for each problem. */
    public List<String> sentences() {
      return problems.stream().map(problem -> problem.sentence(file)).toList();
    }
  }
}
