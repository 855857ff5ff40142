package dev.tidemark.contract.catalog;

import static java.util.Objects.requireNonNull;

/**
 * One thing that is wrong with a catalog file, where it is wrong.
 *
 * @param line from 1; 0 if the problem is the file as a whole
 * @param column from 1; 0 if the problem is the file as a whole
 * @param path the field, as {@code entities.ticket.merge.stock}; empty for the file as a whole
 * @param expected what should be there, to stand after "expected"
 * @param found what is there, to stand after "found"
 */
public record CatalogProblem(int line, int column, String path, String expected, String found) {
  public CatalogProblem {
    requireNonNull(path, "path is null");
    requireNonNull(expected, "expected is null");
    requireNonNull(found, "found is null");
  }

  /** A problem of the file as a whole. */
  static CatalogProblem ofFile(String expected, String found) {
    return new CatalogProblem(0, 0, "", expected, found);
  }

  /**
   * The problem as compilers put it: {@code catalog.yml:12:5: field: expected this, found that}.
   */
  public String sentence(String file) {
    String place = line == 0 ? file : file + ":" + line + ":" + column;
    String field = path.isEmpty() ? "" : path + ": ";
    return place + ": " + field + "expected " + expected + ", found " + found;
  }
}
