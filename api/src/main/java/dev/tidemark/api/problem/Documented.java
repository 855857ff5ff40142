package dev.tidemark.api.problem;

/** Where the OpenAPI document tells of problems; {@code src/main/openapi} holds what it tells. */
public final class Documented {
  public static final String PROBLEM = "#/components/responses/Problem";

  /** The generator takes {@code default} for success, so failures are told as two ranges. */
  public static final String REFUSED = "4XX";

  public static final String FAILED = "5XX";

  private Documented() {}
}
