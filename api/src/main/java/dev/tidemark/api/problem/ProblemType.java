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
  BODY_TOO_LARGE(
      413, "Body too large", "The body is larger than this deployment takes. Send less at a time."),
  URI_TOO_LONG(414, "Address too long", "The request line is longer than this deployment takes."),
  UNSUPPORTED_MEDIA_TYPE(
      415,
      "Unsupported media type",
      "The body is of a media type, or in an encoding, that this address does not take."),
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
