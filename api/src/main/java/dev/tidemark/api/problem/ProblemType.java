package dev.tidemark.api.problem;

import java.util.Locale;
import java.util.Optional;

/** The catalogue of what can go wrong. The slug is part of the public contract. */
public enum ProblemType {
  BAD_REQUEST(
      400,
      "Bad request",
      "The request is not valid HTTP, or a part of it cannot be read. Correct it before you send it"
          + " again."),
  INVALID_PARAMETER(
      400,
      "Invalid parameter",
      "A part of the path, the query or a header has a value that can never be valid. Each entry of"
          + " 'errors' names one and says what was expected."),
  MALFORMED_JSON(
      400,
      "Malformed JSON",
      "The body is not one JSON document, or nests too deeply. The detail names line and column of"
          + " the first place that could not be read."),
  UNAUTHENTICATED(
      401,
      "Not authenticated",
      "The request carries no bearer token, or one that is not accepted: expired, not yet valid,"
          + " signed by someone else, or meant for another service. Get a new token."),
  FORBIDDEN(
      403,
      "Not allowed",
      "The token is accepted, but its roles do not allow this. A new token with the same roles"
          + " changes nothing."),
  NOT_FOUND(404, "Not found", "There is nothing at this address."),
  UNKNOWN_ENTITY_TYPE(
      404,
      "Unknown entity type",
      "The catalog of this deployment declares no entity type of this name."),
  UNKNOWN_ENTITY(
      404,
      "No such entity",
      "There is no entity of this type and id, it has been deleted, or it is not within the scopes"
          + " of the token: the answer does not tell these apart."),
  UNKNOWN_OPERATION(
      404,
      "No such operation",
      "No operation of this id is through, or it is not the caller's: the answer does not tell these"
          + " apart. One that was accepted a moment ago is known once its batch says so."),
  UNKNOWN_BATCH(
      404,
      "No such batch",
      "No batch of this id was accepted from this device, or it is not the caller's: the answer does"
          + " not tell these apart."),
  UNKNOWN_DEVICE(
      404,
      "No such device",
      "No device of this id has ever sent a batch, or it is not the caller's: the answer does not"
          + " tell these apart."),
  UNKNOWN_VIEW(
      404,
      "No such view",
      "The catalog of this deployment declares no view of this name with so many parameters, or the"
          + " token's scopes do not allow to read it: the answer does not tell these apart."),
  NOTHING_THERE(
      404, "Nothing there", "The view was asked, and there is nothing for these parameters."),
  UNKNOWN_JOB(
      404,
      "No such job",
      "There is no job of this id: there never was, or it has been forgotten since it ended. The"
          + " catalog says for how long jobs of a type are kept."),
  UNKNOWN_QUEUE(
      404, "No such queue", "The catalog of this deployment declares no queue of this name."),
  UNKNOWN_SCHEDULE(404, "No such schedule", "There is no schedule of this name."),
  UNKNOWN_WORKER(
      404,
      "No such worker",
      "No worker of this name is known: it never said hello, was silent for longer than its lease,"
          + " or said goodbye. Say hello again, under a new name."),
  METHOD_NOT_ALLOWED(
      405,
      "Method not allowed",
      "The address exists, but not for this method. The Allow header lists those it takes."),
  NOT_ACCEPTABLE(
      406,
      "Not acceptable",
      "The address cannot answer in any of the media types that the Accept header names."),
  REQUEST_TIMEOUT(
      408,
      "Request timeout",
      "The request took too long to arrive completely. The connection is closed; send it again."),
  IDENTIFIER_NOT_AVAILABLE(
      409,
      "Identifier not available",
      "An entity cannot be created under this identifier. Whether there is one is not told. Create it"
          + " under another."),
  CONFLICT_ALREADY_RESOLVED(
      409,
      "Conflict already resolved",
      "Somebody has settled this conflict meanwhile. 'operation' names the operation that did."),
  CANNOT_BE_UNDONE(
      409,
      "Cannot be undone",
      "The operation changed nothing that could be taken back, or it has been taken back already."
          + " The detail says which."),
  SAME_JOB(
      409,
      "The same job",
      "A job that counts as the same has not ended, or is not long enough ago. 'job' names it."),
  JOB_NOT_IN_STATE(
      409,
      "Not possible now",
      "What is wanted does not fit what the job or the schedule is now. The detail says what it"
          + " is."),
  CURSOR_EXPIRED(
      410,
      "Cursor expired",
      "What was removed since this cursor is not remembered any more, or the log that it is of is no"
          + " more. Drop the rows that were pulled, keep the operations that were not sent, and pull"
          + " again without a cursor."),
  BODY_TOO_LARGE(
      413, "Body too large", "The body is larger than this deployment takes. Send less at a time."),
  TOO_MANY_OPERATIONS(
      413,
      "Too many operations",
      "The batch has more operations than this deployment takes at a time. Send several batches."),
  OPERATION_TOO_LARGE(
      413,
      "Operation too large",
      "The data of the operation is larger, or nests more deeply, than this deployment takes."),
  URI_TOO_LONG(414, "Address too long", "The request line is longer than this deployment takes."),
  UNSUPPORTED_MEDIA_TYPE(
      415,
      "Unsupported media type",
      "The body is of a media type, or in an encoding, that this address does not take."),
  INVALID_BATCH(
      422,
      "Invalid batch",
      "The body is no batch of operations: something is missing, unknown or of the wrong kind. Each"
          + " entry of 'errors' names one place. Nothing of the batch was accepted."),
  INVALID_OPERATION(
      422,
      "Invalid operation",
      "The operation lacks something, or has something unknown or of the wrong kind. Each entry of"
          + " 'errors' names one place. Sending it again as it is changes nothing."),
  INVALID_VALUE(
      422,
      "Invalid value",
      "A column cannot hold the value. Each entry of 'errors' names one place and says what goes"
          + " there."),
  UNKNOWN_COLUMN(
      422, "Unknown column", "The entity type has no column of this name; 'errors' says which."),
  TIMESTAMP_OUT_OF_RANGE(
      422,
      "Timestamp out of range",
      "By its timestamp, corrected by how far the device's clock is off, the operation happened too"
          + " long ago or too far in the future."),
  IDEMPOTENCY_KEY_REUSED(
      422,
      "Idempotency key reused",
      "The device has used this idempotency key for an operation with another content. That one"
          + " stands; give the new one a key of its own."),
  INVALID_JOB(
      422,
      "Invalid job",
      "The body is not what is needed: something is missing, unknown or of the wrong kind. Each"
          + " entry of 'errors' names one place. Nothing of it was taken."),
  VIEW_TOO_LARGE(
      422,
      "View too large",
      "The view has more rows for these parameters than an answer may have. Whoever keeps the catalog"
          + " has to narrow it, or give it another parameter."),
  MISSING_VARIABLES(
      422,
      "Missing variables",
      "The text has variables that the request gives no value. Each entry of 'errors' names one."),
  OPERATION_REJECTED(
      422,
      "Operation rejected",
      "The database does not take it: a constraint is violated, or a value does not fit its column."
          + " 'code' says which kind, 'constraint' and 'column' where, if that is known."),
  RATE_LIMITED(
      429,
      "Too many requests",
      "More requests came in than the limit allows. Wait for the seconds that Retry-After names."),
  HEADERS_TOO_LARGE(
      431,
      "Header fields too large",
      "The header fields together are larger than this deployment takes. A token that large is"
          + " refused here as well."),
  INTERNAL_ERROR(
      500,
      "Internal error",
      "Something broke on our side. The request id finds the reason in the logs. The same request"
          + " may succeed later."),
  UNAVAILABLE(
      503,
      "Temporarily unavailable",
      "The answer cannot be given right now: a part that it needs is starting, moving to another"
          + " node or away. Nothing was changed. Ask again after the seconds that Retry-After"
          + " names.");

  private final int status;
  private final String title;
  private final String explanation;

  ProblemType(int status, String title, String explanation) {
    this.status = status;
    this.title = title;
    this.explanation = explanation;
  }

  public int status() {
    return status;
  }

  public String title() {
    return title;
  }

  public String explanation() {
    return explanation;
  }

  public String slug() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The address of the page that explains it, relative to this service. */
  public String address() {
    return "/problems/" + slug();
  }

  public static Optional<ProblemType> ofSlug(String slug) {
    for (ProblemType type : values()) {
      if (type.slug().equals(slug)) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }

  /** The general type of a status that the framework chose; the class decides for one unknown. */
  public static ProblemType ofStatus(int status) {
    return switch (status) {
      case 401 -> UNAUTHENTICATED;
      case 403 -> FORBIDDEN;
      case 404 -> NOT_FOUND;
      case 405 -> METHOD_NOT_ALLOWED;
      case 406 -> NOT_ACCEPTABLE;
      case 408 -> REQUEST_TIMEOUT;
      case 413 -> BODY_TOO_LARGE;
      case 414 -> URI_TOO_LONG;
      case 415 -> UNSUPPORTED_MEDIA_TYPE;
      case 429 -> RATE_LIMITED;
      case 431 -> HEADERS_TOO_LARGE;
      case 503 -> UNAVAILABLE;
      default -> status >= 400 && status < 500 ? BAD_REQUEST : INTERNAL_ERROR;
    };
  }
}
