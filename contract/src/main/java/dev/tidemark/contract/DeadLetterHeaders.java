package dev.tidemark.contract;

/** The headers of a record in the dead-letter topic, beside those it came with. */
public final class DeadLetterHeaders {
  /** Why the record could not be processed, in a sentence. */
  public static final String REASON = "tidemark_reason";

  /** The topic the record came from, or would have gone to. */
  public static final String TOPIC = "tidemark_topic";

  private DeadLetterHeaders() {}
}
