package dev.tidemark.api.entities;

import dev.tidemark.api.problem.Problem;
import dev.tidemark.api.problem.ProblemException;
import dev.tidemark.api.problem.ProblemType;
import dev.tidemark.contract.EntityKey;
import dev.tidemark.contract.catalog.Catalog;
import dev.tidemark.contract.catalog.EntityType;
import java.util.regex.Pattern;

/** The entity that a path names. */
record EntityAddress(EntityType type, EntityKey key) {
  private static final int LONGEST_ID = 512;

  /** A part of an id escapes these three and nothing else: see {@link EntityKey}. */
  private static final Pattern STRAY_ESCAPE = Pattern.compile("%(?!25|2C|2F)");

  private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}|[\\x{D800}-\\x{DFFF}]");

  /**
   * Reads the two segments of the path, decoded once. The id is then the one of the record key; a
   * slash is taken for its escape, since it can mean nothing else.
   */
  static EntityAddress of(Catalog catalog, String typeName, String decodedId) {
    EntityType type =
        catalog
            .type(typeName)
            .orElseThrow(() -> new ProblemException(Problem.of(ProblemType.UNKNOWN_ENTITY_TYPE)));
    if (decodedId.isEmpty() || decodedId.length() > LONGEST_ID) {
      throw invalid("An id has 1 to " + LONGEST_ID + " characters.");
    }
    if (CONTROL.matcher(decodedId).find()) {
      throw invalid("An id has no control characters and is valid UTF-8.");
    }
    if (STRAY_ESCAPE.matcher(decodedId).find()) {
      throw invalid(
          "In an id, %25, %2C and %2F stand for percent, comma and slash within a part; in a URL"
              + " their percent sign is escaped once more.");
    }
    return new EntityAddress(type, new EntityKey(typeName, decodedId.replace("/", "%2F")));
  }

  private static ProblemException invalid(String detail) {
    return new ProblemException(Problem.invalid("/path/id", detail));
  }
}
