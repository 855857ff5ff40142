package dev.tidemark.api.pull;

import dev.tidemark.api.problem.Problem;
import dev.tidemark.api.problem.Problem.Fault;
import dev.tidemark.api.problem.ProblemException;
import dev.tidemark.api.problem.ProblemType;
import dev.tidemark.contract.Version;
import dev.tidemark.contract.catalog.Catalog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a caller asks for.
 *
 * @param types the entity types it reads; empty if it does not say
 * @param minVersion a version that the answer must not lack
 * @param patience how long to wait for it
 */
record PullQuestion(
    Optional<String> cursor,
    int limit,
    Optional<SortedSet<String>> types,
    Optional<Version> minVersion,
    Duration patience) {
  static final int PAGE = 500;
  static final int LARGEST_PAGE = 5_000;

  /**
   * @throws ProblemException that names every part which is wrong
   */
  static PullQuestion of(
      Catalog catalog,
      @Nullable String cursor,
      @Nullable String limit,
      @Nullable String types,
      @Nullable String minVersion,
      Duration patience) {
    List<Fault> faults = new ArrayList<>();
    int size = limit == null ? PAGE : limit(limit, faults);
    Optional<SortedSet<String>> named =
        types == null ? Optional.empty() : Optional.of(types(catalog, types, faults));
    Optional<Version> version = minVersion == null ? Optional.empty() : version(minVersion, faults);
    if (cursor != null && cursor.isEmpty()) {
      faults.add(new Fault("/query/cursor", "'cursor' is empty; leave it out for a first sync."));
    }
    if (!faults.isEmpty()) {
      throw new ProblemException(
          new Problem(
              ProblemType.INVALID_PARAMETER, faults.getFirst().detail(), faults, Optional.empty()));
    }
    return new PullQuestion(Optional.ofNullable(cursor), size, named, version, patience);
  }

  private static int limit(String text, List<Fault> faults) {
    if (text.matches("\\d{1,4}")) {
      int limit = Integer.parseInt(text);
      if (limit >= 1 && limit <= LARGEST_PAGE) {
        return limit;
      }
    }
    faults.add(
        new Fault("/query/limit", "'limit' is a whole number from 1 to " + LARGEST_PAGE + "."));
    return PAGE;
  }

  private static SortedSet<String> types(Catalog catalog, String text, List<Fault> faults) {
    SortedSet<String> types = new TreeSet<>();
    for (String name : text.split(",", -1)) {
      if (catalog.type(name).isEmpty()) {
        faults.add(
            new Fault(
                "/query/types",
                "'types' names entity types of the catalog, with commas between them; one of these"
                    + " is none."));
        break;
      }
      types.add(name);
    }
    return types;
  }

  private static Optional<Version> version(String text, List<Fault> faults) {
    try {
      return Optional.of(Version.parse(text));
    } catch (IllegalArgumentException e) {
      faults.add(
          new Fault(
              "/query/min_version",
              "'min_version' is a version as outcomes have it, such as 0001-00000000016B3748."));
      return Optional.empty();
    }
  }
}
