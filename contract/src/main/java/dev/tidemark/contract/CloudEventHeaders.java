package dev.tidemark.contract;

/**
 * The headers of a change: those of a CloudEvent in Kafka's binary mode, so that a consumer can
 * choose by headers alone.
 */
public final class CloudEventHeaders {
  /** The version of the CloudEvents specification; always {@link #THE_SPEC_VERSION}. */
  public static final String SPEC_VERSION = "ce_specversion";

  /** Unique within its source: the same change has the same id wherever it is read. */
  public static final String ID = "ce_id";

  /** Where the change comes from; see {@link #source}. */
  public static final String SOURCE = "ce_source";

  /** What happened; see {@link #type}. */
  public static final String TYPE = "ce_type";

  /** The entity as {@code type/id}; the entity type alone for a truncate. */
  public static final String SUBJECT = "ce_subject";

  /** When the transaction committed, or when a snapshot read the row. */
  public static final String TIME = "ce_time";

  /** The form of the value; always {@link #JSON}. */
  public static final String CONTENT_TYPE = "content-type";

  /** The type of an outcome. */
  public static final String OUTCOME = "dev.tidemark.outcome.v1";

  /** The type of a scoped change. */
  public static final String SCOPED_CHANGE = "dev.tidemark.scoped-change.v1";

  public static final String THE_SPEC_VERSION = "1.0";
  public static final String JSON = "application/json";

  private CloudEventHeaders() {}

  /** The source of the changes that a replication slot shows. */
  public static String source(String slot) {
    return "/tidemark/" + slot;
  }

  /** The type of a change; the number grows when the value's shape changes incompatibly. */
  public static String type(ChangeKind kind) {
    return "dev.tidemark.change." + kind.text() + ".v1";
  }
}
